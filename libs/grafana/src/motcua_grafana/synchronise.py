"""Brings Grafana in step: look, plan, act; look again where something came between.

Nothing is remembered from one run to the next. A run that was cut short at any point is gone on
with by the next one, which looks anew.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from motcua_grafana.domain.actions import (
    Action,
    CreateFolder,
    CreateTeam,
    MoveFolder,
    Permit,
    RenameFolder,
    RenameTeam,
    SaveBoard,
    needs,
    subject,
)
from motcua_grafana.domain.plan import plan
from motcua_grafana.observe import observe
from motcua_grafana.port import (
    Conflict,
    GrafanaError,
    NotAllowed,
    Permission,
    Refused,
    Unavailable,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    from motcua_grafana.domain.states import Wanted
    from motcua_grafana.port import GrafanaPort

ROUNDS: Final = 3
"""How often one run looks and plans before it leaves the rest to the next run."""


@dataclass(slots=True)
class Outcome:
    """What a run did, what it could not do and why, and what stopped it."""

    done: list[Action] = field(default_factory=list[Action])
    left: list[tuple[Action, str]] = field(default_factory=list[tuple[Action, str]])
    stopped: GrafanaError | None = None
    """Grafana did not answer, or does not let the token do this; run again."""

    @property
    def in_step(self) -> bool:
        """Whether Grafana is as wanted."""
        return not self.left and self.stopped is None


class Progress:
    """Hears how far a run is; the default hears nothing."""

    def looked(self, done: int, total: int) -> None:
        """So many of the folders and dashboards have been looked at."""

    def acted(self, done: int, total: int) -> None:
        """So many of the planned actions have been tried."""


def planned(port: GrafanaPort, wanted: Wanted, progress: Progress) -> list[Action]:
    """What a run would do; nothing is changed."""
    return plan(wanted, observe(port, wanted, progress.looked).seen)


def synchronise(
    port: GrafanaPort, wanted: Wanted, progress: Progress, pause: Callable[[int], None]
) -> Outcome:
    """Carry out what is planned; `pause` waits before a further round, and is told its number."""
    outcome = Outcome()
    for_good: dict[str, str] = {}
    for number in range(1, ROUNDS + 1):
        for_now: dict[str, str] = {}
        outcome.stopped = None
        try:
            outcome.left = _round(port, wanted, progress, outcome.done, (for_good, for_now))
        except NotAllowed as error:
            outcome.stopped = error
            break
        except Unavailable as error:
            outcome.stopped = error
        if outcome.stopped is None and not for_now:
            break
        if number < ROUNDS:
            pause(number)
    return outcome


_Failed = tuple[dict[str, str], dict[str, str]]
"""Why a subject could not be put in order: refused for good, and in conflict for now."""


def _round(
    port: GrafanaPort, wanted: Wanted, progress: Progress, done: list[Action], failed: _Failed
) -> list[tuple[Action, str]]:
    """One look and the actions of its plan; what rests on a failed subject is left with it."""
    observation = observe(port, wanted, progress.looked)
    teams = dict(observation.team_ids)
    actions = plan(wanted, observation.seen)
    left: list[tuple[Action, str]] = []
    for tried, action in enumerate(actions, 1):
        why = _reason(action, failed) or _try(port, action, teams, failed)
        if why is None:
            done.append(action)
        else:
            left.append((action, why))
        progress.acted(tried, len(actions))
    return left


def _reason(action: Action, failed: _Failed) -> str | None:
    """Why an action has to wait: something that it needs has failed."""
    for reasons in failed:
        why = next((reasons[one] for one in sorted(needs(action)) if one in reasons), None)
        if why is not None:
            reasons.setdefault(subject(action), why)
            return why
    return None


def _try(port: GrafanaPort, action: Action, teams: dict[str, int], failed: _Failed) -> str | None:
    for_good, for_now = failed
    try:
        perform(port, action, teams)
    except NotAllowed:
        raise
    except Refused as failure:
        return for_good.setdefault(subject(action), str(failure))
    except Conflict as failure:
        return for_now.setdefault(subject(action), str(failure))
    return None


def perform(port: GrafanaPort, action: Action, teams: dict[str, int]) -> None:
    """Carry out one action; the number of a new team is added to `teams`."""
    match action:
        case CreateTeam(key, name):
            teams[key] = port.create_team(name)
        case RenameTeam(key, name):
            port.rename_team(teams[key], name)
        case CreateFolder(uid, folder):
            port.create_folder(uid, folder)
        case RenameFolder(uid, title):
            port.rename_folder(uid, title)
        case MoveFolder(uid, parent):
            port.move_folder(uid, parent)
        case Permit(uid, grants):
            ordered = sorted(grants, key=lambda grant: grant.holder)
            port.set_permissions(
                uid,
                [
                    Permission(grant.level, team=teams[grant.holder.removeprefix("team:")])
                    for grant in ordered
                ],
            )
        case SaveBoard(board, folder):
            port.save_board(board.model, folder, board.mark)
