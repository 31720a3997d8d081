"""The jars of Apache Kafka, once per cache folder, checked against `kafka-jars.sha256`.

`deploy/local/pom.xml` names the version. Maven fetches the jars; without Maven, `jgo` resolves
the same pom's coordinates in Python. Both give the same files, and only the files of the
checksum list are ever run.
"""

import hashlib
import tempfile
from pathlib import Path

from motcua_cli.stack.errors import StackError
from motcua_cli.stack.lock import FolderLock
from motcua_cli.stack.maven import MavenError, copy_with_jgo, copy_with_maven, kafka_version
from motcua_cli.stack.paths import cache_folder, deploy_local
from motcua_cli.stack.progress import Progress, silent

_DOWNLOAD_PATIENCE = 600.0


def kafka_jars(progress: Progress = silent) -> list[Path]:
    """The jars to put on Kafka's class path, downloaded where the cache lacks them.

    Raises:
        StackError: they cannot be had, or differ from the checksum list.
    """
    expected = read_checksums(deploy_local() / "kafka-jars.sha256")
    folder = cache_folder() / f"kafka-{kafka_version(deploy_local() / 'pom.xml')}"
    if differing(folder, expected):
        with FolderLock(cache_folder(), patience=_DOWNLOAD_PATIENCE):
            if differing(folder, expected):
                _download(folder, expected, progress)
    return [folder / name for name in sorted(expected)]


def read_checksums(path: Path) -> dict[str, str]:
    """File name to SHA-256, from a file as `sha256sum` writes it."""
    rows = (line.split() for line in path.read_text(encoding="ascii").splitlines() if line)
    return {name: digest for digest, name in rows}


def differing(folder: Path, expected: dict[str, str]) -> list[str]:
    """The expected files that the folder lacks or holds with other content."""
    return [name for name, digest in expected.items() if _sha256(folder / name) != digest]


def _sha256(path: Path) -> str | None:
    if not path.is_file():
        return None
    with path.open("rb") as content:
        return hashlib.file_digest(content, "sha256").hexdigest()


def _download(folder: Path, expected: dict[str, str], progress: Progress) -> None:
    pom = deploy_local() / "pom.xml"
    progress(f"Apache Kafka {kafka_version(pom)}: downloading {len(expected)} jars")
    with tempfile.TemporaryDirectory(prefix="kafka-", dir=cache_folder()) as work:
        jars = Path(work) / "jars"
        _fetch(pom, jars, Path(work) / "repository", progress)
        wrong = differing(jars, expected)
        if wrong:
            message = (
                "The jars that Maven served differ from deploy/local/kafka-jars.sha256 "
                f"({', '.join(wrong[:3])}{' ...' if len(wrong) > len(wrong[:3]) else ''}): "
                "check the Maven mirror in use, then run again."
            )
            raise StackError(message)
        folder.mkdir(exist_ok=True)
        for name in expected:
            (jars / name).replace(folder / name)
    progress(f"Apache Kafka {kafka_version(pom)}: {len(expected)} jars verified")


def _fetch(pom: Path, jars: Path, repository: Path, progress: Progress) -> None:
    failures: list[str] = []
    for fetch in (copy_with_maven, copy_with_jgo):
        try:
            fetch(pom, jars, repository, progress)
        except MavenError as failure:
            failures.append(str(failure))
        else:
            return
    message = (
        "Install Maven (mvn) and make Maven Central reachable, or name a running Kafka in "
        f"MOTCUA_KAFKA_BOOTSTRAP ({'; '.join(failures)})."
    )
    raise StackError(message)
