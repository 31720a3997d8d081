"""Children that never outlive this process.

Each child leads a process group of its own, so that Ctrl-C in a terminal reaches only us and
children are ended in order. Linux sends the signal of `guard` when the *thread* that started
the child ends, hence one thread, living as long as the interpreter, starts them all.
"""

import os
import signal
import subprocess
import sys
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

_GUARD = Path(__file__).with_name("guard.py")
_starter = ThreadPoolExecutor(max_workers=1, thread_name_prefix="motcua-starter")


@dataclass(frozen=True)
class Account:
    """The operating system's user that a child runs as; -1 keeps the present one."""

    user: int = -1
    group: int = -1


PRESENT_ACCOUNT = Account()


def guarded(
    argv: Sequence[str],
    account: Account = PRESENT_ACCOUNT,
    on_parent_death: signal.Signals = signal.SIGKILL,
) -> tuple[str, ...]:
    """What to run instead of `argv`, so that it ends when the thread that starts it does."""
    guard = (sys.executable, "-I", "-S", str(_GUARD), str(os.getpid()))
    terms = (str(int(on_parent_death)), str(account.user), str(account.group))
    return (*guard, *terms, *argv)


def spawn(
    argv: Sequence[str],
    *,
    log: Path,
    env: Mapping[str, str] | None = None,
    cwd: Path | None = None,
    account: Account = PRESENT_ACCOUNT,
    on_parent_death: signal.Signals = signal.SIGKILL,
    inherit: Sequence[int] = (),
) -> subprocess.Popen[bytes]:
    """Start `argv` with its output appended to `log`.

    Args:
        argv: the program and its arguments.
        log: the file that standard output and standard error are appended to.
        env: the whole environment; ours where None.
        cwd: the working folder; ours where None.
        account: the user to run as; needs root where it differs from ours.
        on_parent_death: what the child receives when this process ends (Linux).
        inherit: open files that the child keeps.
    """
    log.parent.mkdir(parents=True, exist_ok=True)
    with log.open("ab") as output:
        return _starter.submit(
            subprocess.Popen[bytes],
            guarded(argv, account, on_parent_death),
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            env=env,
            cwd=cwd,
            pass_fds=inherit,
            process_group=0,
        ).result()


def end(child: subprocess.Popen[bytes], how: signal.Signals, *, deadline: float) -> bool:
    """Ask the child to end, and kill its whole group if it has not after `deadline` seconds.

    Returns:
        Whether it ended by itself in time.
    """
    if child.poll() is None:
        child.send_signal(how)
    try:
        child.wait(deadline)
    except subprocess.TimeoutExpired:
        in_time = False
    else:
        in_time = True
    with suppress(ProcessLookupError):
        os.killpg(child.pid, signal.SIGKILL)
    child.wait()
    return in_time


def kill(child: subprocess.Popen[bytes]) -> None:
    """End the child's whole group at once, as a power cut would."""
    if child.poll() is None:
        with suppress(ProcessLookupError):
            os.killpg(child.pid, signal.SIGKILL)
    child.wait()


def tail(log: Path, *, lines: int = 3) -> str:
    """The last lines of a log, on one line, to say why a child did not start."""
    if not log.is_file():
        return ""
    last = log.read_text(encoding="utf-8", errors="replace").strip().splitlines()[-lines:]
    return " | ".join(line.strip() for line in last)
