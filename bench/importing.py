"""A workbook of 200,000 rows imported over HTTP: its time, and the memory of all that read it.

The baseline is a bare reading of the same workbook by the same library, in a process of its own.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Iterator
from datetime import datetime, timedelta
from itertools import chain, islice, repeat
from multiprocessing import get_context
from pathlib import Path
from typing import Any, Final

import httpx
import msgspec
from motcua_sample_dak_rlap import generate
from openpyxl import Workbook, load_workbook

from bench.results import Row

ROWS: Final = 200_000
_HEADERS: Final = (
    "STT",
    "Mã hồ sơ",
    "Mã TTHC",
    "Hình thức nộp",
    "Đơn vị xử lý",
    "Ngày tiếp nhận",
    "Ngày kết thúc xử lý",
    "Ngày trả kết quả",
    "Trạng thái",
)
_FORM: Final = "%d/%m/%Y %H:%M"
_SAMPLE_SECONDS: Final = 0.1


async def import_rows(url: str, key: str, folder: Path, pid: int) -> list[Row]:
    """Seconds of an import, and the peak of resident memory of intake and its readers."""
    path = folder / "table.xlsx"
    _write(path)
    bare = await asyncio.to_thread(_bare_seconds, path)
    watching = asyncio.ensure_future(_peak_mb(pid))
    started = time.perf_counter()
    async with httpx.AsyncClient(trust_env=False, timeout=300) as http:
        response = await http.post(
            f"{url}/v1/imports",
            params={"answers": "faults"},
            content=path.read_bytes(),
            headers={"Authorization": f"Bearer {key}"},
        )
    seconds = time.perf_counter() - started
    watching.cancel()
    last: dict[str, Any] = msgspec.json.decode(response.text.splitlines()[-1])
    if last["kind"] != "summary" or last["totals"]["rows_accepted"] != ROWS:
        raise RuntimeError(f"not every row was accepted: {last}")
    peak, at_rest = _peaks.pop(pid)
    return [
        Row.of("intake.import_200k_s", seconds, "s", target=60, baseline=bare),
        Row.of("intake.import_peak_mb", peak, "MB", target=250, baseline=at_rest),
    ]


def _write(path: Path) -> None:
    book = Workbook(write_only=True)
    sheet = book.create_sheet("Hồ sơ")
    sheet.append(_HEADERS)
    for row in islice(_rows(), ROWS):
        sheet.append(row)
    book.save(path)


def _rows() -> Iterator[tuple[object, ...]]:
    codes = sorted({one.event["data"]["procedure"] for one in _received()})
    began = datetime(2020, 1, 6, 8)  # noqa: DTZ001 - a table has local time
    for number, code in enumerate(chain.from_iterable(repeat(codes))):
        received = began + timedelta(minutes=number % 100_000)
        yield (
            number + 1,
            f"000.00.90.H16-{received:%y%m%d}-{number:06d}",
            code,
            "Trực tiếp",
            "666",
            received.strftime(_FORM),
            (received + timedelta(days=2)).strftime(_FORM),
            (received + timedelta(days=3)).strftime(_FORM),
            "Đã trả kết quả",
        )


def _received() -> Iterator[Any]:
    return (one for one in generate(2020) if one.event["type"].endswith(".Received"))


def _bare_seconds(path: Path) -> float:
    with get_context("spawn").Pool(1) as pool:
        return pool.apply(_read, (path,))


def _read(path: Path) -> float:
    started = time.perf_counter()
    book = load_workbook(path, read_only=True)
    for _ in book.worksheets[0].iter_rows(values_only=True):
        pass
    return time.perf_counter() - started


_peaks: Final[dict[int, tuple[float, float]]] = {}
"""By process: the most that it and its children were seen to hold, and what it held at first."""


async def _peak_mb(pid: int) -> None:
    first = _resident_mb(pid)
    while True:
        peak, _ = _peaks.get(pid, (first, first))
        _peaks[pid] = (max(peak, _resident_mb(pid)), first)
        await asyncio.sleep(_SAMPLE_SECONDS)


def _resident_mb(pid: int) -> float:
    children = Path(f"/proc/{pid}/task/{pid}/children").read_text("ascii").split()
    return sum(_own_mb(one) for one in (str(pid), *children))


def _own_mb(pid: str) -> float:
    try:
        status = Path(f"/proc/{pid}/status").read_text("ascii")
    except FileNotFoundError:
        return 0.0
    lines = (line.split() for line in status.splitlines())
    return next((int(parts[1]) / 1024 for parts in lines if parts[0] == "VmRSS:"), 0.0)
