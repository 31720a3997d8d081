"""The corpus of every target, and some seconds of chance beside it."""

from __future__ import annotations

import subprocess
import sys
from typing import TYPE_CHECKING, Any

import pytest
import target_json_events
import target_packed_bodies
import zstandard
from fuzz_targets import CORPUS, HERE, TARGETS
from motcua_intake.domain.candidates import Body

if TYPE_CHECKING:
    from motcua_intake.domain.candidates import Candidate

SECONDS = 1.0
SEED = 24_733


@pytest.mark.parametrize("name", TARGETS)
def test_a_target_returns_on_its_corpus_and_on_what_chance_makes_of_it(name: str) -> None:
    done = subprocess.run(
        [sys.executable, "-W", "ignore", HERE / "replay.py", name, str(SECONDS), str(SEED)],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert "0 inputs" not in done.stdout


def test_half_a_body_taken_for_the_whole_is_caught(monkeypatch: pytest.MonkeyPatch) -> None:
    def lenient(_: str, data: bytes, __: int) -> bytes:
        with zstandard.ZstdDecompressor().stream_reader(data) as frame:
            return frame.read()

    monkeypatch.setattr(target_packed_bodies, "decompress", lenient)
    with pytest.raises(AssertionError, match="taken for the whole body"):
        target_packed_bodies.one_input((CORPUS / "packed_bodies" / "zstd-streamed").read_bytes())


def test_a_decoder_that_changes_with_each_reading_is_caught(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    whole = target_json_events.read_json

    class Fickle(list[Any]):
        """Candidates that are others the second time."""

        def __iter__(self) -> Any:
            told: list[Candidate] = list(super().__iter__())
            self.append(told[0])
            return iter(told)

    def read(publisher: str, body: bytes) -> Body:
        return Body(Fickle(whole(publisher, body).candidates), is_batch=True)

    monkeypatch.setattr(target_json_events, "read_json", read)
    with pytest.raises(AssertionError):
        target_json_events.one_input((CORPUS / "json_events" / "kind-received").read_bytes())
