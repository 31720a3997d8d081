"""The guide from a checkout to the first dossier: each command works, and shows what is said."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
from collections.abc import Generator
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from motcua_cli.stack.paths import repository_root

sys.path.insert(0, str(Path(__file__).parent))

from page_commands import Block, Terminal, agrees, blocks_of

PAGE = repository_root() / "docs/publish-your-first-dossier.md"
IN_VIETNAMESE = PAGE.with_suffix(".vi.md")
_READY = "Ctrl-C"
_ADDRESSES = {
    "MOTCUA_URL": r"intake +(\S+)/docs",
    "MOTCUA_PROCESSING_URL": r"processing +(\S+)/docs",
    "MOTCUA_METRICS_URL": r"metrics +(\S+)/metrics",
    "MOTCUA_KAFKA_BOOTSTRAP": r"bootstrap +(\S+)",
}


@pytest.fixture
def folder() -> Generator[Path]:
    """An empty folder that PostgreSQL's own account may enter, as it may not enter pytest's."""
    with TemporaryDirectory(prefix="motcua-guide-", ignore_cleanup_errors=True) as made:
        yield Path(made)


@pytest.fixture
def sandbox(folder: Path) -> Generator[str]:
    """What the first command of the page says once it is ready; ended by Ctrl-C."""
    begin = blocks_of(PAGE)[0]
    kept = {name: value for name, value in os.environ.items() if not name.startswith("MOTCUA_")}
    cache = {name: os.environ[name] for name in ("MOTCUA_CACHE",) if name in os.environ}
    process = subprocess.Popen(
        ["bash", "-c", begin.code],
        cwd=repository_root(),
        env=kept | cache | {"ARGS": f"--data {folder / 'data'} --no-observability"},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
    )
    try:
        assert process.stdout is not None
        said = ""
        for line in process.stdout:
            said += line
            if _READY in line:
                break
        yield said
    finally:
        os.killpg(process.pid, signal.SIGINT)
        process.communicate(timeout=60)


@pytest.mark.real
def test_every_command_of_the_guide_works_and_shows_what_the_guide_says(
    sandbox: str, folder: Path
) -> None:
    begin, *others = blocks_of(PAGE)
    assert begin.shown is not None
    assert agrees(begin.shown, sandbox), sandbox
    found = {name: re.search(pattern, sandbox) for name, pattern in _ADDRESSES.items()}
    addresses = {name: match[1] for name, match in found.items() if match is not None}
    assert set(addresses) == set(_ADDRESSES)
    with Terminal(repository_root(), addresses | {"TMPDIR": str(folder)}) as terminal:
        for block in others:
            done = terminal.run(block, folder / "block.sh")
            if block.shown is None:
                assert done.status == 0, (block.code, done.output)
            else:
                assert agrees(block.shown, done.output), (block.code, done.output)


def test_the_guide_in_vietnamese_has_the_same_commands() -> None:
    assert len(blocks_of(PAGE)) > 15
    assert blocks_of(IN_VIETNAMESE) == blocks_of(PAGE)


def test_what_the_page_does_not_say_is_no_agreement() -> None:
    block = Block("sh", "echo a b", "a … c\n")
    assert agrees(block.shown or "", "a b c\n")
    assert not agrees(block.shown or "", "a b\n")
    assert not agrees("a", "a\nb")
