"""Steps (bước, quy trình nội bộ): what each may use of the time, and when it is due.

A budget never extends the deadline of the dossier. While the dossier rests, its step rests too.
Source: domain reference 4.5; the budgets are those of the procedure's version of the receipt day.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from motcua_kernel.clock import Due, Ledger, Limit, LimitUnit, due
from motcua_kernel.state import NEVER

if TYPE_CHECKING:
    from motcua_kernel.calendar import Calendar
    from motcua_kernel.procedures import Procedure
    from motcua_kernel.state import DossierState


def step_due(
    state: DossierState, procedure: Procedure | None, ledger: Ledger, calendar: Calendar
) -> Due | None:
    """When the step that the dossier is at is due; None without a budget, or while it rests."""
    if procedure is None or state.is_ended or not state.steps or state.steps[-1].left != NEVER:
        return None
    here = state.steps[-1]
    budget = next((one.budget_minutes for one in procedure.steps if one.id == here.step), None)
    if budget is None:
        return None
    pauses = tuple(
        pause for pause in ledger.pauses if pause.closed is None or pause.closed > here.entered
    )
    limit = Limit(LimitUnit.WORKING_HOURS, budget)
    return due(Ledger(limit, here.entered, pauses), calendar)
