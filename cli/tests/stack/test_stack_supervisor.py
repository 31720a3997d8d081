import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import psutil
import pytest
from motcua_cli.stack import Backoff, Program, Supervisor

Eventually = Callable[[Callable[[], bool]], None]

SLEEPER = (sys.executable, "-c", "import time; print('up', flush=True); time.sleep(600)")
STUBBORN = (
    sys.executable,
    "-c",
    (
        "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN);"
        "print('up', flush=True); time.sleep(600)"
    ),
)
TELLS_ITS_END = (
    sys.executable,
    "-c",
    (
        "import pathlib, signal, sys\n"
        "signal.signal(signal.SIGTERM, lambda *_: sys.exit())\n"
        "print('up', flush=True)\n"
        "try: signal.pause()\n"
        "finally: pathlib.Path(sys.argv[1]).open('a').write(sys.argv[2])"
    ),
)
OWNER = """
import sys, time
from pathlib import Path
from motcua_cli.stack import Program, Supervisor
supervisor = Supervisor(Path(sys.argv[1]))
supervisor.start(Program("sleeper", (sys.executable, "-c", "import time; time.sleep(600)")))
print(supervisor.pids()["sleeper"], flush=True)
time.sleep(600)
"""


@pytest.fixture
def supervisor(tmp_path: Path) -> Iterator[Supervisor]:
    with Supervisor(tmp_path / "logs", backoff=Backoff(first=0.01, longest=0.05)) as supervisor:
        yield supervisor


def is_up(supervisor: Supervisor, name: str, times: int = 1) -> bool:
    log = supervisor.log_of(name)
    return log.is_file() and log.read_text().count("up") >= times


def alive(pid: int) -> bool:
    return psutil.pid_exists(pid) and psutil.Process(pid).status() != psutil.STATUS_ZOMBIE


def present_pid(supervisor: Supervisor, name: str) -> int:
    pid = supervisor.pids()[name]
    assert pid is not None
    return pid


def test_a_killed_child_is_started_again(supervisor: Supervisor, eventually: Eventually) -> None:
    supervisor.start(Program("sleeper", SLEEPER))
    eventually(lambda: is_up(supervisor, "sleeper"))
    first = present_pid(supervisor, "sleeper")
    supervisor.kill("sleeper", signal.SIGKILL)
    eventually(lambda: is_up(supervisor, "sleeper", times=2))
    assert supervisor.restarts("sleeper") == 1
    assert present_pid(supervisor, "sleeper") != first
    assert not alive(first)


def test_a_child_that_always_fails_is_started_again_and_again(
    supervisor: Supervisor, eventually: Eventually
) -> None:
    supervisor.start(Program("failing", (sys.executable, "-c", "raise SystemExit(3)")))
    eventually(lambda: supervisor.restarts("failing") >= 3)


def test_a_stopped_child_stays_down(supervisor: Supervisor, eventually: Eventually) -> None:
    supervisor.start(Program("sleeper", SLEEPER))
    eventually(lambda: is_up(supervisor, "sleeper"))
    pid = present_pid(supervisor, "sleeper")
    supervisor.stop("sleeper")
    assert not alive(pid)
    assert supervisor.pids() == {}


def test_a_child_that_ignores_sigterm_is_killed_after_the_deadline(
    supervisor: Supervisor, eventually: Eventually
) -> None:
    supervisor.start(Program("stubborn", STUBBORN))
    eventually(lambda: is_up(supervisor, "stubborn"))
    pid = present_pid(supervisor, "stubborn")
    supervisor.stop_all(deadline=0.2)
    assert not alive(pid)


def test_children_end_in_the_reverse_order_of_their_start(
    supervisor: Supervisor, tmp_path: Path, eventually: Eventually
) -> None:
    ends = tmp_path / "ends"
    for name in "abc":
        supervisor.start(Program(name, (*TELLS_ITS_END, str(ends), name)))
    eventually(lambda: all(is_up(supervisor, name) for name in "abc"))
    supervisor.stop_all()
    assert ends.read_text() == "cba"


def test_a_name_is_given_once(supervisor: Supervisor) -> None:
    supervisor.start(Program("sleeper", SLEEPER))
    with pytest.raises(ValueError, match="sleeper runs already"):
        supervisor.start(Program("sleeper", SLEEPER))


def test_a_program_gets_its_own_environment_and_folder(
    supervisor: Supervisor, tmp_path: Path, eventually: Eventually
) -> None:
    code = "import os, time; print('up', os.environ['WORD'], os.getcwd(), flush=True);"
    argv = (sys.executable, "-c", code + "time.sleep(600)")
    environment = {**os.environ, "WORD": "một cửa"}
    supervisor.start(Program("teller", argv, env=environment, cwd=tmp_path))
    eventually(lambda: is_up(supervisor, "teller"))
    assert supervisor.log_of("teller").read_text().split("\n")[0] == f"up một cửa {tmp_path}"


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="Linux tells children of it")
def test_children_end_when_the_supervising_process_is_killed(
    tmp_path: Path, eventually: Eventually
) -> None:
    argv = (sys.executable, "-c", OWNER, str(tmp_path))
    with subprocess.Popen(argv, stdout=subprocess.PIPE, text=True) as owner:
        assert owner.stdout is not None
        child = int(owner.stdout.readline())
        assert alive(child)
        owner.kill()
        eventually(lambda: not alive(child))


def test_the_delay_doubles_up_to_its_cap_and_begins_anew_after_a_settled_run() -> None:
    backoff = Backoff(first=1, longest=5, settled=10)
    delays = [backoff.after(None, ran=0)]
    for _ in range(3):
        delays.append(backoff.after(delays[-1], ran=0))
    assert delays == [1, 2, 4, 5]
    assert backoff.after(5, ran=10) == 1
