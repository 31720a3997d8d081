"""Named children, kept running and ended together.

Children are ended in the reverse order of their start, so that what was started first (and is
needed by the others) goes last. They also end when this process is killed (`processes`).
"""

import signal
from pathlib import Path
from types import TracebackType
from typing import Self

from motcua_cli.stack.watched import Backoff, Program, Watched

_STOP_SECONDS = 10.0
_DEFAULT_BACKOFF = Backoff()


class Supervisor:
    """Runs programs, one log file each: `<logs>/<name>.log`."""

    def __init__(self, logs: Path, *, backoff: Backoff = _DEFAULT_BACKOFF) -> None:
        self._logs = logs.resolve()
        self._backoff = backoff
        self._children: dict[str, Watched] = {}

    def start(self, program: Program) -> None:
        """Start a program and keep it running.

        Raises:
            ValueError: a program of that name runs already.
        """
        if program.name in self._children:
            message = f"{program.name} runs already"
            raise ValueError(message)
        self._children[program.name] = Watched(
            program, log=self.log_of(program.name), backoff=self._backoff
        )

    def log_of(self, name: str) -> Path:
        """The file with a program's output."""
        return self._logs / f"{name}.log"

    def pids(self) -> dict[str, int | None]:
        """The process of each program, in the order of start; None between two runs."""
        return {name: child.pid for name, child in self._children.items()}

    def restarts(self, name: str) -> int:
        """How many times a program was started again.

        Raises:
            KeyError: no program has that name.
        """
        return self._children[name].restarts

    def kill(self, name: str, what: signal.Signals = signal.SIGKILL) -> None:
        """Send a signal to one program; when it ends by it, it is started again.

        Raises:
            KeyError: no program has that name.
        """
        self._children[name].send(what)

    def stop(self, name: str, *, deadline: float = _STOP_SECONDS) -> None:
        """End one program for good; its name is free again.

        Raises:
            KeyError: no program has that name.
        """
        self._children.pop(name).stop(deadline=deadline)

    def stop_all(self, *, deadline: float = _STOP_SECONDS) -> None:
        """End every program, the last started first, each within `deadline` seconds."""
        for name in reversed(list(self._children)):
            self.stop(name, deadline=deadline)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.stop_all()
