"""Two ways to copy what a pom depends on: Maven itself, and `jgo`, which needs only Python."""

import re
import shutil
import subprocess
import xml.etree.ElementTree as ET
from pathlib import Path

from motcua_cli.stack.progress import Progress

_NAMESPACE = {"m": "http://maven.apache.org/POM/4.0.0"}
_DOWNLOADED_JAR = re.compile(r"^\[INFO\] Downloaded from .*/(?P<name>[^/\s]+\.jar)\s")
_JGO_TIMEOUT_SECONDS = 60


class MavenError(Exception):
    """One way to fetch the jars failed; the other may do."""


def coordinates(pom: Path) -> list[tuple[str, str, str]]:
    """The direct dependencies of a pom: group, artifact, version."""
    root = ET.parse(pom).getroot()  # noqa: S314 - a file of this repository
    return [
        (
            each.findtext("m:groupId", "", _NAMESPACE),
            each.findtext("m:artifactId", "", _NAMESPACE),
            each.findtext("m:version", "", _NAMESPACE),
        )
        for each in root.iterfind("m:dependencies/m:dependency", _NAMESPACE)
    ]


def kafka_version(pom: Path) -> str:
    """The version of Apache Kafka that the pom names."""
    return next(version for group, _, version in coordinates(pom) if group == "org.apache.kafka")


def copy_with_maven(pom: Path, jars: Path, repository: Path, progress: Progress) -> None:
    """Run `mvn dependency:copy-dependencies` with a local repository of its own.

    Raises:
        MavenError: there is no `mvn`, or it failed.
    """
    mvn = shutil.which("mvn")
    if mvn is None:
        raise MavenError("no mvn on the PATH")
    argv = (
        mvn,
        "--batch-mode",
        f"--file={pom}",
        f"-Dmaven.repo.local={repository}",
        f"-DoutputDirectory={jars}",
        "-DincludeScope=runtime",
        "dependency:copy-dependencies",
    )
    last_error = "mvn failed"
    with subprocess.Popen(  # noqa: S603 - the user's own mvn
        argv, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    ) as run:
        for line in run.stdout or ():
            jar = _DOWNLOADED_JAR.match(line)
            if jar:
                progress(f"Maven: {jar['name']}")
            elif line.startswith("[ERROR]") and last_error == "mvn failed":
                last_error = f"mvn: {line.removeprefix('[ERROR]').strip()}"
    if run.returncode != 0:
        raise MavenError(last_error)


def copy_with_jgo(pom: Path, jars: Path, repository: Path, progress: Progress) -> None:
    """Resolve and download in Python, as Maven would.

    Raises:
        MavenError: `jgo` is not installed, or Maven Central cannot be reached.
    """
    try:
        import requests  # noqa: PLC0415 - a dependency of jgo
        from jgo.maven import MavenContext  # noqa: PLC0415 - only where mvn is missing
    except ImportError:
        raise MavenError("jgo is not installed") from None
    progress("jgo: resolving dependencies")
    context = MavenContext(repo_cache=repository, timeout=_JGO_TIMEOUT_SECONDS)
    # "!": versions as Maven takes them, not overruled by the dependencies' own parents.
    wanted = [context.create_dependency(":".join(each) + "!") for each in coordinates(pom)]
    jars.mkdir(parents=True, exist_ok=True)
    try:
        direct, transitive = context.resolver.resolve(wanted)
        needed = [each for each in transitive if each.scope in ("compile", "runtime")]
        for each in (*direct, *needed):
            progress(f"jgo: {each.artifact.filename}")
            shutil.copy2(each.artifact.resolve(), jars)
    except (requests.RequestException, RuntimeError, OSError) as failure:
        message = f"jgo: {failure}"
        raise MavenError(message) from failure
