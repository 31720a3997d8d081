"""Every SQL of the dashboards runs on the migrated database, for the role that dashboards have."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any, Final

import asyncpg
import pytest
from motcua_dashboards.reading import Asked, filled, statements
from motcua_kernel.instant import Instant
from motcua_kernel.registry import ClockMapping, Registry
from motcua_kernel.units import Unit, UnitLevel
from motcua_processing.adapters.postgres import connect
from motcua_processing.adapters.reporting_books import keep_reporting
from motcua_processing.migrate import migrate

pytestmark = pytest.mark.real

_VALUES: Final = {
    "province": "68",
    "unit": "24733-2025",
    "scope": "68",
    "department": "van-phong's",
}
_REGISTRY: Final = Registry().with_entries(
    enumerate(
        [
            Unit("68", "68", "Lâm Đồng", UnitLevel.PROVINCE),
            Unit("24733-2025", "24733", "Xã Kiến Đức", UnitLevel.COMMUNE, parent="68"),
            ClockMapping(Instant(0), Instant(1_764_000_000_000), 0.0),
        ]
    )
)


@pytest.fixture
async def dashboard(database_url: str) -> AsyncIterator[Any]:
    """A connection of the role, to a migrated database without dossiers."""
    await migrate(database_url, "motcua")
    pool = await connect(database_url, "motcua")
    await keep_reporting(pool, _REGISTRY, 5)
    connection = await asyncpg.connect(database_url.replace("//postgres@", "//motcua_reporting@"))
    yield connection
    await connection.close()
    pool.terminate()


async def test_every_statement_runs_for_the_role_and_gives_the_columns_of_its_panel(
    dashboard: Any,
) -> None:
    asked: list[Asked] = statements()
    assert len(asked) > 5
    for one in asked:
        prepared = await dashboard.prepare(filled(one.text, _VALUES))
        assert await prepared.fetch() == [], one
        columns = [column.name for column in prepared.get_attributes()]
        named = one.text.removeprefix("SELECT ").partition(" FROM ")[0].split(", ")
        assert columns == [name.partition("::")[0] for name in named], one
