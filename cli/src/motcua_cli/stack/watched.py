"""One child that is started again whenever it ends, until it is told to stop."""

import signal
import subprocess
import threading
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import structlog

from motcua_cli.stack.processes import end, spawn

_log = structlog.get_logger("motcua.supervisor")


@dataclass(frozen=True)
class Program:
    """A child by name: what to run, and where."""

    name: str
    argv: Sequence[str]
    env: Mapping[str, str] | None = None
    cwd: Path | None = None


@dataclass(frozen=True)
class Backoff:
    """Seconds between an end and the next start: doubling from `first` up to `longest`.

    A child that ran for `settled` seconds begins at `first` again.
    """

    first: float = 0.2
    longest: float = 5.0
    settled: float = 10.0

    def after(self, delay: float | None, *, ran: float) -> float:
        """The delay that follows `delay` (None at the first end) after a run of `ran` seconds."""
        if delay is None or ran >= self.settled:
            return self.first
        return min(delay * 2, self.longest)


class Watched:
    """Runs one program under a thread of its own."""

    def __init__(self, program: Program, *, log: Path, backoff: Backoff) -> None:
        self._program = program
        self._log = log
        self._backoff = backoff
        self._guard = threading.Lock()
        self._stopping = threading.Event()
        self._restarts = 0
        self._child = self._spawn()
        self._thread = threading.Thread(
            target=self._watch, name=f"watch-{program.name}", daemon=True
        )
        self._thread.start()

    @property
    def pid(self) -> int | None:
        """The present process; None between an end and the next start."""
        child = self._child
        return child.pid if child.poll() is None else None

    @property
    def restarts(self) -> int:
        """How many times it was started again."""
        return self._restarts

    def send(self, what: signal.Signals) -> None:
        """Send a signal to the present process; none is sent between two runs."""
        self._child.send_signal(what)

    def stop(self, *, deadline: float) -> None:
        """SIGTERM, then SIGKILL to its group after `deadline` seconds; it is not started again."""
        self._stopping.set()
        with self._guard:  # not in the midst of a start
            child = self._child
        end(child, signal.SIGTERM, deadline=deadline)
        self._thread.join()

    def _spawn(self) -> subprocess.Popen[bytes]:
        program = self._program
        return spawn(program.argv, log=self._log, env=program.env, cwd=program.cwd)

    def _watch(self) -> None:
        delay: float | None = None
        while True:
            began = time.monotonic()
            code = self._child.wait()
            if self._stopping.is_set():
                return
            delay = self._backoff.after(delay, ran=time.monotonic() - began)
            _log.warning(
                "child ended", name=self._program.name, code=code, next_start_seconds=delay
            )
            if self._stopping.wait(delay):
                return
            with self._guard:
                if self._stopping.is_set():
                    return
                self._child = self._spawn()
                self._restarts += 1
