"""The fixture of a stack; `conftest.py` of each folder that needs it takes it from here."""

from __future__ import annotations

import os
from collections.abc import Iterator

import pytest
from motcua_cli.stack import StackError
from stack_under_fault import Stack, running_stack


@pytest.fixture(scope="module")
def stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    """A whole stack that is up, one a module; without its parts a test is skipped, never in CI."""
    try:
        with running_stack(tmp_path_factory.mktemp("stack")) as running:
            yield running
    except StackError as error:
        if os.environ.get("CI") == "true":
            raise
        pytest.skip(str(error))
