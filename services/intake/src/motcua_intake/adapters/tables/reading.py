"""Tables read by a process of their own, as fast as the reader of its rows takes them."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from collections.abc import AsyncGenerator
from pathlib import Path
from typing import Final, cast

from motcua_intake.adapters.tables.frames import LENGTH_BYTES, End, Frame, decode_frame
from motcua_intake.domain.tables.contents import About, Rows, Unreadable

_MAX_FRAME: Final = 64 * 1024 * 1024


class TableProcess:
    """Reads files in processes of their own."""

    async def read(self, path: Path, sheet: str) -> AsyncGenerator[About | Rows | Unreadable]:
        """What is in a file: its form and its rows, at last `Unreadable` where it breaks off.

        The process ends with the reading, also with one that is given up.
        """
        process = await asyncio.create_subprocess_exec(
            sys.executable,
            "-m",
            "motcua_intake.adapters.tables",
            str(path),
            sheet,
            stdin=asyncio.subprocess.DEVNULL,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.DEVNULL,
            env={"PYTHONUTF8": "1", "PATH": os.defpath},
        )
        try:
            out = cast("asyncio.StreamReader", process.stdout)
            while not isinstance(frame := await _next_frame(out), End | None):
                yield frame
                if isinstance(frame, Unreadable):
                    return
            if frame is None:
                is_slow = await process.wait() == -signal.SIGXCPU
                yield Unreadable("too-slow" if is_slow else "broken")
        finally:
            if process.returncode is None:
                process.kill()
            await process.wait()


async def _next_frame(out: asyncio.StreamReader) -> Frame | None:
    """The next frame; None from a process that ended without a last word: it broke on the file."""
    try:
        length = int.from_bytes(await out.readexactly(LENGTH_BYTES), "big")
        return decode_frame(await out.readexactly(length)) if length <= _MAX_FRAME else None
    except asyncio.IncompleteReadError:
        return None
