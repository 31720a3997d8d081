"""A Docker engine of the tests' own, out of Debian's packages, nothing of it installed.

Packages and layers stay in `.cache/docker`; a second run builds from there. The engine listens on
a socket in its folder and ends with the tests, and so does the network of containers it has made.
"""

from __future__ import annotations

import os
import re
import signal
import subprocess
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Self

from motcua_cli.stack.debian_packages import DebianError, download_packages, unpack_package
from motcua_cli.stack.errors import StackError
from motcua_cli.stack.lock import FolderLock
from motcua_cli.stack.paths import cache_folder

ENGINE: Final = (
    *("docker.io", "containerd", "runc", "tini", "iptables", "libip4tc2", "libip6tc2"),
    *("libxtables12", "libnftnl11", "libmnl0", "libnetfilter-conntrack3", "libnfnetlink0"),
    *("libdevmapper1.02.1", "mmdebstrap", "busybox-static"),
)
COMPOSE_RELEASE: Final = "trixie"
"""The first release of Debian with the second major version of Compose."""
_SOURCES: Final = Path("/etc/apt/sources.list.d/debian.sources")
_START_SECONDS: Final = 60.0
_STOP_SECONDS: Final = 30.0


class EngineError(Exception):
    """The engine cannot be had, or refuses."""


@dataclass(frozen=True)
class Programs:
    """Where Debian's packages are unpacked."""

    home: Path

    def environment(self) -> dict[str, str]:
        """Ours, with the programs in front."""
        libraries = self.home / "usr/lib/x86_64-linux-gnu"
        path = f"{self.home}/usr/bin:{self.home}/usr/sbin:{os.environ['PATH']}"
        return os.environ | {
            "PATH": path,
            "LD_LIBRARY_PATH": str(libraries),
            "XTABLES_LIBDIR": str(libraries / "xtables"),
        }


def find_programs() -> Programs:
    """The programs of the engine, unpacked once.

    Raises:
        EngineError: Debian's packages cannot be reached.
    """
    home = cache_folder() / "docker" / "programs"
    if not home.is_dir():
        try:
            _unpack(home)
        except (DebianError, StackError) as error:
            raise EngineError(f"no Docker engine: {error}") from error
    return Programs(home)


def _unpack(home: Path) -> None:
    home.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=home.parent) as work:
        unpacked = Path(work) / "unpacked"
        unpacked.mkdir()
        for package in download_packages(ENGINE, Path(work)):
            unpack_package(package, unpacked)
        unpack_package(_compose_package(Path(work)), unpacked)
        for name in ("iptables", "ip6tables"):
            (unpacked / "usr/sbin" / name).symlink_to("xtables-nft-multi")
        unpacked.replace(home)


def _compose_package(work: Path) -> Path:
    """Compose from a newer release of the machine's own mirror, whose sources stay as they are."""
    found = re.search(r"^URIs: *(\S+)", _SOURCES.read_text("utf-8"), re.MULTILINE)
    if found is None:
        raise EngineError(f"{_SOURCES} names no mirror")
    for needed in ("compose/lists/partial", "compose/cache/archives/partial", "compose/parts"):
        (work / needed).mkdir(parents=True)
    (work / "compose/parts/release.sources").write_text(
        f"Types: deb\nURIs: {found[1]}\nSuites: {COMPOSE_RELEASE}\nComponents: main\n"
        "Signed-By: /usr/share/keyrings/debian-archive-keyring.gpg\n",
        "utf-8",
    )
    options = (
        f"-oDir::State::Lists={work / 'compose/lists'}",
        f"-oDir::Cache={work / 'compose/cache'}",
        f"-oDir::Etc::SourceParts={work / 'compose/parts'}",
        "-oDir::Etc::SourceList=/dev/null",
        "-oAPT::Sandbox::User=root",
    )
    for command in (("update",), ("download", "docker-compose")):
        argv = ("apt-get", *options, "--quiet", *command)
        subprocess.run(argv, cwd=work / "compose", check=True, capture_output=True, timeout=300)
    return next((work / "compose").glob("docker-compose_*.deb"))


class DockerEngine:
    """The engine, running for the length of a `with` block."""

    def __init__(self, folder: Path) -> None:
        """Describe an engine that keeps its layers in a folder."""
        self.programs = find_programs()
        self._folder = folder
        self._lock = FolderLock(folder, patience=0.0)
        self._child: subprocess.Popen[bytes] | None = None

    @property
    def environment(self) -> dict[str, str]:
        """What a client of this engine is told; Compose is a plugin of the client."""
        return self.programs.environment() | {
            "DOCKER_HOST": f"unix://{self._folder}/docker.sock",
            "DOCKER_CONFIG": str(self._folder / "client"),
            "DOCKER_BUILDKIT": "0",
            "COMPOSE_DOCKER_CLI_BUILD": "0",
        }

    def __enter__(self) -> Self:
        self._folder.mkdir(parents=True, exist_ok=True)
        self._lock.acquire()
        plugins = self._folder / "client" / "cli-plugins"
        plugins.mkdir(parents=True, exist_ok=True)
        if not (plugins / "docker-compose").exists():
            found = next(self.programs.home.rglob("cli-plugins/docker-compose"))
            (plugins / "docker-compose").symlink_to(found)
        log = (self._folder / "log").open("wb")
        argv = (
            str(self.programs.home / "usr/sbin/dockerd"),
            *("--data-root", str(self._folder / "data"), "--exec-root", str(self._folder / "exec")),
            *("--pidfile", str(self._folder / "pid"), "-H", f"unix://{self._folder}/docker.sock"),
            *("--storage-driver", "overlay2"),
        )
        self._child = subprocess.Popen(
            argv, env=self.environment, stdout=log, stderr=subprocess.STDOUT
        )
        give_up = time.monotonic() + _START_SECONDS
        while self._asked("info").returncode != 0:
            if self._child.poll() is not None or time.monotonic() > give_up:
                self.__exit__()
                raise EngineError(f"dockerd does not answer: see {self._folder / 'log'}")
            time.sleep(0.2)
        return self

    def __exit__(self, *_: object) -> None:
        if self._child is not None:
            self._child.send_signal(signal.SIGTERM)
            try:
                self._child.wait(_STOP_SECONDS)
            except subprocess.TimeoutExpired:
                self._child.kill()
        self._lock.release()

    def docker(self, *arguments: str, seconds: float = 120.0) -> str:
        """What `docker` prints.

        Raises:
            EngineError: it ends with an error; its last lines are the message.
        """
        done = self._asked(*arguments, seconds=seconds)
        if done.returncode != 0:
            raise EngineError("\n".join([*done.stdout.splitlines(), done.stderr][-30:]))
        return done.stdout

    def _asked(self, *arguments: str, seconds: float = 120.0) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            (str(self.programs.home / "usr/bin/docker"), *arguments),
            env=self.environment,
            capture_output=True,
            text=True,
            timeout=seconds,
            check=False,
        )
