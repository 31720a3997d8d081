"""Become another program that ends when its parent does.

Run as a script with nothing but the standard library: `guard.py PARENT SIGNAL UID GID PROGRAM...`.
It gives up root where a user is named (-1 keeps the present one), asks Linux to send SIGNAL when
the parent ends, and replaces itself by PROGRAM. A script of its own, because code between fork
and exec is unsafe in a process with threads, and because a change of user clears the request.
"""

import ctypes
import os
import sys

_PR_SET_PDEATHSIG = 1
_KEEP = -1


def _give_up_root(user: int, group: int) -> None:
    if user == _KEEP:
        return
    os.setgroups([])
    os.setgid(group)
    os.setuid(user)


def _end_with_parent(parent: int, signal_number: int) -> None:
    if not sys.platform.startswith("linux"):
        return
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.prctl(_PR_SET_PDEATHSIG, signal_number, 0, 0, 0) != 0:
        raise OSError(ctypes.get_errno(), "prctl(PR_SET_PDEATHSIG)")
    if os.getppid() != parent:  # it ended before the request was made
        sys.exit(1)


def main() -> None:
    """Read the arguments and become the program."""
    parent, signal_number, user, group = (int(word) for word in sys.argv[1:5])
    program = sys.argv[5:]
    _give_up_root(user, group)
    _end_with_parent(parent, signal_number)
    os.execvp(program[0], program)  # noqa: S606 - becoming the named program is the purpose


if __name__ == "__main__":
    main()
