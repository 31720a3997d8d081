"""In the build stage: takes from the installed libraries what a running service never reads.

Tests, sources of extensions, symbols for debuggers. Then compiles what the service imports: its
root is read-only, so what is not compiled here is compiled anew at every start.

Usage: python trim.py MODULE...   (what the service imports)
"""

from __future__ import annotations

import importlib
import py_compile
import shutil
import struct
import sys
import sysconfig
from pathlib import Path
from typing import Final

FOLDERS: Final = ("tests", "test", "include")
UNREAD: Final = (
    *("sqlalchemy/testing", "sqlalchemy/dialects/mysql", "sqlalchemy/dialects/oracle"),
    *("sqlalchemy/dialects/mssql", "numpy/distutils", "numpy/f2py"),
    "zstandard/_cffi.*.so",  # for another Python than this
)
FILES: Final = ("*.pyx", "*.pxd", "*.pyi", "*.c", "*.h", "*.a")

_ELF64_LITTLE: Final = b"\x7fELF\x02\x01"
_SECTIONS_AT: Final = 0x28
_SECTIONS_COUNTED_AT: Final = 0x3C
_NO_SECTIONS: Final = struct.pack("<Q", 0), struct.pack("<HH", 0, 0)


def remove_unread(libraries: Path) -> None:
    """Remove tests, what extensions were made from, and what no service uses."""
    unread = [one for name in FOLDERS for one in libraries.rglob(name) if one.is_dir()]
    unread += [one for name in FILES for one in libraries.rglob(name)]
    unread += [one for name in UNREAD for one in libraries.glob(name)]
    for one in unread:
        if one.is_dir():
            shutil.rmtree(one)
        else:
            one.unlink(missing_ok=True)


def cut_symbols(library: Path) -> None:
    """Cut off what lies behind the last byte that is loaded: symbols, and the table of sections.

    The loader knows segments only. Unlike `strip` nothing is moved, which libraries mended by
    auditwheel do not survive.
    """
    content = library.read_bytes()
    if not content.startswith(_ELF64_LITTLE):
        return
    first, size, count = (*struct.unpack_from("<Q", content, 0x20), *_pair(content, 0x36))
    ends = [
        offset + length
        for place in range(first, first + size * count, size)
        for offset, length in [_span(content, place)]
    ]
    at, counted = _NO_SECTIONS
    cut = bytearray(content[: max(ends)])
    cut[_SECTIONS_AT : _SECTIONS_AT + len(at)] = at
    cut[_SECTIONS_COUNTED_AT : _SECTIONS_COUNTED_AT + len(counted)] = counted
    library.write_bytes(cut)


def _pair(content: bytes, place: int) -> tuple[int, int]:
    return struct.unpack_from("<HH", content, place)


def _span(content: bytes, place: int) -> tuple[int, int]:
    """Where a segment begins in the file, and how long it is there."""
    (offset,) = struct.unpack_from("<Q", content, place + 0x08)
    (length,) = struct.unpack_from("<Q", content, place + 0x20)
    return offset, length


def compile_imported(libraries: Path, modules: list[str]) -> None:
    """Compile what importing `modules` imports; by content, so that every build is the same."""
    sys.dont_write_bytecode = True
    for module in modules:
        importlib.import_module(module)
    for module in list(sys.modules.values()):
        file = getattr(module, "__file__", None)
        if file and file.endswith(".py") and Path(file).is_relative_to(libraries):
            py_compile.compile(
                file,
                doraise=True,
                invalidation_mode=py_compile.PycInvalidationMode.UNCHECKED_HASH,
            )


def main(modules: list[str]) -> None:
    """Trim the environment that this Python belongs to."""
    libraries = Path(sysconfig.get_path("purelib")).resolve()
    remove_unread(libraries)
    for library in [*libraries.rglob("*.so"), *libraries.rglob("*.so.*")]:
        cut_symbols(library)
    compile_imported(libraries, modules)


if __name__ == "__main__":
    main(sys.argv[1:])
