"""One stack per data folder.

The lock is an advisory lock on an open file. A server process inherits that file, so its data
folder stays locked until the last process that uses it is gone, even when the process that
started it was killed.
"""

import fcntl
import os
import time
from pathlib import Path
from types import TracebackType
from typing import Self

from motcua_cli.stack.errors import StackError

_POLL_SECONDS = 0.05


class FolderLock:
    """Holds `<folder>/.lock` from `acquire` to `release`, or inside a `with` block."""

    def __init__(self, folder: Path, *, patience: float = 0.0) -> None:
        self._folder = folder
        self._patience = patience
        self._descriptor: int | None = None

    @property
    def descriptor(self) -> int:
        """The open file to hand to a child that shall keep the folder locked while it lives."""
        if self._descriptor is None:
            message = f"The lock of {self._folder} is not held."
            raise RuntimeError(message)
        return self._descriptor

    def acquire(self) -> None:
        """Take the lock, waiting up to `patience` seconds.

        Raises:
            StackError: another process holds it.
        """
        self._folder.mkdir(parents=True, exist_ok=True)
        descriptor = os.open(self._folder / ".lock", os.O_RDWR | os.O_CREAT, 0o644)
        give_up = time.monotonic() + self._patience
        while True:
            try:
                fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                if time.monotonic() >= give_up:
                    os.close(descriptor)
                    message = (
                        f"Another stack is using {self._folder}: stop it, or choose another folder."
                    )
                    raise StackError(message) from None
                time.sleep(_POLL_SECONDS)
            else:
                self._descriptor = descriptor
                return

    def release(self) -> None:
        """Let go; children that inherited the file keep the lock until they end."""
        if self._descriptor is not None:
            os.close(self._descriptor)
            self._descriptor = None

    def __enter__(self) -> Self:
        self.acquire()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.release()
