"""The templates as files: the dashboards that `deploy/observability/dashboards/generated` holds."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import msgspec
from motcua_kernel.units import UnitLevel

from motcua_grafana.domain.boards import Template
from motcua_grafana.domain.wanted import DEPARTMENT_VARIABLE, UNIT_VARIABLE, Templates

if TYPE_CHECKING:
    from pathlib import Path

UNIT_FILE: Final = "motcua-commune.json"
DEPARTMENT_FILE: Final = "motcua-department.json"

_LEVELS: Final = (UnitLevel.DISTRICT, UnitLevel.COMMUNE, UnitLevel.PROVINCIAL_DEPARTMENT)
"""Levels whose units receive dossiers; the province has a dashboard of its own, from a file."""


class NoTemplate(Exception):  # noqa: N818
    """A file is missing, is no dashboard, or lets no unit be chosen; the message names it."""


def read_templates(folder: Path) -> Templates:
    """The templates of a folder.

    Raises:
        NoTemplate: one of them cannot be used; a copy would show somebody else's figures.
    """
    unit = _read(folder / UNIT_FILE, {UNIT_VARIABLE})
    department = _read(folder / DEPARTMENT_FILE, {UNIT_VARIABLE, DEPARTMENT_VARIABLE})
    return Templates(dict.fromkeys(_LEVELS, unit), department)


def _read(file: Path, needed: set[str]) -> Template:
    try:
        template = Template(msgspec.json.decode(file.read_bytes(), type=dict[str, Any]))
        missing = needed - template.variables()
    except (OSError, msgspec.DecodeError, KeyError, TypeError) as error:
        raise NoTemplate(f"{file}: no dashboard") from error
    if missing:
        raise NoTemplate(f"{file}: no variable {', '.join(sorted(missing))}")
    return template
