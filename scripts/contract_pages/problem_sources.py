"""Every problem and every rule that the code can answer with, as the sources write them.

Read from the syntax, not from a run: what no test ever provokes is found too.
"""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final, TypeGuard

from scripts.contract_pages.schema_texts import ROOT

SOURCES: Final = {
    "intake": ("services/intake/src",),
    "processing": ("services/processing/src",),
    "both": ("libs/platform/src",),
}


@dataclass(frozen=True, slots=True)
class Source:
    """One place that makes a problem."""

    kind: str
    status: int
    title: str
    vi: str
    detail: str
    when: str
    who: str
    waits: bool
    """Whether it says when to come back."""


def sources(who: str) -> list[Source]:
    """The problems that a service's own code makes, or the code of `both`.

    The board answers people, with pages.
    """
    found = [
        source
        for folder in SOURCES[who]
        for path in sorted((ROOT / folder).rglob("*.py"))
        if "board" not in path.parts
        for source in _of_file(path, who)
    ]
    return sorted(found, key=lambda one: (one.status, one.kind))


def rules(paths: Iterable[str]) -> set[str]:
    """The rules that these files reject an event by."""
    found: set[str] = set()
    for path in paths:
        for node in ast.walk(ast.parse((ROOT / path).read_text("utf-8"))):
            if _calls(node, "Rejected"):
                found.update(_texts(node.args[1]))
    return found


def _of_file(path: Path, who: str) -> Iterator[Source]:
    tree = ast.parse(path.read_text("utf-8"))
    for function in ast.walk(tree):
        if isinstance(function, ast.FunctionDef | ast.AsyncFunctionDef):
            for node in _own(function):
                if _calls(node, "Problem"):
                    yield from _told(node, function, who)


def _told(
    call: ast.Call, function: ast.FunctionDef | ast.AsyncFunctionDef, who: str
) -> Iterator[Source]:
    """The problems that a call makes: one, or two where the type is chosen on the spot."""
    status, kind, title = call.args[:3]
    if not isinstance(status, ast.Constant):
        return
    named = {keyword.arg: keyword.value for keyword in call.keywords}
    makes_it = isinstance(function.returns, ast.Name) and function.returns.id == "Problem"
    for word in _texts(kind):
        yield Source(
            word,
            int(str(status.value)),
            " ".join(_texts(title)).rstrip(": "),
            " ".join(_texts(named["vi"])[:1]).rstrip(": ") if "vi" in named else "",
            " ".join(text for one in call.args[3:4] for text in _texts(one)),
            _first_sentence(function) if makes_it else "",
            who,
            "headers" in named and "retry" in ast.unparse(named["headers"]).lower(),
        )


def _own(function: ast.FunctionDef | ast.AsyncFunctionDef) -> Iterator[ast.AST]:
    """The nodes of a function without those of functions inside it."""
    waiting: list[ast.AST] = list(function.body)
    while waiting:
        node = waiting.pop()
        yield node
        if not isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            waiting.extend(ast.iter_child_nodes(node))


def _calls(node: ast.AST, name: str) -> TypeGuard[ast.Call]:
    return isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == name


def _texts(node: ast.AST) -> list[str]:
    """The texts written in an expression, in their order."""
    return [
        one.value
        for one in ast.walk(node)
        if isinstance(one, ast.Constant) and isinstance(one.value, str) and one.value
    ]


def _first_sentence(function: ast.FunctionDef | ast.AsyncFunctionDef) -> str:
    text = (ast.get_docstring(function) or "").partition("\n\n")[0]
    return " ".join(text.split())
