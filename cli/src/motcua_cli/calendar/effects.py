"""What a change does to figures already shown, as processing tells it."""

import msgspec


class Verdicts(msgspec.Struct, frozen=True):
    """Dossiers by verdict at one moment."""

    resolved_early: int = 0
    resolved_on_time: int = 0
    resolved_overdue: int = 0
    resolved_no_deadline: int = 0
    open_overdue: int = 0
    open_other: int = 0
    closed: int = 0

    @property
    def overdue(self) -> int:
        """Quá hạn, resolved or in progress."""
        return self.resolved_overdue + self.open_overdue


class Effect(msgspec.Struct, frozen=True, kw_only=True):
    """What a change does to some dossiers.

    `crossing` are those that it may reach, `moved` those that get another due date; of them
    `withdrawn` are no longer overdue, and `appeared` become so.
    """

    crossing: int = 0
    moved: int = 0
    withdrawn: int = 0
    appeared: int = 0
    before: Verdicts = Verdicts()
    after: Verdicts = Verdicts()


class EffectRow(Effect, frozen=True, kw_only=True):
    """The effect on one unit and lead department."""

    unit: str
    department: str = ""


class Preview(msgspec.Struct, frozen=True):
    """What entries would do, and the seconds that processing took to tell."""

    as_of: str
    seconds: float
    total: Effect
    rows: list[EffectRow]


class Restatement(msgspec.Struct, frozen=True, kw_only=True):
    """A restatement (điều chỉnh số liệu): what entries of the registry did."""

    id: str
    occurred_at: str
    first_offset: int
    last_offset: int
    references: list[str] = []
    entries: list[str] = []
    rows: list[EffectRow] = []
    crossing: int = 0
    moved: int = 0
    before: Verdicts = Verdicts()
    after: Verdicts = Verdicts()

    @property
    def total(self) -> Effect:
        """All rows together."""
        return Effect(
            crossing=self.crossing,
            moved=self.moved,
            withdrawn=sum(row.withdrawn for row in self.rows),
            appeared=sum(row.appeared for row in self.rows),
            before=self.before,
            after=self.after,
        )
