"""Which calls of the old library Grafana still describes: the table of the decision, kept true."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from pathlib import Path
from typing import Any

from grafana_api.grafana_face import GrafanaFace
from grafana_description import Description

ADR = Path(__file__).parents[3] / "docs/adr/0029-two-grafana-libraries-behind-a-port.md"

ELEMENTS = (
    "admin",
    "annotations",
    "dashboard",
    "datasource",
    "folder",
    "notifications",
    "organization",
    "organizations",
    "search",
    "snapshots",
    "teams",
    "user",
    "users",
)


class Recorded(Exception):  # noqa: N818
    """A call of the library reached the wire."""

    def __init__(self, method: str, path: str) -> None:
        super().__init__(method, path)
        self.method = method
        self.path = path


class Wire:
    """Stands where the library's session stands."""

    def __getattr__(self, method: str) -> Callable[..., Any]:
        def ask(path: str, **_: object) -> Any:
            raise Recorded(method, path.partition("?")[0])

        return ask


class Anything(dict[str, str]):
    """An argument that is an object as well as a number in a path."""

    def __missing__(self, key: str) -> str:
        return key

    def __str__(self) -> str:
        return "7"


def calls() -> dict[str, Recorded]:
    """Every call of the old library with its method and path."""
    face = GrafanaFace("token")
    found: dict[str, Recorded] = {}
    for element in ELEMENTS:
        part: Any = getattr(face, element)
        part.api = Wire()
        for name, call in inspect.getmembers(part, inspect.ismethod):
            if name.startswith("_"):
                continue
            parameters = inspect.signature(call).parameters.values()
            needed = [Anything() for one in parameters if one.default is one.empty]
            try:
                call(*needed)
            except Recorded as recorded:
                found[f"{element}.{name}"] = recorded
    return found


def test_the_calls_that_grafana_no_longer_describes_are_those_of_the_decision(
    description_in_full: Description,
) -> None:
    known = calls()
    gone = {
        name
        for name, call in known.items()
        if description_in_full.find(call.method, call.path) is None
    }
    assert len(known) == 93
    told = ADR.read_text("utf-8").partition("<!-- gone -->")[2].partition("<!-- end -->")[0]
    assert gone == {word for word in told.split("`") if "." in word and " " not in word}


def test_every_call_that_the_adapter_makes_of_it_is_still_described(
    description: Description,
) -> None:
    known = calls()
    for name in (
        "folder.get_folder",
        "folder.create_folder",
        "folder.update_folder",
        "folder.get_folder_permissions",
        "folder.update_folder_permissions",
        "teams.search_teams",
        "teams.get_team",
        "teams.add_team",
        "teams.update_team",
        "dashboard.get_dashboard",
        "dashboard.update_dashboard",
    ):
        assert description.find(known[name].method, known[name].path) is not None, name
