"""A headless Chromium and the accessibility checker axe, from npm packages pinned by SHA-256.

The package has the program itself, its libraries and a font with all Vietnamese letters, packed
with Brotli, which node unpacks: nothing is installed into the system, and no root is needed.
"""

from __future__ import annotations

import hashlib
import shutil
import subprocess
import tarfile
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from motcua_cli.stack import StackError
from motcua_cli.stack.kafka_jars import read_checksums
from motcua_cli.stack.lock import FolderLock
from motcua_cli.stack.paths import cache_folder

CHROMIUM: Final = "@sparticuz/chromium@153.0.0"
AXE: Final = "axe-core@4.14.1"
_CHECKSUMS: Final = Path(__file__).with_name("browser_packages.sha256")
_PATIENCE_SECONDS: Final = 300.0
_UNPACK: Final = (
    "const f=require('fs'),z=require('zlib');const[i,o]=process.argv.slice(1);"
    "f.writeFileSync(o,z.brotliDecompressSync(f.readFileSync(i)))"
)
_FONTS: Final = """<?xml version="1.0"?><!DOCTYPE fontconfig SYSTEM "fonts.dtd">
<fontconfig><dir>{fonts}</dir><dir>/usr/share/fonts</dir><cachedir>{cache}</cachedir>
<match target="pattern"><edit name="family" mode="prepend" binding="strong">
<string>Open Sans</string></edit></match></fontconfig>
"""


@dataclass(frozen=True, slots=True)
class BrowserParts:
    """Where the unpacked parts are."""

    folder: Path

    @property
    def program(self) -> Path:
        """The executable."""
        return self.folder / "chromium"

    @property
    def axe(self) -> Path:
        """The checker's script."""
        return self.folder / "axe.min.js"

    def environment(self) -> dict[str, str]:
        """What the program needs to find its libraries and the font."""
        return {
            "LD_LIBRARY_PATH": str(self.folder / "lib"),
            "FONTCONFIG_FILE": str(self.folder / "fonts.conf"),
        }


def browser_parts() -> BrowserParts:
    """The parts, fetched at the first use.

    Raises:
        StackError: npm or node is missing, a package cannot be had or is another one.
    """
    for tool in ("npm", "node"):
        if shutil.which(tool) is None:
            raise StackError(f"Install {tool}: it brings Chromium for the tests of pages.")
    sums = hashlib.sha256(_CHECKSUMS.read_bytes()).hexdigest()[:12]
    folder = cache_folder() / f"browser-{sums}"
    if not folder.is_dir():
        folder.parent.mkdir(parents=True, exist_ok=True)
        with FolderLock(cache_folder(), patience=_PATIENCE_SECONDS):
            if not folder.is_dir():
                _fetch(folder)
    return BrowserParts(folder)


def _fetch(folder: Path) -> None:
    with tempfile.TemporaryDirectory(prefix="browser-", dir=folder.parent) as work:
        place, made = Path(work), Path(work) / "made"
        made.mkdir()
        _unpacked(CHROMIUM, place / "chromium")
        _unpacked(AXE, place / "axe")
        packed = place / "chromium/package/bin"
        _decompress(packed / "chromium.br", made / "chromium")
        (made / "chromium").chmod(0o755)
        for name in ("al2023", "fonts"):
            _decompress(packed / f"{name}.tar.br", place / f"{name}.tar")
            with tarfile.open(place / f"{name}.tar") as archive:
                archive.extractall(made, filter="data")
        shutil.copy(place / "axe/package/axe.min.js", made)
        fonts = _FONTS.format(fonts=folder / "fonts", cache=folder / "font-cache")
        (made / "fonts.conf").write_text(fonts, "utf-8")
        made.rename(folder)


def _unpacked(package: str, place: Path) -> None:
    place.mkdir()
    done = subprocess.run(
        ("npm", "pack", package, "--silent", "--ignore-scripts"),
        cwd=place,
        capture_output=True,
        text=True,
        timeout=_PATIENCE_SECONDS,
        check=False,
    )
    if done.returncode != 0:
        raise StackError(f"npm could not fetch {package}: {done.stderr.strip()[-300:]}")
    (archive,) = place.glob("*.tgz")
    expected = read_checksums(_CHECKSUMS)
    with archive.open("rb") as content:
        found = hashlib.file_digest(content, "sha256").hexdigest()
    if expected.get(archive.name) != found:
        raise StackError(f"{archive.name} differs from {_CHECKSUMS.name}: check the npm registry.")
    with tarfile.open(archive) as packed:
        packed.extractall(place, filter="data")


def _decompress(packed: Path, plain: Path) -> None:
    subprocess.run(("node", "-e", _UNPACK, packed, plain), check=True, timeout=_PATIENCE_SECONDS)
