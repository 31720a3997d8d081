"""The fast path of figures as of two times is the definition, on the sample's year."""

from __future__ import annotations

from datetime import date
from typing import Any

import asyncpg
import pytest
from as_of_cases import answer_of, definition_of, enact, journal_of, projections_of, question
from motcua_kernel.calendar import DayKind, Layer
from motcua_kernel.instant import at_local
from motcua_kernel.registry import CalendarDay
from motcua_platform.registry_history import RegistryHistory
from motcua_processing.adapters import past
from open_books_of_tests import open_desk
from sample_registry import sample_entries, sample_registry

pytestmark = pytest.mark.real

CLOSED = CalendarDay(Layer.NATIONAL, "", date(2020, 6, 9), DayKind.CLOSED, (), "a notice")
LAGS = (
    "UPDATE motcua.journal SET recorded_at = occurred_at + CASE "
    "WHEN abs(hashtext(event_id)) % 20 = 0 THEN abs(hashtext(event_id)) % 864000000 "
    "WHEN abs(hashtext(event_id)) % 20 < 4 THEN abs(hashtext(event_id)) % 14400000 "
    "ELSE abs(hashtext(event_id)) % 60000 END"
)
"""One event in twenty is recorded up to ten days late, some within hours, most within a minute."""


@pytest.fixture
async def lagging(loaded_copy: str) -> str:
    """The sample, recorded in its own year."""
    connection = await asyncpg.connect(loaded_copy)
    await connection.execute(LAGS)
    await connection.execute("ANALYZE motcua.journal, motcua.dossiers")
    await connection.close()
    return loaded_copy


async def test_the_fast_path_is_the_definition_on_the_sample(
    lagging: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    folded_again: list[int] = []
    journal_again = past.SqlPast.journal

    def watched(self: past.SqlPast, codes: Any) -> Any:
        folded_again.append(len(codes))
        return journal_again(self, codes)

    monkeypatch.setattr(past.SqlPast, "journal", watched)
    history = RegistryHistory(sample_registry())
    quarter, year = (date(2020, 4, 1), date(2020, 6, 30)), (date(2020, 1, 1), date(2020, 12, 31))
    june, july = at_local(date(2020, 6, 30), 1439), at_local(date(2020, 7, 20), 600)
    october = at_local(date(2020, 10, 30), 1439)
    times = [(june, june), (june, july), (july, june), (june, None), (october, july), (july, None)]
    received = 0
    async with open_desk(lagging) as desk, projections_of(lagging) as projections:
        desk.registry = sample_registry()
        await desk.pool.execute(
            "UPDATE registry_position SET registry_offset = $1", sample_entries()[-1][0]
        )
        journal = await journal_of(desk)
        for enacting in (False, True):
            if enacting:
                await enact(desk, history, [CLOSED], july)
            for at, known in times:
                for days in (quarter, year):
                    asked = question(desk.registry, days, at, known)
                    answer = await answer_of(projections, history, asked)
                    assert answer == definition_of(journal, history, asked), (at, known, days)
                    assert answer.total.balance_residual == 0
                    received = answer.total.received
            if not enacting:
                assert max(folded_again) < len(journal) / 20
    assert received > 1_000
