import os
import shutil
from pathlib import Path

import pytest
from motcua_cli.stack import kafka_jars as module
from motcua_cli.stack.errors import StackError
from motcua_cli.stack.kafka_jars import kafka_jars, read_checksums
from motcua_cli.stack.maven import MavenError, kafka_version
from motcua_cli.stack.paths import CACHE_VARIABLE, deploy_local
from motcua_cli.stack.progress import Progress


@pytest.fixture
def empty_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv(CACHE_VARIABLE, str(tmp_path / "cache"))
    return tmp_path / "cache"


def serve_forgeries(_pom: Path, jars: Path, _repository: Path, _progress: Progress) -> None:
    jars.mkdir(parents=True)
    for name in read_checksums(deploy_local() / "kafka-jars.sha256"):
        (jars / name).write_bytes(b"forged")


def serve_nothing(_pom: Path, _jars: Path, _repository: Path, _progress: Progress) -> None:
    raise MavenError("no network")


def test_the_checksum_list_names_the_kafka_of_the_pom() -> None:
    version = kafka_version(deploy_local() / "pom.xml")
    assert f"kafka_2.13-{version}.jar" in read_checksums(deploy_local() / "kafka-jars.sha256")


def test_the_pom_names_no_repository() -> None:
    assert "<repositor" not in (deploy_local() / "pom.xml").read_text()


def test_jars_of_other_content_are_refused(
    empty_cache: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "copy_with_maven", serve_forgeries)
    with pytest.raises(StackError, match=r"differ from deploy/local/kafka-jars\.sha256"):
        kafka_jars()
    assert not list(empty_cache.rglob("*.jar"))


def test_where_nothing_can_be_had_one_sentence_says_what_to_install(
    empty_cache: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "copy_with_maven", serve_nothing)
    monkeypatch.setattr(module, "copy_with_jgo", serve_nothing)
    with pytest.raises(StackError, match=r"^Install Maven \(mvn\)"):
        kafka_jars()
    assert not list(empty_cache.rglob("*.jar"))


@pytest.mark.real
@pytest.mark.parametrize("way", ["mvn", "jgo"])
def test_an_empty_cache_is_filled(
    empty_cache: Path, monkeypatch: pytest.MonkeyPatch, way: str
) -> None:
    if way == "mvn" and shutil.which("mvn") is None and "CI" not in os.environ:
        pytest.skip("mvn is not installed")
    if way == "jgo":
        monkeypatch.setenv("PATH", "/nowhere")
    lines: list[str] = []
    jars = kafka_jars(lines.append)
    assert all(jar.is_file() and empty_cache in jar.parents for jar in jars)
    assert any(line.startswith({"mvn": "Maven: ", "jgo": "jgo: "}[way]) for line in lines)
    lines.clear()
    assert kafka_jars(lines.append) == jars
    assert lines == []


@pytest.mark.real
def test_a_damaged_jar_in_the_cache_is_noticed(
    empty_cache: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv(CACHE_VARIABLE)
    good = kafka_jars()
    copied = empty_cache / good[0].parent.name
    shutil.copytree(good[0].parent, copied)
    (copied / good[0].name).write_bytes(b"damaged")
    monkeypatch.setenv(CACHE_VARIABLE, str(empty_cache))
    monkeypatch.setattr(module, "copy_with_maven", serve_nothing)
    monkeypatch.setattr(module, "copy_with_jgo", serve_nothing)
    with pytest.raises(StackError):
        kafka_jars()
