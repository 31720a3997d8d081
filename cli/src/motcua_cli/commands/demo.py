"""`motcua demo`."""

from pathlib import Path
from typing import Annotated

import typer

from motcua_cli.commands.options import Data
from motcua_cli.console import reports_failures
from motcua_cli.demo.run import run_demo
from motcua_cli.local.waiting import end_in_order_on_sigterm
from motcua_cli.stack.paths import run_folder

DEFAULT_SEED = 2020


@reports_failures
def demo(
    seed: Annotated[int, typer.Option(help="Hạt giống của năm mẫu · seed")] = DEFAULT_SEED,
    altered: Annotated[
        bool, typer.Option("--altered", help="Một hồ sơ bị trễ thêm · one more dossier is late")
    ] = False,
    leave: Annotated[
        bool, typer.Option("--exit", help="Tự kết thúc, 0 nếu khớp · end, 0 if it agrees")
    ] = False,
    data: Data = None,
) -> None:
    """Một năm của huyện Đắk R'Lấp qua cả hệ thống · One district's year through everything."""
    end_in_order_on_sigterm()
    folder = run_folder() / "demo"
    outcome = run_demo(
        data or _data_of(folder, seed, altered=altered),
        folder / "summary.json",
        seed=seed,
        altered=altered,
        leave=leave,
    )
    if leave and outcome.faults():
        raise typer.Exit(1)


def _data_of(folder: Path, seed: int, *, altered: bool) -> Path:
    return folder / (f"{seed}-altered" if altered else str(seed))
