"""The scenario of the swap day: a day off is entered after its deadlines have passed.

Friday 2 January 2026 was swapped with Saturday 10 January (document 12729/VPCP-KGVX of
25/12/2025). Here it is Monday 5 January, and nobody has told the system.
"""

from datetime import date
from pathlib import Path
from typing import Final

from motcua_sample_lam_dong import CALENDAR, NOW, PROVINCE, PROVINCE_PUBLISHER, SWAP, swap_day

from motcua_cli.calendar.applying import apply_change
from motcua_cli.calendar.effects import EffectRow, Preview, Restatement
from motcua_cli.calendar.proposal import Proposal, propose
from motcua_cli.calendar.recalculation import Recalculation
from motcua_cli.calendar.tables import by_weight
from motcua_cli.calendar.telling import say_preview, say_proposal, say_restatements
from motcua_cli.console import heading, plain, say
from motcua_cli.demo.checks import Checks
from motcua_cli.demo.figures import Question
from motcua_cli.demo.gauges import Gauges
from motcua_cli.demo.settling import Settled
from motcua_cli.demo.stage import Stage, stage
from motcua_cli.errors import CommandError
from motcua_cli.local.waiting import say_addresses, wait_for_end
from motcua_cli.processing_api import ProcessingApi
from motcua_cli.vietnamese import whole

_MOST_ROWS: Final = 10
_THIS_YEAR: Final = Question(PROVINCE, date(2026, 1, 1), date(2026, 1, 5))


def play_swap_day(folder: Path, *, seed: int, leave: bool) -> int:
    """Play the scenario; how many checks have failed. `leave` ends it, else Ctrl-C does.

    Raises:
        StackError: Kafka or PostgreSQL cannot be had.
        CommandError: a part does not do what it must.
    """
    known_until_then = [file for file in sorted(CALENDAR.glob("*.yaml")) if file != SWAP]
    with stage(folder, known_until_then, NOW, [PROVINCE_PUBLISHER]) as here:
        here.publish(swap_day(seed))
        checks = Checks()
        _play(here, checks)
        say_addresses(here.system)
        if not leave:
            say("Nhấn Ctrl-C để dừng.", "Press Ctrl-C to stop.")
            wait_for_end()
    return checks.failed


def _play(here: Stage, checks: Checks) -> None:
    recalculation = Recalculation(ProcessingApi(here.http, here.system.addresses.processing))
    heading(
        "1. Thứ Hai 05/01/2026, 09:00: hệ thống chưa biết ngày hoán đổi",
        "Monday 5 January 2026: nobody has told the system of the swap",
    )
    before, by_unit = here.settle(_THIS_YEAR), here.gauges()
    _say_gauges(before)

    heading("2. Thông báo hoán đổi ngày làm việc", "The announcement of the swap")
    proposal = propose([SWAP], here.kafka)
    if not proposal.changes:
        raise CommandError("Danh mục đã có ngày hoán đổi.", "The registry has the swap already.")
    for one in proposal.entries:
        plain(f"  {one.entry.calendar_day.day}  {one.entry.calendar_day.reference}")

    heading("3. Xem trước", "motcua calendar preview")
    say_proposal(proposal)
    preview = recalculation.preview([one.entry for one in proposal.entries])
    say_preview(preview, proposal.names, _MOST_ROWS)

    heading("4. Áp dụng", "motcua calendar apply")
    restatements = apply_change(here.kafka, proposal.entries, recalculation)
    say_restatements(restatements)

    heading("5. Chỉ số sau khi áp dụng", "The gauges afterwards")
    after, by_unit_after = here.settle(_THIS_YEAR), here.gauges()
    _say_gauges(after)

    heading("6. Áp dụng lần nữa", "Applied once more")
    again = propose([SWAP], here.kafka)
    say_proposal(again)

    heading("Đối chiếu", "Checks")
    fall = {
        unit: _overdue(gauges) - _overdue(by_unit_after.get(unit, {}))
        for unit, gauges in by_unit.items()
    }
    _check_restated(checks, preview, restatements, fall)
    checks.none(
        "Trước và sau, mọi chỉ số giống API",
        "every gauge is the API's figure, before and after",
        [*before.disagreements(), *after.disagreements()],
    )
    _check_nothing_left(checks, again, recalculation, restatements)


def _check_restated(
    checks: Checks, preview: Preview, restatements: list[Restatement], fall: dict[str, int]
) -> None:
    """What was told beforehand is what was restated, and what the gauges fell by."""
    checks.equal("Số lần điều chỉnh", "restatements", len(restatements), 1)
    restated = [row for one in restatements for row in one.rows]
    checks.that(
        "Có hồ sơ được rút quá hạn", "overdue verdicts are withdrawn", holds=_net(preview.rows) > 0
    )
    checks.equal(
        "Quá hạn giảm: xem trước, điều chỉnh, chỉ số",
        "overdue falls: preview, restatement, gauges",
        _net(preview.rows),
        _net(restated),
        sum(fall.values()),
    )
    checks.that(
        f"Xem trước và điều chỉnh giống nhau ở cả {len(preview.rows)} dòng",
        "preview and restatement agree line by line",
        holds=by_weight(preview.rows) == by_weight(restated),
    )
    units = {row.unit for row in preview.rows} | {unit for unit, by in fall.items() if by}
    wrong = [
        unit
        for unit in sorted(units)
        if fall.get(unit, 0) != _net([row for row in preview.rows if row.unit == unit])
    ]
    checks.none(
        f"Chỉ số của {len(units)} xã giảm đúng như xem trước",
        "the gauges of each commune fall as previewed",
        wrong,
    )


def _check_nothing_left(
    checks: Checks, again: Proposal, recalculation: Recalculation, told: list[Restatement]
) -> None:
    checks.equal("Lần thứ hai phải ghi", "entries to write again", len(again.changes), 0)
    checks.that(
        "Không có điều chỉnh nào thêm",
        "nothing more was restated",
        holds=recalculation.restatements(0) == told,
    )


def _net(rows: list[EffectRow]) -> int:
    return sum(row.withdrawn - row.appeared for row in rows)


def _overdue(gauges: Gauges) -> int:
    """Quá hạn: in progress, and resolved this year."""
    return gauges.get("in_progress.overdue", 0) + gauges.get("resolved.overdue", 0)


def _say_gauges(settled: Settled) -> None:
    gauges = settled.gauges
    in_progress = sum(count for name, count in gauges.items() if name.startswith("in_progress."))
    open_overdue, resolved = gauges["in_progress.overdue"], gauges["resolved.overdue"]
    say(
        f"Đang giải quyết {whole(in_progress)} hồ sơ, quá hạn {whole(open_overdue)}; "
        f"năm 2026 đã giải quyết quá hạn {whole(resolved)}.",
        f"{in_progress:,} in progress, {open_overdue:,} of them overdue; {resolved:,} resolved "
        "overdue in 2026 (from /metrics)",
    )
