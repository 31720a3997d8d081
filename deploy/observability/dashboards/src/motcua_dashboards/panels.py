"""The kinds of panel: a large number, a course of time, bars, a table; each with what it must have.

Title in Vietnamese; the description says it in English, names the definition, and as of when the
figures are true. Numbers are as large as their panel, for a wall seen from four metres; panels
stand in reading order, which is the order a phone stacks them in.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final, TypeVar

from grafana_foundation_sdk.builders.bargauge import Panel as BarGauge
from grafana_foundation_sdk.builders.common import (
    ReduceDataOptions,
    StackingConfig,
    TableSortByFieldState,
    VizLegendOptions,
    VizTextDisplayOptions,
)
from grafana_foundation_sdk.builders.dashboard import DashboardLink, FieldColor, ThresholdsConfig
from grafana_foundation_sdk.builders.stat import Panel as Stat
from grafana_foundation_sdk.builders.table import Panel as Table
from grafana_foundation_sdk.builders.timeseries import Panel as TimeSeries
from grafana_foundation_sdk.cog.builder import Builder
from grafana_foundation_sdk.cog.variants import Dataquery
from grafana_foundation_sdk.models.common import (
    BigValueColorMode,
    BigValueGraphMode,
    BigValueTextMode,
    LegendDisplayMode,
    LegendPlacement,
    StackingMode,
    TableCellHeight,
    VizOrientation,
)
from grafana_foundation_sdk.models.dashboard import (
    DataSourceRef,
    DataTransformerConfig,
    DynamicConfigValue,
    FieldColorModeId,
    ValueMap,
    ValueMappingResult,
)

from motcua_dashboards.glossary import NO_DATA, Words
from motcua_dashboards.sources import PROMETHEUS
from motcua_dashboards.thresholds import from_objective, neutral

COUNT: Final = "locale"
SHARE: Final = "percentunit"
DAYS: Final = "d"
SECONDS: Final = "s"
MOMENT: Final = "dateTimeAsLocal"
DATE: Final = "time:DD/MM/YYYY"
TEXT: Final = "string"
PER_SECOND: Final = "cps"
FLAG: Final = "bool_yes_no"

_DECIMALS: Final = {SHARE: 2, COUNT: 0, DAYS: 0, PER_SECOND: 1}
_AS_OF: Final = (
    "Số liệu tính đến ${as_of:date:HH:mm DD/MM/YYYY}, "
    "trạng thái mới nhất ${newest:date:HH:mm DD/MM/YYYY}."
)

Targets = Sequence[Builder[Dataquery]]
AnyPanel = TypeVar("AnyPanel", Stat, TimeSeries, BarGauge, Table)


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a table; those that are not named are not shown."""

    name: str
    title: str
    unit: str = TEXT
    thresholds: ThresholdsConfig | None = None
    link: tuple[str, str] | None = None
    names: Mapping[str, str] = field(default_factory=dict[str, str])
    width: int | None = None


def description(words: Words) -> str:
    """What the panel shows in English, whose definition it follows, and as of when."""
    page = "docs/metrics.md" if words.definition.startswith("motcua_") else "docs/definitions.md"
    return (
        f"{words.english}.\n\nĐịnh nghĩa · definition: `{words.definition}` ({page}).\n\n{_AS_OF}"
    )


def number(
    words: Words,
    targets: Targets,
    unit: str,
    thresholds: ThresholdsConfig | None = None,
    *,
    wide: int = 4,
    link: tuple[str, str] | None = None,
    names: Mapping[str, str] | None = None,
    by_objective: bool = False,
) -> Stat:
    """One large number, or a few with their names; the ground takes the threshold's colour.

    With `by_objective` the threshold is what the query `thresholds.ALLOWED` says, and no other.
    """
    panel = _common(Stat(), words, targets, unit, thresholds).span(wide).height(6)
    panel = panel.color_scheme(FieldColor().mode(FieldColorModeId.THRESHOLDS))
    panel = panel.color_mode(BigValueColorMode.BACKGROUND_SOLID).graph_mode(BigValueGraphMode.NONE)
    panel = panel.text_mode(BigValueTextMode.AUTO).orientation(VizOrientation.AUTO)
    panel = panel.text(VizTextDisplayOptions().value_size(72).title_size(20))
    panel = panel.reduce_options(ReduceDataOptions().calcs(["lastNotNull"]))
    if names:
        panel = panel.mappings([_mapping(names)])
    if link:
        panel = panel.data_links([_link(*link)])
    return panel.with_transformation(from_objective()) if by_objective else panel


