"""What the functions for dashboards rest on beside the dossiers: time, units, the small cell."""

from __future__ import annotations

from typing import Final

from asyncpg import Pool
from motcua_kernel.instant import Instant
from motcua_kernel.registry import ClockMapping, Registry

from motcua_processing.adapters.postgres import AnyConnection
from motcua_processing.domain.reporting_units import UnitTerm, unit_terms

_REAL_TIME: Final = ClockMapping(Instant(0), Instant(0), 1.0)


async def keep_reporting(pool: Pool, registry: Registry, small_cell: int) -> None:
    """Put down what a registry says, unless what is there comes of a later one."""
    mapping = registry.clock_mappings[-1] if registry.clock_mappings else _REAL_TIME
    async with pool.acquire() as connection, connection.transaction():
        kept = await connection.fetchval(
            "INSERT INTO reporting_terms AS kept "
            "(id, registry_offset, real_anchor, domain_anchor, rate, small_cell) "
            "VALUES (1, $1, $2, $3, $4, $5) ON CONFLICT (id) DO UPDATE SET "
            "registry_offset = $1, real_anchor = $2, domain_anchor = $3, rate = $4, "
            "small_cell = $5 WHERE kept.registry_offset <= $1 RETURNING id",
            registry.offset,
            mapping.real_anchor,
            mapping.domain_anchor,
            mapping.rate,
            small_cell,
        )
        if kept is None:
            return
        await connection.execute("DELETE FROM reporting_unit")
        await connection.copy_records_to_table(
            "reporting_unit", records=unit_terms(registry), columns=UnitTerm._fields
        )


async def carry_reporting(connection: AnyConnection, live: str, shadow: str) -> None:
    """Give the shadow what the live schema has; the service writes it, and no rebuild does."""
    for table in ("reporting_terms", "reporting_unit"):
        await connection.execute(
            f'INSERT INTO "{shadow}".{table} SELECT * FROM "{live}".{table} ON CONFLICT DO NOTHING'
        )
