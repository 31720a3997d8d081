"""Samples with times of their own as blocks of Prometheus, made by `promtool`.

`promtool` reads a file anew for each block in it, so files are cut by day and blocks are longer.
"""

from __future__ import annotations

import subprocess
from collections.abc import Iterable
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from tempfile import TemporaryDirectory
from types import TracebackType
from typing import Final, Self

from motcua_cli.stack.observability_binaries import ObservabilityBinaries

_DAY_SECONDS: Final = 86_400
_AT_ONCE: Final = 2
_LONG_BLOCKS: Final = "--max-block-duration=168h"
"""Blocks of two hours would be more files over a year than a process may open."""


class BlockWriter:
    """Takes samples in the order of time and turns each day of them into blocks in `data`."""

    def __init__(self, binaries: ObservabilityBinaries, data: Path) -> None:
        """Write blocks into the data folder of a Prometheus that does not run."""
        self._binaries = binaries
        self._data = data
        self._day = -1
        self._text: dict[str, list[str]] = {}
        self._pool = ThreadPoolExecutor(max_workers=_AT_ONCE)
        self._made: list[Future[None]] = []
        self.samples = 0

    def add(self, family: str, seconds: int, lines: Iterable[str]) -> None:
        """Add the lines of a family, each of which ends before its time."""
        day = seconds // _DAY_SECONDS
        if day != self._day:
            self._flush()
            self._day = day
        ending = f" {seconds}\n"
        written = [line + ending for line in lines]
        self.samples += len(written)
        self._text.setdefault(family, []).extend(written)

    def _flush(self) -> None:
        if self._text:
            text = "".join("".join(lines) for lines in self._text.values()) + "# EOF\n"
            self._text = {}
            self._made = [one for one in self._made if not one.done() or one.result()]
            if len(self._made) > 2 * _AT_ONCE:
                self._made.pop(0).result()
            self._made.append(self._pool.submit(self._make, text))

    def _make(self, text: str) -> None:
        with TemporaryDirectory(prefix="openmetrics-") as folder:
            file = Path(folder) / "samples.om"
            file.write_text(text, "utf-8")
            done = subprocess.run(
                (
                    self._binaries.promtool,
                    *("tsdb", "create-blocks-from", "--quiet", "openmetrics"),
                    _LONG_BLOCKS,
                    file,
                    self._data,
                ),
                capture_output=True,
                text=True,
                check=False,
            )
        if done.returncode != 0:
            raise RuntimeError(f"promtool: {done.stderr.strip()[-400:]}")

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if error is None:
            self._flush()
        with self._pool:
            for one in self._made:
                one.result()
