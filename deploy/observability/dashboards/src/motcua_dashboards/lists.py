"""Tables: units, departments, and the dossiers behind a number with the way to each one's page."""

from __future__ import annotations

from grafana_foundation_sdk.builders.table import Panel as Table

from motcua_dashboards import glossary as words
from motcua_dashboards.links import DOSSIER, to_department, to_unit
from motcua_dashboards.panels import COUNT, DATE, DAYS, SHARE, Column, rows
from motcua_dashboards.sources import POSTGRESQL, reporting, table
from motcua_dashboards.thresholds import attention_from, difference, neutral, none_allowed


def units() -> Table:
    """The units of the province; a name opens the unit's page."""
    named = 'on (unit) group_left (name) unit:motcua_unit_info:max{province="$province"}'
    of_province = 'on (unit) unit:motcua_unit_info:max{province="$province"}'

    def counted(timings: str) -> str:
        return f'sum by (unit) (unit:motcua_dossiers_in_progress:sum{{timing=~"{timings}"}})'

    month = 'unit:motcua_on_time:ratio{period="$period",definition="form06"}'
    rate = f"max by (unit) ({month})"
    objective = "unit:motcua_on_time_objective:ratio"
    age = "unit:motcua_oldest_overdue_working_days:max"
    return rows(
        words.UNIT_TABLE,
        [
            table(f"{counted('overdue')} * {named}", "A"),
            table(f"{counted('due_soon')} and {of_province}", "B"),
            table(f"{counted('.*')} and {of_province}", "C"),
            table(f"({rate} - on (unit) {objective}) and {of_province}", "D"),
            table(f"{age} and {of_province}", "E"),
        ],
        [
            Column("name", "Đơn vị", link=("Mở đơn vị", to_unit()), width=260),
            Column("unit", "Mã", width=130),
            Column("Value #A", "Quá hạn", COUNT, none_allowed()),
            Column("Value #B", "Sắp đến hạn", COUNT, neutral()),
            Column("Value #C", "Đang giải quyết", COUNT, neutral()),
            Column("Value #D", "So với mục tiêu", SHARE, difference()),
            Column("Value #E", "Quá hạn lâu nhất", DAYS, attention_from(1, 5)),
        ],
        tall=16,
        sort="Quá hạn",
    )


def departments() -> Table:
    """The departments of the unit; a name opens the department's page."""
    unit = 'unit="$unit"'

    def counted(timings: str) -> str:
        series = f'department:motcua_dossiers_in_progress:sum{{{unit},timing=~"{timings}"}}'
        return f"sum by (department) ({series})"

    age = f"department:motcua_oldest_overdue_working_days:max{{{unit}}}"
    steps = f'department:motcua_steps_in_progress:sum{{{unit},timing="overdue"}}'
    rate = f'department:motcua_on_time:ratio{{{unit},period="month",definition="form06"}}'
    objective = f"unit:motcua_on_time_objective:ratio{{{unit}}}"
    gap = f"max by (unit, department) ({rate}) - on (unit) group_left () {objective}"
    return rows(
        words.DEPARTMENT_TABLE,
        [
            table(counted("overdue"), "A"),
            table(counted("due_soon"), "B"),
            table(counted(".*"), "C"),
            table(f"max by (department) ({gap})", "D"),
            table(f"max by (department) ({age})", "E"),
            table(f"sum by (department) ({steps})", "F"),
        ],
        [
            Column("department", "Phòng", link=("Mở phòng", to_department()), width=220),
            Column("Value #A", "Quá hạn", COUNT, none_allowed()),
            Column("Value #B", "Sắp đến hạn", COUNT, neutral()),
            Column("Value #C", "Đang giải quyết", COUNT, neutral()),
            Column("Value #D", "Tháng này so với mục tiêu", SHARE, difference()),
            Column("Value #E", "Quá hạn lâu nhất", DAYS, attention_from(1, 5)),
            Column("Value #F", "Bước quá hạn", COUNT, none_allowed()),
        ],
        sort="Quá hạn",
    )


_DOSSIER_COLUMNS = "code, unit, unit_name, department, procedure, status::text, received, due, days"


def overdue_dossiers(scope: str, *, department: bool = False) -> Table:
    """The overdue dossiers of a scope, the oldest first, at most five hundred."""
    return _dossiers(words.OVERDUE_LIST, "overdue", [scope, "500"], "Số ngày quá hạn", department)


def due_dossiers(scope: str, *, department: bool = False) -> Table:
    """The dossiers of a scope that fall due within fourteen days, the earliest first."""
    return _dossiers(words.DUE_LIST, "due_ahead", [scope, "14", "500"], "Còn (ngày)", department)


def _dossiers(
    called: words.Words, function: str, arguments: list[str], days: str, department: bool
) -> Table:
    only = ["${department:sqlstring}"] if department else []
    return rows(
        called,
        [reporting(function, _DOSSIER_COLUMNS, *arguments, *only)],
        [
            Column("code", "Mã hồ sơ", link=("Giải trình hạn trả", DOSSIER), width=260),
            Column("unit_name", "Đơn vị", width=200),
            Column("department", "Phòng"),
            Column("procedure", "Thủ tục"),
            Column("status", "Trạng thái", names=words.STATUSES),
            Column("received", "Tiếp nhận", DATE),
            Column("due", "Hạn trả", DATE),
            Column("days", days, COUNT, neutral()),
        ],
        source=POSTGRESQL,
        tall=14,
    )


def procedures(scope: str) -> Table:
    """What the month's resolved dossiers came to, by procedure; small cells are kept back."""
    columns = "procedure, early, on_time, overdue, no_deadline, resolved"
    outcomes = words.OUTCOMES
    return rows(
        words.PROCEDURES,
        [reporting("procedures", columns, scope)],
        [
            Column("procedure", "Thủ tục", width=180),
            *(Column(one, outcomes[one], COUNT, neutral()) for one in outcomes),
            Column("resolved", "Tổng cộng", COUNT, neutral()),
        ],
        source=POSTGRESQL,
    )
