"""The fixtures of stacks; `conftest.py` of each folder that needs one takes it from here."""

from __future__ import annotations

import os
from collections.abc import Generator, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from motcua_cli.stack import StackError
from stack_under_fault import Stack, running_stack


@pytest.fixture(scope="session")
def stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    """One stack for all faults that must leave every figure exact; starting one takes long.

    Each test hands in a share of the sample that no other does, and compares all figures so far.
    """
    with _whole_stack(tmp_path_factory.mktemp("stack")) as running:
        yield running


@pytest.fixture(scope="module")
def own_stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    """A stack of the module's own, for tests that leave it otherwise than they found it."""
    with _whole_stack(tmp_path_factory.mktemp("own_stack")) as running:
        yield running


@contextmanager
def _whole_stack(folder: Path) -> Generator[Stack]:
    """A stack that is up; without its parts a test is skipped, but never in CI."""
    try:
        with running_stack(folder) as running:
            yield running
    except StackError as error:
        if os.environ.get("CI") == "true":
            raise
        pytest.skip(str(error))
