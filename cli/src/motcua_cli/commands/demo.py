"""`motcua demo`."""

from collections.abc import Callable
from enum import Enum
from pathlib import Path
from typing import Annotated, Final

import typer

from motcua_cli.commands.options import Data, Observability
from motcua_cli.console import reports_failures
from motcua_cli.demo.merger import play_merger
from motcua_cli.demo.run import run_demo
from motcua_cli.demo.spike import play_spike
from motcua_cli.demo.stage import emptied, must_be_empty
from motcua_cli.demo.swap_day import play_swap_day
from motcua_cli.local.waiting import end_in_order_on_sigterm
from motcua_cli.stack.paths import run_folder

DEFAULT_SEED = 2020


class Scenario(Enum):
    """A story of Lâm Đồng, or of a department, in the place of the district's year."""

    SWAP_DAY = "swap-day"
    MERGER = "merger"
    SPIKE = "spike"


_PLAYS: Final[dict[Scenario, Callable[..., int]]] = {
    Scenario.SWAP_DAY: play_swap_day,
    Scenario.MERGER: play_merger,
    Scenario.SPIKE: play_spike,
}


@reports_failures
def demo(
    *,
    seed: Annotated[int, typer.Option(help="Hạt giống của năm mẫu · seed")] = DEFAULT_SEED,
    altered: Annotated[
        bool, typer.Option("--altered", help="Một hồ sơ bị trễ thêm · one more dossier is late")
    ] = False,
    leave: Annotated[
        bool, typer.Option("--exit", help="Tự kết thúc, 0 nếu khớp · end, 0 if it agrees")
    ] = False,
    scenario: Annotated[
        Scenario | None, typer.Option(help="Kịch bản · a story in its place")
    ] = None,
    observability: Observability = True,
    data: Data = None,
) -> None:
    """Một năm của huyện Đắk R'Lấp qua cả hệ thống · One district's year through everything."""
    end_in_order_on_sigterm()
    if scenario is not None:
        folder = must_be_empty(data) if data else emptied(run_folder() / "demo" / scenario.value)
        failed = _PLAYS[scenario](folder, seed=seed, leave=leave)
        if leave and failed:
            raise typer.Exit(1)
        return
    folder = run_folder() / "demo"
    outcome = run_demo(
        data or _data_of(folder, seed, altered=altered),
        folder / "summary.json",
        seed=seed,
        altered=altered,
        leave=leave,
        observability=observability,
    )
    if leave and outcome.faults():
        raise typer.Exit(1)


def _data_of(folder: Path, seed: int, *, altered: bool) -> Path:
    return folder / (f"{seed}-altered" if altered else str(seed))
