"""The catalogue of events: each kind with its meaning, its fields, its rules and an example."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from typing import Final

from motcua_contracts.topics import DOSSIER_EVENTS
from motcua_kernel.events import CHANGE_OF_KIND, Kind
from motcua_kernel.life_cycle import STATUS_NAMES, TRANSITIONS, Status

from scripts.contract_pages.event_rejections import json_of, rules_by_field
from scripts.contract_pages.examples import Example, examples
from scripts.contract_pages.schema_texts import messages

_PACKAGE: Final = "motcua.dossier.v1."
_INTRODUCTION: Final = """\
# Events · Sự kiện

Made by `make docs` from [events.proto](../proto/motcua/dossier/v1/events.proto), the
[golden examples](../proto/examples/motcua.dossier.events.v1), the table of transitions and intake's
own checks; do not edit by hand.

An event is one fact about one dossier (hồ sơ), as it happened at the counter. It is sent to
`POST /v1/events` as the JSON of the examples, as Protobuf, or by a topic of the publisher's own.
What makes no sense yet (a result before the receipt) is kept and shown as an anomaly until the
missing event arrives: the order of sending does not matter. How to send: [clients](clients.md) and
[the guide](publish-your-first-dossier.md). The rules by name: [problems](problems.md).
"""
_OTHERWISE: Final = """\
Any other attribute or field is rejected as `unknown-field`: an event carries no name, identity
number, phone, address or free text (law L7). A second content under the same `id` is a `conflict`.
"""
_ENVELOPE_TEXTS: Final = {
    "specversion": "`1.0`",
    "id": "unique per publisher; the same at each attempt",
    "source": "the system that tells, a URI reference",
    "type": "`motcua.dossier.v1.` and the kind",
    "subject": "mã hồ sơ, the dossier code",
    "time": "when it happened at the counter, RFC 3339 with its offset",
    "sequence": "decimal, rises with each event of the source; `0` where it has none",
    "backfill": "told long after, with its own date: counted, but nobody is warned of it",
    "data": "the fields of the kind",
}


def document() -> str:
    """The page."""
    shown = {one.name: one for one in examples() if one.topic == DOSSIER_EVENTS}
    parts = [_INTRODUCTION, _contents(), _envelope(shown["Received"])]
    parts += [_kind(kind, shown[change.__name__]) for kind, change in CHANGE_OF_KIND.items()]
    return "\n".join(parts)


def vietnamese_name(name: str) -> str:
    """What a kind is called in Vietnamese: the first words in brackets of its comment."""
    found = re.search(r"\(([^)]+)\)", messages()[_PACKAGE + name].text.partition(".")[0])
    return found[1] if found else ""


def _contents() -> str:
    lines = [
        f"| [{change.__name__}](#{change.__name__.lower()}) | {vietnamese_name(change.__name__)} |"
        f" {_leads_to(kind)} |"
        for kind, change in CHANGE_OF_KIND.items()
    ]
    return "\n".join(["| kind | tên | leads to status |", "|---|---|---|", *lines, ""])


def _envelope(example: Example) -> str:
    rules = rules_by_field(example)
    needed = {field for field, words in rules.items() if "required" in words}
    lines = [
        f"| `{name}` | {'yes' if f'/{name}' in needed else ''} | {text} |"
        f" {_words(rules.get(f'/{name}', []))} |"
        for name, text in _ENVELOPE_TEXTS.items()
    ]
    return "\n".join(
        [
            "## Of every event",
            "",
            "| attribute | required | meaning | rejected by |",
            "|---|---|---|---|",
            *lines,
            "",
            _OTHERWISE,
        ]
    )


def _kind(kind: Kind, example: Example) -> str:
    name = example.name
    parts = [
        f"## {name}",
        "",
        f"**{vietnamese_name(name)}** · {messages()[_PACKAGE + name].text}",
        "",
    ]
    parts += [f"From status: {_comes_from(kind)}. Leads to: {_leads_to(kind)}.", ""]
    parts += _fields(example)
    shown = json.dumps(json_of(example), ensure_ascii=False, indent=2)
    return "\n".join([*parts, "```json", shown, "```", ""])


def _fields(example: Example) -> list[str]:
    fields = messages()[_PACKAGE + example.name].fields
    if not fields:
        return ["No fields: `data` is `{}`.", ""]
    rules = rules_by_field(example)
    lines = [
        f"| `{field.name}` | {'yes' if 'required' in words else ''} | {field.text} |"
        f" {_words(words)} |"
        for field in fields
        for words in [rules.get(f"/data/{field.name}", [])]
    ]
    head = ["| field of `data` | required | meaning | rejected by |", "|---|---|---|---|"]
    return [*head, *lines, ""]


def _comes_from(kind: Kind) -> str:
    return _statuses(TRANSITIONS[kind]) or "any"


def _leads_to(kind: Kind) -> str:
    table = TRANSITIONS[kind]
    if kind is Kind.SUPPLEMENT_SUPPLIED:
        return "the status before the request"
    if all(before is after for before, after in table.items()):
        return "the same status" if table else "the status without the voided event"
    return _statuses(table.values())


def _statuses(found: Iterable[Status]) -> str:
    return ", ".join(
        f"{int(one)} {STATUS_NAMES[one]}" if one else "none yet" for one in sorted(set(found))
    )


def _words(rules: list[str]) -> str:
    return ", ".join(f"`{rule}`" for rule in rules)
