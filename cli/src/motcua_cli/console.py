"""What the user sees: Vietnamese first, English beside it, progress bars, short errors."""

import sys
from collections.abc import Callable
from functools import wraps
from typing import Final, NoReturn, ParamSpec, TypeVar

import typer
from rich.console import Console
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    SpinnerColumn,
    TextColumn,
    TimeElapsedColumn,
)
from rich.text import Text

from motcua_cli.errors import CommandError
from motcua_cli.stack import StackError

_WIDTH_WITHOUT_TERMINAL: Final = 160

P = ParamSpec("P")
T = TypeVar("T")


def _console(*, errors: bool = False) -> Console:
    stream = sys.stderr if errors else sys.stdout
    width = None if stream.isatty() else _WIDTH_WITHOUT_TERMINAL
    return Console(stderr=errors, width=width, markup=False, highlight=False, emoji=False)


out = _console()
_errors = _console(errors=True)


def both(vietnamese: str, english: str) -> Text:
    """One line in both languages."""
    return Text.assemble(vietnamese, (f"  ·  {english}", "dim"))


def plain(line: str) -> None:
    """Print one line that says the same in every language."""
    out.print(line, soft_wrap=True)


def say(vietnamese: str, english: str) -> None:
    """Print one line in both languages."""
    out.print(both(vietnamese, english), soft_wrap=True)


def heading(vietnamese: str, english: str) -> None:
    """Print a line that begins a part, in both languages."""
    out.print()
    out.print(Text.assemble((vietnamese, "bold"), (f"  ·  {english}", "dim")), soft_wrap=True)


def counting(total: int | None = None) -> Progress:
    """A progress bar that shows how many of `total` are done, on standard error."""
    how_many = MofNCompleteColumn() if total is not None else TextColumn("{task.completed:,.0f}")
    return Progress(
        SpinnerColumn(),
        TextColumn("{task.description}"),
        BarColumn(),
        how_many,
        TimeElapsedColumn(),
        console=_errors,
    )


def reports_failures(command: Callable[P, T]) -> Callable[P, T]:
    """Turn expected failures of a command into one sentence, after its details, and exit code 1.

    Ctrl-C ends with 130, as a shell expects.
    """

    @wraps(command)
    def reported(*args: P.args, **kwargs: P.kwargs) -> T:
        try:
            return command(*args, **kwargs)
        except CommandError as error:
            for vietnamese, english in error.details:
                _errors.print(both(vietnamese, english), soft_wrap=True)
            _fail(error.vietnamese, error.english)
        except StackError as error:
            _fail("Không dựng được hệ thống tại chỗ", str(error))
        except KeyboardInterrupt:
            raise typer.Exit(130) from None

    return reported


def _fail(vietnamese: str, english: str) -> NoReturn:
    _errors.print(Text.assemble(("Lỗi: ", "bold red"), both(vietnamese, english)), soft_wrap=True)
    raise typer.Exit(1) from None
