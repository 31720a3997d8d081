"""In the root stage: lays out what a service needs of the base, and nothing else.

Python, its standard library, the shared libraries below them, certificates, a bare shell to look
into a container with. No package manager and no compiler is left, because none is taken. Works on
`python:3.11-slim` and on a plain Debian with `python3`.

Usage: python3 root.py FOLDER
"""

from __future__ import annotations

import compileall
import os
import py_compile
import re
import shutil
import subprocess
import sys
import sysconfig
from pathlib import Path
from typing import Final

TOOLS: Final = ("sh", "cat", "ls", "sleep")
LIBRARIES: Final = (
    *("libstdc++.so.6", "libgcc_s.so.1", "libz.so.1"),
    *("libm.so.6", "librt.so.1", "libpthread.so.0", "libdl.so.2", "libutil.so.1", "libresolv.so.2"),
    "libnss_dns.so.2",
)
"""What wheels count on finding (manylinux), and what the C library loads by itself."""
DATA: Final = (
    "/etc/ld.so.cache",
    "/etc/nsswitch.conf",
    "/etc/os-release",
    "/etc/ssl",
    "/usr/share/ca-certificates",
    "/usr/share/zoneinfo/UTC",
    "/usr/share/zoneinfo/Asia/Ho_Chi_Minh",
)
LEFT_OUT: Final = (
    *("ensurepip", "idlelib", "lib2to3", "tkinter", "turtledemo", "test", "pydoc_data"),
    *("distutils", "site-packages", "dist-packages", "__pycache__", "config-3.*", "_test*.so"),
    *("_tkinter*.so", "_ctypes_test*.so", "xxlimited*.so", "sitecustomize.py"),
)
ACCOUNT: Final = "motcua:x:10001:10001:Motcua:/tmp:/usr/sbin/nologin\n"

_LIBRARY = re.compile(r"(/\S+) \(0x")


class Root:
    """The root of the image to be."""

    def __init__(self, folder: Path) -> None:
        """Begin with what every root has."""
        self._folder = folder
        for link in ("bin", "sbin", "lib", "lib64"):
            if (Path("/") / link).is_symlink():
                self._link(Path("/") / link)
        for name in ("dev", "proc", "sys", "run", "tmp", "var/tmp"):
            (folder / name).mkdir(parents=True, exist_ok=True)
        for open_to_all in ("tmp", "var/tmp"):
            (folder / open_to_all).chmod(0o1777)
        self._write("etc/passwd", "root:x:0:0:root:/root:/usr/sbin/nologin\n" + ACCOUNT)
        self._write("etc/group", "root:x:0:\nmotcua:x:10001:\n")

    def take(self, path: Path) -> None:
        """A file or a folder, with the links on the way to it."""
        place = path.parent.resolve() / path.name
        if place.is_symlink():
            self._link(place)
            self.take(place.parent / place.readlink())
        elif place.is_dir():
            for inside in place.iterdir():
                self.take(inside)
        elif not self._at(place).exists():
            self._at(place).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(place, self._at(place))

    def take_program(self, path: Path) -> None:
        """A program, or an extension of Python, with the libraries that it is linked with."""
        self.take(path)
        linked = subprocess.run(  # noqa: S603 - the base's own
            ("/usr/bin/ldd", str(path)), capture_output=True, text=True, check=False
        )
        for library in _LIBRARY.findall(linked.stdout):
            self.take(Path(library))

    def take_standard_library(self, folder: Path) -> None:
        """Python's library, compiled; what is not compiled here never is on a read-only root."""
        for inside in folder.iterdir():
            if not any(inside.match(pattern) for pattern in LEFT_OUT):
                self.take(inside)
        for extension in (folder / "lib-dynload").glob("*.so"):
            if not any(extension.match(pattern) for pattern in LEFT_OUT):
                self.take_program(extension)
        place = self._at(folder)
        for left in [one for pattern in LEFT_OUT for one in place.rglob(pattern)]:
            shutil.rmtree(left) if left.is_dir() else left.unlink()
        compileall.compile_dir(
            place,
            quiet=1,
            stripdir=str(self._folder),
            prependdir="/",
            invalidation_mode=py_compile.PycInvalidationMode.UNCHECKED_HASH,
        )

    def _link(self, link: Path) -> None:
        place = self._at(link)
        if not place.is_symlink():
            place.parent.mkdir(parents=True, exist_ok=True)
            place.symlink_to(link.readlink())

    def _at(self, path: Path) -> Path:
        return self._folder / path.relative_to("/")

    def _write(self, name: str, text: str) -> None:
        place = self._folder / name
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_text(text, encoding="ascii")


def take_packages(root: Root, folder: Path) -> None:
    """Of the packages whose files were taken: their licences, and their lines for scanners."""
    kept: list[str] = []
    for entry in Path("/var/lib/dpkg/status").read_text("utf-8").split("\n\n"):
        name = entry.partition("\n")[0].removeprefix("Package: ")
        lists = [*Path("/var/lib/dpkg/info").glob(f"{name}.list")]
        lists += Path("/var/lib/dpkg/info").glob(f"{name}:*.list")
        files = (line for one in lists for line in one.read_text("utf-8").splitlines())
        if any(_is_taken(folder, file) for file in files):
            kept.append(entry)
            root.take(Path(f"/usr/share/doc/{name}/copyright"))
    status = folder / "var/lib/dpkg/status"
    status.parent.mkdir(parents=True)
    status.write_text("\n\n".join(kept) + "\n", "utf-8")


def _is_taken(folder: Path, file: str) -> bool:
    place = folder / os.path.realpath(file).lstrip("/")
    return place.is_file() and "/share/doc/" not in file


def main(folder: Path) -> None:
    """Lay out the root of an image in a folder."""
    root = Root(folder)
    for program in (sys.executable, *(shutil.which(tool) for tool in TOOLS)):
        root.take_program(Path(str(program)))
    for library in LIBRARIES:
        for found in Path("/lib").glob(f"*-linux-gnu/{library}"):
            root.take(found)
        for found in Path("/usr/lib").glob(f"*-linux-gnu/{library}"):
            root.take(found)
    root.take_standard_library(Path(sysconfig.get_path("stdlib")))
    for data in DATA:
        if Path(data).exists():
            root.take(Path(data))
    take_packages(root, folder)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
