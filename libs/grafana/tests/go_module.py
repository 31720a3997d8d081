"""A module of the Go proxy at a pinned version and hash, in the cache folder of the checkout."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path
from zipfile import ZipFile

from motcua_cli.stack.paths import cache_folder

_SECONDS = 50


class NotToBeHad(Exception):  # noqa: N818
    """Go is missing, the module cannot be fetched, or it is another one than was pinned."""


@dataclass(frozen=True, slots=True)
class GoModule:
    """A module, its version, and the hash that `go.sum` would hold of it."""

    path: str
    version: str
    hash: str

    def files(self) -> dict[str, str]:
        """The text of its Go files by their paths in the module."""
        root = f"{self.path}@{self.version}/"
        with ZipFile(self._zip()) as archive:
            return {
                name.removeprefix(root): archive.read(name).decode("utf-8")
                for name in archive.namelist()
                if name.endswith(".go")
            }

    def _zip(self) -> Path:
        go = shutil.which("go")
        if go is None:
            raise NotToBeHad("go is not installed")
        folder = cache_folder()
        folder.mkdir(parents=True, exist_ok=True)
        # The hash below is the check; no other database of hashes has to be reached for it.
        own = {
            "GOMODCACHE": str(folder / "go-modules"),
            "GOFLAGS": "-modcacherw",
            "GONOSUMDB": self.path,
        }
        try:
            run = subprocess.run(
                [go, "mod", "download", "-json", f"{self.path}@{self.version}"],
                cwd=folder,
                env=os.environ | own,
                capture_output=True,
                timeout=_SECONDS,
                check=True,
            )
        except (subprocess.SubprocessError, OSError) as error:
            raise NotToBeHad(f"{self.path} cannot be fetched") from error
        told = json.loads(run.stdout)
        if told["Sum"] != self.hash:
            raise NotToBeHad(f"{self.path} is not the one that was pinned")
        return Path(told["Zip"])
