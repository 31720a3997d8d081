"""The commands of a documentation page, run in one terminal as a reader would.

A block ```sh is run; a block ```text right behind it is what the terminal then shows, where `…`
stands for anything.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
import threading
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Final, Self

_BLOCK: Final = re.compile(
    r"^```(?P<language>sh|python)\n(?P<code>.*?)^```\n(?:\s*^```text\n(?P<shown>.*?)^```$)?",
    re.DOTALL | re.MULTILINE,
)
_ANYTHING: Final = "…"


@dataclass(frozen=True, slots=True)
class Block:
    """What a reader copies, and what the page says that comes of it."""

    language: str
    code: str
    shown: str | None


@dataclass(frozen=True, slots=True)
class Done:
    """What came of a block."""

    status: int
    output: str


def blocks_of(page: Path) -> list[Block]:
    """The blocks of a page in their order."""
    return [
        Block(found["language"], found["code"], found["shown"])
        for found in _BLOCK.finditer(page.read_text("utf-8"))
    ]


def agrees(shown: str, output: str) -> bool:
    r"""Whether a terminal shows what the page says.

    >>> agrees("a … c", "a b c"), agrees("…\na", "a"), agrees("a", "a b")
    (True, True, False)
    """
    pattern = "".join(_pattern(line) for line in _tidy(shown).splitlines())
    return re.fullmatch(pattern, _tidy(output) + "\n") is not None


def _pattern(line: str) -> str:
    """Of a line; `…` alone stands for any lines, or none."""
    if line == _ANYTHING:
        return r"(?:.*\n)*?"
    return ".*".join(re.escape(part) for part in line.split(_ANYTHING)) + r"\n"


def _tidy(text: str) -> str:
    return "\n".join(line.rstrip() for line in text.strip().splitlines())


class Terminal:
    """One shell in which blocks run one after another; what one exports the next one has."""

    def __init__(self, folder: Path, environment: Mapping[str, str]) -> None:
        path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
        self._shell = subprocess.Popen(
            ["bash", "--norc"],
            cwd=folder,
            env=os.environ | {"PATH": path} | dict(environment),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        self._blocks = 0

    def run(self, block: Block, script: Path, seconds: float = 60) -> Done:
        """Run a block, which is put into the file `script`; the terminal ends where it hangs."""
        self._blocks += 1
        end = f"--- end of block {self._blocks}"
        script.write_text(block.code, "utf-8")
        command = f"source '{script}'" if block.language == "sh" else f"python '{script}'"
        assert self._shell.stdin is not None
        assert self._shell.stdout is not None
        alarm = threading.Timer(seconds, self._shell.kill)
        alarm.start()
        try:
            self._shell.stdin.write(f"{command} </dev/null; printf '\\n%s: %s\\n' '{end}' $?\n")
            self._shell.stdin.flush()
            lines: list[str] = []
            for line in self._shell.stdout:
                if line.startswith(end):
                    return Done(int(line.rpartition(" ")[2]), "".join(lines))
                lines.append(line)
            return Done(-1, "".join(lines))
        finally:
            alarm.cancel()

    def __enter__(self) -> Self:
        """The terminal, open."""
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Close it."""
        self._shell.kill()
        self._shell.communicate()
