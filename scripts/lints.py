"""The project's own lints: laws that a general linter does not know.

`no-wall-clock`: nothing in a `domain/` folder or in the kernel reads the clock, the environment or
chance (law L9). `no-catch-all`: outside an entry point `except Exception` ends in a raise.
`no-latest`: no consumer starts at the end of the log (law L5). `too-long`: no file over 400 lines.

Usage: scripts/lints.py [FOLDER ...]   (default: the source folders of the repository)
"""

from __future__ import annotations

import ast
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Final, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT: Final = Path(__file__).resolve().parents[1]
FOLDERS: Final = (
    "libs",
    "services",
    "cli",
    "client",
    "samples",
    "deploy",
    "tests",
    "bench",
    "scripts",
)
SKIPPED: Final = frozenset({"__pycache__", "node_modules", ".venv", "build"})
LONGEST: Final = 400

IMPURE: Final = (
    "time.time",
    "time.time_ns",
    "time.monotonic",
    "datetime.datetime.now",
    "datetime.datetime.today",
    "datetime.datetime.utcnow",
    "datetime.date.today",
    "random",
    "secrets",
    "uuid.uuid1",
    "uuid.uuid4",
    "os.environ",
    "os.getenv",
    "os.urandom",
)


class Finding(NamedTuple):
    """A rule broken at a line of a file."""

    path: Path
    line: int
    rule: str
    what: str

    def __str__(self) -> str:
        return f"{self.path}:{self.line}: {self.rule}: {self.what}"


def check_file(path: Path) -> list[Finding]:
    """What is wrong with one Python file."""
    text = path.read_text("utf-8")
    findings: list[Finding] = []
    lines = text.count("\n")
    if lines > LONGEST:
        findings.append(Finding(path, lines, "too-long", f"{lines} lines, at most {LONGEST}"))
    tree = ast.parse(text, str(path))
    checks = [_no_latest(tree)]
    if "tests" not in path.parts:
        checks += [_no_catch_all(tree)] if not _is_entry_point(path) else []
        checks += [_no_wall_clock(tree)] if _is_pure(path) else []
    findings += [Finding(path, line, rule, what) for check in checks for line, rule, what in check]
    return findings


def _is_pure(path: Path) -> bool:
    return "domain" in path.parts or "motcua_kernel" in path.parts


def _is_entry_point(path: Path) -> bool:
    return "entrypoints" in path.parts or path.name == "__main__.py"


_Faults = list[tuple[int, str, str]]


def _no_wall_clock(tree: ast.AST) -> _Faults:
    origin = dict(_imports(tree))
    faults: _Faults = []
    for node in ast.walk(tree):
        if isinstance(node, ast.Name | ast.Attribute):
            name = _full_name(node, origin)
            if name is not None and name in IMPURE:
                faults.append((node.lineno, "no-wall-clock", name))
    return faults


def _imports(tree: ast.AST) -> Iterator[tuple[str, str]]:
    """What each imported name stands for: `from datetime import datetime as d` gives d."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            for one in node.names:
                top = one.name.split(".")[0]
                yield (one.asname, one.name) if one.asname else (top, top)
        elif isinstance(node, ast.ImportFrom) and node.level == 0:
            for one in node.names:
                name = f"{node.module}.{one.name}"
                in_impure_module = node.module in IMPURE
                yield one.asname or one.name, str(node.module) if in_impure_module else name


def _full_name(node: ast.Name | ast.Attribute, origin: dict[str, str]) -> str | None:
    if isinstance(node, ast.Name):
        return origin.get(node.id)
    if isinstance(node.value, ast.Name | ast.Attribute):
        before = _full_name(node.value, origin)
        return None if before is None else f"{before}.{node.attr}"
    return None


def _no_catch_all(tree: ast.AST) -> _Faults:
    return [
        (node.lineno, "no-catch-all", "except Exception outside an entry point")
        for node in ast.walk(tree)
        if isinstance(node, ast.ExceptHandler)
        and _catches_all(node.type)
        and not isinstance(node.body[-1], ast.Raise)
    ]


def _catches_all(caught: ast.expr | None) -> bool:
    if isinstance(caught, ast.Tuple):
        return any(_catches_all(one) for one in caught.elts)
    return caught is None or (isinstance(caught, ast.Name) and caught.id == "Exception")


def _no_latest(tree: ast.AST) -> _Faults:
    return [
        (node.value.lineno, "no-latest", "a consumer that starts at the end loses events")
        for node in ast.walk(tree)
        if isinstance(node, ast.keyword)
        and node.arg == "auto_offset_reset"
        and isinstance(node.value, ast.Constant)
        and node.value.value == "latest"
    ]


def python_files(folder: Path) -> Iterator[Path]:
    """The Python files below a folder, in order."""
    for path in sorted(folder.rglob("*.py")):
        if not SKIPPED & set(path.parts):
            yield path


def main(arguments: list[str]) -> int:
    """Print every finding; 1 if there is one."""
    folders = [Path(one) for one in arguments] or [ROOT / one for one in FOLDERS]
    findings = [
        one for folder in folders for path in python_files(folder) for one in check_file(path)
    ]
    for finding in findings:
        print(finding)
    return 1 if findings else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
