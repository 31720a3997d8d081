"""An explanation as a page of plain text, a line a day, for terminals; the board draws it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final

from motcua_kernel.explain_texts import Language

from motcua_processing.entrypoints.board.words import TERMS, WEEKDAYS, Term

_SHARED: Final = ("dossier", "procedure", "limit", "due", "none", "used", "left")
_OWN: Final[Mapping[str, Term]] = {
    "version": Term("phiên bản hiệu lực từ", "version in force from"),
    "entry": Term("bản ghi", "entry"),
    "unit": Term("Đơn vị giải quyết", "Resolving unit"),
    "hours": Term("Giờ làm việc", "Working hours"),
    "verdict": Term("Tình trạng", "Verdict"),
    "statutory": Term("theo quy định", "statutory"),
    "committed": Term("cam kết", "committed"),
    "phase": Term("Giai đoạn", "Phase"),
    "extension": Term("Gia hạn", "Extension"),
    "sum": Term("Cộng", "Sum"),
    "attribution": Term(
        "Thời gian vượt (+) hoặc còn (-) theo nơi giữ hồ sơ, phút",
        "Where the time went beyond (+) or within (-) its share, minutes",
    ),
    "steps": Term(
        "Các bước xử lý (phút làm việc): được dùng / nhận dư / đã dùng / còn dư",
        "Steps (working minutes): budget / carried in / used / unused",
    ),
    "minutes": Term("phút", "minutes"),
}
_ALL: Final[Mapping[str, Term]] = {
    **_OWN,
    **{name: TERMS[name] for name in _SHARED},
    "reappointed": TERMS["reappointed_due"],
    "rest": TERMS["paused"],
    "over": TERMS["over_limit"],
    "weekdays": Term(*(" ".join(names) for names in zip(*WEEKDAYS, strict=True))),
}


def explain_page(answer: Mapping[str, Any], language: Language) -> str:
    """The page of an answer of `explain_answer`."""
    words = {name: getattr(term, language) for name, term in _ALL.items()}
    return "\n".join(
        [
            *_head(answer, words),
            "",
            *_days(answer, words),
            "",
            *_foot(answer, words),
            *_attribution(answer, words),
            *_steps(answer, words),
            "",
        ]
    )


def _head(answer: Mapping[str, Any], words: Mapping[str, str]) -> Iterator[str]:
    head = answer["head"]
    yield f"{words['dossier']} {answer['dossier']}"
    version = head["version"]
    told = f"{words['procedure']}: {head['procedure']} {head['procedure_name'] or ''}".rstrip()
    if version is not None:
        told += f" ({words['version']} {_date(version['valid_from'])}, {words['entry']} "
        told += f"{version['registry_offset']}"
        told += f", {version['reference']})" if version["reference"] else ")"
    yield told
    yield f"{words['unit']}: {head['unit_name']} ({head['unit']})"
    limit, bounds = head["limit"], list[str]()
    for name in ("statutory", "committed"):
        if head[f"{name}_minutes"] is not None:
            bounds.append(f"{words[name]} {head[f'{name}_minutes']}")
    phases: list[str] = []
    while limit is not None:
        phases.append(f"{limit['minutes']} {words['minutes']} ({limit['unit_name']})")
        limit = limit.get("then")
    if phases:
        yield f"{words['limit']}: {' + '.join(phases)}; {', '.join(bounds)}".removesuffix("; ")
    if head["working_hours"] is not None:
        yield f"{words['hours']}: {_hours(head['working_hours']['days'], words)}"
    if answer["problem"] is not None:
        yield answer["problem"]["text"]


def _hours(days: Mapping[str, list[list[str]]], words: Mapping[str, str]) -> str:
    """The working hours, days alike in a row taken together."""
    names = words["weekdays"].split()
    groups: list[tuple[str, str, list[list[str]]]] = []
    for name, windows in zip(names, days.values(), strict=True):
        if groups and groups[-1][2] == windows:
            groups[-1] = (groups[-1][0], name, windows)
        else:
            groups.append((name, name, windows))
    return "; ".join(
        f"{first if first == last else f'{first}-{last}'} "
        + ", ".join(f"{start}-{end}" for start, end in windows)
        for first, last, windows in groups
        if windows
    )


def _days(answer: Mapping[str, Any], words: Mapping[str, str]) -> Iterator[str]:
    in_phases = len(answer["sum"]) > 1
    for day in answer["days"]:
        counted = f"{day['counted_minutes']:g}/{day['whole_minutes']:g}"
        phase = f"{day['phase']}  " if in_phases else ""
        start = f"{_date(day['date'])}  {phase}{day['mark_name']:<14}{counted:>12}  "
        texts = [one["text"] for one in day["reasons"]] or [""]
        yield f"{start}{texts[0]}".rstrip()
        for text in texts[1:]:
            yield f"{'':<{len(start)}}{text}"
    for one in answer["sum"]:
        name = f"{words['phase']} {one['phase']}, " if in_phases else ""
        counted = f"{one['counted_minutes']:g}/{one['budget_minutes']:g}"
        yield f"{words['sum']}: {name}{counted} {words['minutes']} ({one['unit_name']})"


def _foot(answer: Mapping[str, Any], words: Mapping[str, str]) -> Iterator[str]:
    for rest in answer["rests"]:
        yield f"{words['rest']}: {_moment(rest['from'])} - {_moment(rest['to'])}"
    if answer["extension_minutes"]:
        yield f"{words['extension']}: {answer['extension_minutes']} {words['minutes']}"
    yield f"{words['used']}: {answer['used_minutes']:g} {words['minutes']}"
    over = answer["over_minutes"]
    if over is not None:
        yield f"{words['over' if over > 0 else 'left']}: {abs(over):g} {words['minutes']}"
    yield f"{words['due']}: {_due(answer['due'], words)}"
    if answer["verdict_name"]:
        yield f"{words['verdict']}: {answer['verdict_name']}"
    if answer["reappointed_due"] is not None:
        yield f"{words['reappointed']}: {_due(answer['reappointed_due'], words)}"


def _attribution(answer: Mapping[str, Any], words: Mapping[str, str]) -> Iterator[str]:
    if not answer["attribution"]:
        return
    yield ""
    yield words["attribution"]
    for one in answer["attribution"]:
        name = " ".join(filter(None, (one["party_name"], one["department"], one["name"])))
        yield f"  {one['over_minutes']:>+12g}  {name}"
    yield f"  {answer['over_minutes']:>+12g}  {words['sum']}"


def _steps(answer: Mapping[str, Any], words: Mapping[str, str]) -> Iterator[str]:
    if not answer["steps"]:
        return
    yield ""
    yield words["steps"]
    for one in answer["steps"]:
        left = _moment(one["left"]) if one["left"] else "…"
        budget = "–" if one["budget_minutes"] is None else f"{one['budget_minutes']:g}"
        figures = " / ".join(
            (budget, *(f"{one[f'{name}_minutes']:g}" for name in ("carried", "used", "unused")))
        )
        where = " ".join(filter(None, (one["department_name"], one["step"])))
        yield f"  {_moment(one['entered'])} - {left}  {where}: {figures}"


def _due(due: Mapping[str, Any] | None, words: Mapping[str, str]) -> str:
    if due is None:
        return words["none"]
    return _date(due["date"]) if due["compared_by"] == "date" else _moment(due["moment"])


def _date(text: str) -> str:
    return f"{text[8:10]}/{text[5:7]}/{text[:4]}"


def _moment(text: str) -> str:
    return f"{text[11:16]} {_date(text)}"
