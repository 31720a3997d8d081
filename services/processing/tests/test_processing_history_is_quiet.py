"""What is known from history alone counts like everything else, and sends no notices."""

from __future__ import annotations

from motcua_kernel.fold import advance, fold
from motcua_processing.domain.projection import project
from msgspec.structs import replace
from sample_registry import events_of_dossiers, sample_registry

REGISTRY = sample_registry()
TOLD = events_of_dossiers(3_000)
CODE = TOLD[0].dossier
EVENTS = [one for one in TOLD if one.dossier == CODE and one.kind in {10, 11, 13}]
HISTORY = [replace(one, backfill=True) for one in EVENTS]


def test_history_alone_is_not_watched_and_its_figures_are_the_same() -> None:
    live = project(fold(CODE, EVENTS, REGISTRY), REGISTRY)
    quiet = project(fold(CODE, HISTORY, REGISTRY), REGISTRY)
    assert live.watch_day is not None
    assert quiet.watch_day is None
    assert (quiet.due_day, quiet.status, quiet.rests) == (live.due_day, live.status, live.rests)


def test_the_first_event_that_is_told_as_it_happens_wakes_the_notices() -> None:
    before = fold(CODE, HISTORY[:-1], REGISTRY)
    after = advance(before, EVENTS[-1:], REGISTRY)
    assert after is not None
    assert project(after, REGISTRY).watch_day is not None
    assert after == fold(CODE, [*HISTORY[:-1], EVENTS[-1]], REGISTRY)
