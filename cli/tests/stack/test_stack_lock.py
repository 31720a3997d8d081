import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from motcua_cli.stack.errors import StackError
from motcua_cli.stack.lock import FolderLock
from motcua_cli.stack.processes import kill, spawn

Eventually = Callable[[Callable[[], bool]], None]


def is_free(folder: Path) -> bool:
    try:
        with FolderLock(folder):
            return True
    except StackError:
        return False


def test_a_folder_is_held_by_one_at_a_time(tmp_path: Path) -> None:
    with FolderLock(tmp_path):
        with pytest.raises(StackError, match="Another stack is using"):
            FolderLock(tmp_path).acquire()
        assert is_free(tmp_path / "other")
    assert is_free(tmp_path)


def test_a_child_that_inherits_the_lock_holds_it_until_its_end(
    tmp_path: Path, eventually: Eventually
) -> None:
    with FolderLock(tmp_path) as lock:
        argv = (sys.executable, "-c", "import time; time.sleep(600)")
        child = spawn(argv, log=tmp_path / "log", inherit=(lock.descriptor,))
    try:
        assert not is_free(tmp_path)
    finally:
        kill(child)
    eventually(lambda: is_free(tmp_path))
