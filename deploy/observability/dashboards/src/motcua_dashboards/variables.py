"""What can be chosen on a page: data sources, province, unit, department, period."""

from __future__ import annotations

from typing import Final

from grafana_foundation_sdk.builders.dashboard import (
    CustomVariable,
    DatasourceVariable,
    QueryVariable,
    TextBoxVariable,
)
from grafana_foundation_sdk.cog.builder import Builder
from grafana_foundation_sdk.models.dashboard import (
    VariableHide,
    VariableModel,
    VariableOption,
    VariableRefresh,
    VariableSort,
)

from motcua_dashboards.glossary import PERIODS
from motcua_dashboards.sources import POSTGRESQL, PROMETHEUS

_NAMED: Final = r'/name="(?<text>[^"]+)".*unit="(?<value>[^"]+)"/'
"""Of what Prometheus answers: the unit's id is chosen, its name is shown."""


def sources() -> list[Builder[VariableModel]]:
    """The two data sources, and the moments of which the figures are (tính đến)."""
    prometheus = DatasourceVariable("prometheus").label("Prometheus").type("prometheus")
    database = DatasourceVariable("postgresql").label("PostgreSQL")
    return [
        prometheus.hide(VariableHide.HIDE_VARIABLE),
        database.type(str(POSTGRESQL.type_val)).hide(VariableHide.HIDE_VARIABLE),
        _moment("as_of", "Số liệu tính đến", "system:motcua_domain_time_seconds:max"),
        _moment(
            "newest", "Trạng thái mới nhất", "system:motcua_state_watermark_timestamp_seconds:min"
        ),
    ]


def _moment(name: str, label: str, expr: str) -> QueryVariable:
    """A moment in milliseconds, which descriptions write as a date and a time."""
    asked = _asking(name, label, f"query_result(floor(1000 * {expr}))")
    return asked.regex(r"/.* ([0-9]+) [0-9]+$/").hide(VariableHide.HIDE_VARIABLE)


def province() -> QueryVariable:
    """The province (tỉnh)."""
    return _asking(
        "province", "Tỉnh", 'query_result(unit:motcua_unit_info:max{level="province"})'
    ).regex(_NAMED)


def unit() -> QueryVariable:
    """A unit of the province: commune (xã), district (huyện) or provincial department (sở)."""
    units = 'unit:motcua_unit_info:max{province="$province",level!="province"}'
    return _asking("unit", "Đơn vị", f"query_result({units})").regex(_NAMED)


def scope() -> QueryVariable:
    """The province itself or any unit of it: whose lists are shown."""
    units = 'unit:motcua_unit_info:max{province="$province"}'
    return _asking("scope", "Phạm vi", f"query_result({units})").regex(_NAMED)


def department() -> QueryVariable:
    """A department (phòng) of the unit."""
    labels = 'label_values(department:motcua_dossiers_in_progress:sum{unit="$unit"}, department)'
    return _asking("department", "Phòng", labels)


def period() -> CustomVariable:
    """The period up to now: month, quarter or year."""
    offered = ",".join(f"{vi} : {name}" for name, vi in PERIODS.items())
    month = VariableOption(text=PERIODS["month"], value="month", selected=True)
    return CustomVariable("period").label("Kỳ").values(offered).current(month)


def motcua() -> TextBoxVariable:
    """Where processing answers people; empty where it shares Grafana's address."""
    address = "http://localhost:8102"
    current = VariableOption(text=address, value=address, selected=True)
    box = TextBoxVariable("motcua").label("Địa chỉ Motcua").default_value(address)
    return box.current(current).hide(VariableHide.HIDE_VARIABLE)


def _asking(name: str, label: str, query: str) -> QueryVariable:
    variable = QueryVariable(name).label(label).query(query).datasource(PROMETHEUS)
    variable = variable.refresh(VariableRefresh.ON_TIME_RANGE_CHANGED)
    return variable.sort(VariableSort.NATURAL_ASC).include_all(False).multi(False)