def course(
    words: Words,
    targets: Targets,
    unit: str,
    thresholds: ThresholdsConfig | None = None,
    *,
    wide: int = 12,
    stacked: bool = False,
    names: Mapping[str, str] | None = None,
) -> TimeSeries:
    """Lines over the time of the page, or areas that add up."""
    panel = _common(TimeSeries(), words, targets, unit, thresholds or neutral())
    panel = panel.span(wide).height(9).line_width(2).fill_opacity(60 if stacked else 0)
    panel = panel.color_scheme(FieldColor().mode(FieldColorModeId.PALETTE_CLASSIC_BY_NAME))
    panel = panel.axis_soft_min(0)
    legend = VizLegendOptions().display_mode(LegendDisplayMode.TABLE).show_legend(True)
    panel = panel.legend(legend.placement(LegendPlacement.BOTTOM).calcs(["lastNotNull", "max"]))
    if stacked:
        panel = panel.stacking(StackingConfig().mode(StackingMode.NORMAL))
    for name, shown in (names or {}).items():
        panel = panel.override_by_name(name, [DynamicConfigValue("displayName", shown)])
    return panel


def bars(
    words: Words,
    targets: Targets,
    unit: str,
    thresholds: ThresholdsConfig,
    *,
    wide: int = 12,
    names: Mapping[str, str] | None = None,
) -> BarGauge:
    """A bar for each series, the value written at its end."""
    panel = _common(BarGauge(), words, targets, unit, thresholds).span(wide).height(8)
    panel = panel.color_scheme(FieldColor().mode(FieldColorModeId.THRESHOLDS))
    panel = panel.orientation(VizOrientation.HORIZONTAL).min(0)
    panel = panel.reduce_options(ReduceDataOptions().calcs(["lastNotNull"]))
    panel = panel.text(VizTextDisplayOptions().value_size(28).title_size(20))
    for name, shown in (names or {}).items():
        panel = panel.override_by_name(name, [DynamicConfigValue("displayName", shown)])
    return panel


def rows(
    words: Words,
    targets: Targets,
    columns: Sequence[Column],
    *,
    source: DataSourceRef = PROMETHEUS,
    wide: int = 24,
    tall: int = 12,
    sort: str = "",
) -> Table:
    """A table of the named columns; rows of several queries meet where their labels are equal."""
    panel = _common(Table(), words, targets, COUNT, neutral()).span(wide).height(tall)
    panel = panel.datasource(source).cell_height(TableCellHeight.MD).filterable(True)
    if len(targets) > 1:
        panel = panel.with_transformation(DataTransformerConfig("merge", options={}))
    panel = panel.with_transformation(
        DataTransformerConfig(
            "filterFieldsByName", options={"include": {"names": [one.name for one in columns]}}
        )
    )
    order = {one.name: place for place, one in enumerate(columns)}
    panel = panel.with_transformation(
        DataTransformerConfig("organize", options={"indexByName": order})
    )
    for column in columns:
        panel = panel.override_by_name(column.name, _properties(column))
    if sort:
        panel = panel.sort_by([TableSortByFieldState().display_name(sort).desc(True)])
    return panel


def _common(
    panel: AnyPanel,
    words: Words,
    targets: Targets,
    unit: str,
    thresholds: ThresholdsConfig | None,
) -> AnyPanel:
    panel = panel.title(words.title).description(description(words)).datasource(PROMETHEUS)
    panel = panel.targets(list(targets)).unit(unit).no_value(NO_DATA)
    if thresholds is not None:
        panel = panel.thresholds(thresholds)
    return panel.decimals(_DECIMALS[unit]) if unit in _DECIMALS else panel


def _properties(column: Column) -> list[DynamicConfigValue]:
    found = [
        DynamicConfigValue("displayName", column.title),
        DynamicConfigValue("unit", column.unit),
    ]
    if column.unit in _DECIMALS:
        found.append(DynamicConfigValue("decimals", _DECIMALS[column.unit]))
    if column.thresholds is not None:
        found.append(DynamicConfigValue("thresholds", column.thresholds.build()))
        found.append(DynamicConfigValue("custom.cellOptions", {"type": "color-text"}))
    if column.names:
        found.append(DynamicConfigValue("mappings", [_mapping(column.names)]))
    if column.link:
        found.append(DynamicConfigValue("links", [_link(*column.link).build()]))
    if column.width:
        found.append(DynamicConfigValue("custom.width", column.width))
    return found


def _mapping(names: Mapping[str, str]) -> ValueMap:
    return ValueMap({key: ValueMappingResult(text=shown) for key, shown in names.items()})


def _link(title: str, url: str) -> DashboardLink:
    return DashboardLink(title).url(url).target_blank(False)
