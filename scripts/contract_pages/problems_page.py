"""The page of problem types: what each service answers when it does not do what was asked."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from motcua_kernel.admission_rules import RULES
from motcua_platform.problems import TYPE_PREFIX

from scripts.contract_pages.problem_sources import Source, rules, sources
from scripts.contract_pages.schema_texts import ROOT

EVENT_DOOR: Final = (
    "libs/kernel/src/motcua_kernel/admission.py",
    "services/intake/src/motcua_intake/domain/json_events.py",
    "services/intake/src/motcua_intake/entrypoints/protobuf_body.py",
    "services/intake/src/motcua_intake/application/accept.py",
)
"""Where an event is judged by itself."""
_TABLES: Final = "services/intake/src/motcua_intake/domain/tables"
_PORTAL: Final = "services/intake/src/motcua_intake/domain/portal"
_PROCESSING: Final = "services/processing/src"
_INTRODUCTION: Final = f"""\
# Problems · Các loại lỗi

Made by `make docs` from the code; do not edit by hand.

Whatever is not done is answered with a problem document (RFC 9457, `application/problem+json`):
`type` is stable, `title` and `detail` are for people, in Vietnamese or, with
`Accept-Language: en`, in English; `field` and `rule` say what is at fault. A `type` is
`{TYPE_PREFIX}` and a word of these tables; each of intake's has an example in
[its document](openapi/intake.json). What is no operation at all has the word `http-` and the
status, `http-404`.
"""
_OF_INTAKE: Final = """\
## Intake · Tiếp nhận

A request as a whole. *Again*: the same request later, not before `Retry-After`, is right. What
a program does about each is in [clients](clients.md).
"""
_OF_RULES: Final = """\
## Rules for an event · Quy tắc của sự kiện

When every event of a request is rejected the answer is `events-rejected` (422), or for a single
event the rule that it breaks: 403 for `authority`, 409 for `conflict`, 422 for the others. Where
something is accepted the answer is 202, and `results` names the rule of each rejected event. The
door: `events` is `POST /v1/events`, `imports` a row of a table, `portal` an item of a portal
message, `ingress` a record of a publisher's own topic or a mended one.
"""
_OF_PROCESSING: Final = """\
## Processing · Xử lý, tra cứu
"""


def document() -> str:
    """The page."""
    both = [one for one in sources("both") if one.kind != "forbidden"]
    forbidden = [one for one in sources("both") if one.kind == "forbidden"]
    parts = [
        _INTRODUCTION,
        _OF_INTAKE,
        _table([*sources("intake"), *both]),
        _OF_RULES,
        _rules(),
        _OF_PROCESSING,
        _table([*sources("processing"), *forbidden, *both]),
    ]
    return "\n".join(parts)


def _table(found: Iterable[Source]) -> str:
    rows: dict[tuple[int, str], Source] = {}
    for one in found:
        rows.setdefault((one.status, one.kind), one)
    lines = [
        f"| `{kind}` | {status} | {_when(one)} | {'yes' if one.waits else ''} | {_titles(one)} |"
        for (status, kind), one in sorted(rows.items())
    ]
    head = [
        "| type | status | when, and what would be right | again | title |",
        "|---|---|---|---|---|",
    ]
    return "\n".join([*head, *lines, ""])


def _when(one: Source) -> str:
    return " ".join(filter(None, [one.when, one.detail]))


def _titles(one: Source) -> str:
    return " · ".join(filter(None, [one.vi, one.title]))


def _rules() -> str:
    doors = {
        "events": rules(EVENT_DOOR) | {"protobuf"},
        "imports": rules(_files(_TABLES)),
        "portal": rules(_files(_PORTAL)),
        "ingress": rules(_files(_PROCESSING)),
    }
    lines = [
        f"| `{word}` | {', '.join(door for door, words in doors.items() if word in words)} |"
        f" {rule.vi} | {rule.en} |"
        for word, rule in RULES.items()
    ]
    head = ["| rule | door | đúng là | what would be right |", "|---|---|---|---|"]
    return "\n".join([*head, *lines, ""])


def _files(folder: str) -> list[str]:
    return [str(path.relative_to(ROOT)) for path in sorted((ROOT / folder).rglob("*.py"))]
