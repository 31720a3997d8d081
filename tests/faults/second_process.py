"""A second processing process in the group of the first."""

from __future__ import annotations

from collections.abc import Generator
from contextlib import contextmanager

from loopback import answers
from motcua_cli.stack.ports import free_ports
from stack_under_fault import Stack
from waiting import until

_SECONDS = 120


@contextmanager
def second_process(stack: Stack) -> Generator[None]:
    """Another process of the group, without a name of its own there, killed after the block."""
    name, (port,) = "processing-1", free_ports(1)
    program = stack.program("processing", name=name, HTTP_PORT=str(port), GROUP_INSTANCE=None)
    stack.supervisor.start(program)
    ready = f"http://127.0.0.1:{port}/readyz"
    until("the second process is ready", lambda: answers(ready), _SECONDS)
    try:
        yield
    finally:
        stack.supervisor.stop(name, deadline=0)
