"""Where panels get their figures: PromQL from Prometheus, functions of the database by SQL."""

from __future__ import annotations

from typing import Final

from grafana_foundation_sdk.builders.prometheus import Dataquery as PrometheusQuery
from grafana_foundation_sdk.cog.builder import Builder
from grafana_foundation_sdk.cog.variants import Dataquery
from grafana_foundation_sdk.models.dashboard import DataSourceRef
from grafana_foundation_sdk.models.prometheus import PromQueryFormat

PROMETHEUS: Final = DataSourceRef("prometheus", "${prometheus}")
POSTGRESQL: Final = DataSourceRef("grafana-postgresql-datasource", "${postgresql}")

SCHEMA: Final = "motcua"
"""The schema of processing's tables and of the functions `reporting_...` beside them."""


def now(expr: str, ref: str = "A", *, legend: str = "") -> PrometheusQuery:
    """An expression at the right edge of the page, for a number."""
    return _prometheus(expr, ref, legend).instant()


def table(expr: str, ref: str = "A") -> PrometheusQuery:
    """An expression at the right edge of the page, for rows of a table."""
    return now(expr, ref).format(PromQueryFormat.TABLE)


def course(expr: str, ref: str = "A", *, legend: str = "") -> PrometheusQuery:
    """An expression over the time of the page."""
    return _prometheus(expr, ref, legend).range()


def _prometheus(expr: str, ref: str, legend: str) -> PrometheusQuery:
    query = PrometheusQuery().expr(expr).ref_id(ref).datasource(PROMETHEUS)
    return query.legend_format(legend or "__auto")


class _Sql(Dataquery):
    """The target of Grafana's own PostgreSQL data source; the SDK has no class for it."""

    def __init__(self, statement: str, ref: str) -> None:
        self.statement = statement
        self.ref = ref

    def to_json(self) -> dict[str, object]:
        """The members that the data source reads, as Grafana's query editor writes them."""
        return {
            "datasource": POSTGRESQL,
            "editorMode": "code",
            "format": "table",
            "rawQuery": True,
            "rawSql": self.statement,
            "refId": self.ref,
        }


class SqlQuery(Builder[Dataquery]):
    """A statement whose rows a panel shows."""

    def __init__(self, statement: str, ref: str = "A") -> None:
        """`statement` may name variables of the page."""
        self._built = _Sql(statement, ref)

    def build(self) -> Dataquery:
        """The target."""
        return self._built


def reporting(function: str, columns: str, *arguments: str) -> SqlQuery:
    """Columns of what one of the functions for dashboards gives."""
    called = f"{SCHEMA}.reporting_{function}({', '.join(arguments)})"
    return SqlQuery(f"SELECT {columns} FROM {called}")  # noqa: S608 - of constants
