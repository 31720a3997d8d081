"""Deadlines ahead (hạn trả sắp tới): the coming ten working days, from the ledgers of what is open.

Nothing is guessed: due dates of running dossiers are known, so the forecast is a count. Beside it
stands what the place resolved on a working day of late. New receipts of short procedures come on
top of it, pauses that end move dates; the nearer days are the surer ones.
"""

from __future__ import annotations

from typing import Final

from grafana_foundation_sdk.builders.bargauge import Panel as BarGauge
from grafana_foundation_sdk.builders.stat import Panel as Stat
from grafana_foundation_sdk.builders.table import Panel as Table
from grafana_foundation_sdk.builders.timeseries import Panel as TimeSeries
from grafana_foundation_sdk.models.dashboard import Dashboard

from motcua_dashboards import figures, glossary, links, lists, variables
from motcua_dashboards.page import Section, page
from motcua_dashboards.panels import COUNT, DATE, SHARE, Column, bars, course, number, rows
from motcua_dashboards.sources import POSTGRESQL, now, reporting, table
from motcua_dashboards.sources import course as over_time
from motcua_dashboards.thresholds import attention_from, neutral

_DAYS: Final = {
    "1": "Đến hết ngày làm việc kế tiếp",
    "3": "Trong 3 ngày làm việc",
    "5": "Trong 5 ngày làm việc",
    "10": "Trong 10 ngày làm việc",
}
_BELOW: Final = 'unit:motcua_unit_info:max{province="$scope"}'


def _of_scope(series: str, matchers: str = "") -> str:
    """The series of the units that the scope holds: one unit, or all of the province."""
    also = f",{matchers}" if matchers else ""
    every = f"{series}{{{matchers}}}" if matchers else series
    return f'({series}{{unit="$scope"{also}}} or {every} and on (unit) {_BELOW})'


_DUE: Final = _of_scope("unit:motcua_due_within_days:sum", 'days="10"')
_PACE_SERIES: Final = "unit:motcua_dossiers_resolved:per_working_day"
_PACE: Final = (
    f'(last_over_time({_PACE_SERIES}{{unit="$scope"}}[31m]) '
    f"or last_over_time({_PACE_SERIES}[31m]) and on (unit) {_BELOW})"
)
"""Recorded every quarter of an hour, so the newest value may be older than a query looks back."""
_LOAD: Final = "sum({due}) / (10 * sum({pace}) > 0)"
_BUSY: Final = attention_from(0.8, 1)


def dashboard() -> Dashboard:
    """The page of the province or of any unit, by `$scope`."""
    return page(
        links.AHEAD,
        glossary.AHEAD,
        [variables.province(), variables.scope(), variables.motcua()],
        [
            Section(glossary.NOW, [_load(), *_within(), figures.as_of()]),
            Section(glossary.WORK, [_by_stretch(), _by_day(), _over_time(), _by_unit()]),
            Section(glossary.LISTS, [lists.due_dossiers("${scope:sqlstring}")]),
        ],
    )


def _load() -> Stat:
    load = _LOAD.format(due=_DUE, pace=_PACE)
    return number(glossary.LOAD, [now(load)], SHARE, _BUSY, wide=8)


def _within() -> list[Stat]:
    soon, later = (
        _of_scope("unit:motcua_due_within_days:sum", f'days="{days}"') for days in ("1", "5")
    )
    return [
        number(glossary.DUE_NEXT_DAY, [now(f"sum({soon})")], COUNT, neutral(), wide=4),
        number(glossary.DUE_IN_FIVE, [now(f"sum({later})")], COUNT, neutral(), wide=4),
        number(glossary.DUE_IN_TEN, [now(f"sum({_DUE})")], COUNT, neutral(), wide=4),
    ]


def _by_stretch() -> BarGauge:
    within = _of_scope("unit:motcua_due_within_days:sum")
    targets = [now(f"sum by (days) ({within})", legend="{{days}}")]
    return bars(glossary.DUE_WITHIN, targets, COUNT, neutral(), names=_DAYS)


def _by_day() -> Table:
    return rows(
        glossary.DUE_DAYS,
        [reporting("due_days", "due, dossiers", "${scope:sqlstring}", "14")],
        [Column("due", "Hạn trả", DATE), Column("dossiers", "Số hồ sơ", COUNT, neutral())],
        source=POSTGRESQL,
        wide=12,
        tall=8,
    )


def _over_time() -> TimeSeries:
    targets = [
        over_time(f"sum({_DUE})", "A", legend="Đến hạn trong 10 ngày làm việc"),
        over_time(f"10 * sum({_PACE})", "B", legend="Sức giải quyết 10 ngày làm việc"),
    ]
    return course(glossary.DUE_COURSE, targets, COUNT)


def _by_unit() -> Table:
    due = 'sum by (unit) (unit:motcua_due_within_days:sum{days="10"})'
    pace = f"10 * sum by (unit) (last_over_time({_PACE_SERIES}[31m]))"
    named = 'on (unit) group_left (name) unit:motcua_unit_info:max{province="$province"}'
    of_province = 'on (unit) unit:motcua_unit_info:max{province="$province"}'
    return rows(
        glossary.LOAD_TABLE,
        [
            table(f"{due} * {named}", "A"),
            table(f"({pace}) and {of_province}", "B"),
            table(f"({due} / ({pace} > 0)) and {of_province}", "C"),
        ],
        [
            Column("name", "Đơn vị", link=("Mở đơn vị", links.to_unit()), width=220),
            Column("unit", "Mã", width=120, link=("Hạn của đơn vị", links.to_ahead())),
            Column("Value #A", "Đến hạn 10 ngày", COUNT, neutral()),
            Column("Value #B", "Sức giải quyết", COUNT, neutral()),
            Column("Value #C", "Tỷ lệ", SHARE, _BUSY),
        ],
        wide=12,
        tall=9,
        sort="Tỷ lệ",
    )
