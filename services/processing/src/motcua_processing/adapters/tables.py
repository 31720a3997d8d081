"""The tables of processing, as SQLModel classes: what the migrations must arrive at.

Moments are milliseconds since the epoch, days are local ordinals, 0 or null where a thing did not
happen. Everything here can be dropped and rebuilt from the log (law L1). For people and dashboards
the functions `reporting_...` of the migrations translate them.
"""

from __future__ import annotations

from sqlalchemy import (
    ARRAY,
    BigInteger,
    Column,
    Float,
    Identity,
    Index,
    LargeBinary,
    SmallInteger,
    Text,
    text,
)
from sqlmodel import Field, SQLModel

UNTIMELY = "(recorded_at - occurred_at > 86400000 OR kind = 24 OR occurred_at > recorded_at)"
"""Events recorded a day after they occurred, or before it, and voids; they are few."""


class LogPartition(SQLModel, table=True):
    """How far a partition of the log has been applied, and which log it is.

    `topic_id` and `cluster_id` tell a topic created anew from the one whose offsets these are.
    """

    __tablename__ = "log_partition"  # pyright: ignore[reportAssignmentType]

    id: int | None = Field(
        default=None, sa_column=Column(SmallInteger, primary_key=True, autoincrement=True)
    )
    topic: str = Field(sa_type=Text)
    partition: int
    cluster_id: str = Field(sa_type=Text)
    topic_id: str = Field(sa_type=Text)
    next_offset: int = Field(sa_type=BigInteger)

    __table_args__ = (Index("log_partition_place", "topic", "partition", unique=True),)


class Journal(SQLModel, table=True):
    """Every distinct event ever read, in the bytes in which it was told."""

    __tablename__ = "journal"  # pyright: ignore[reportAssignmentType]

    identity: bytes = Field(sa_column=Column(LargeBinary, primary_key=True))
    content: bytes = Field(sa_type=LargeBinary)
    dossier: str = Field(sa_type=Text)
    kind: int = Field(sa_type=SmallInteger)
    occurred_at: int = Field(sa_type=BigInteger)
    recorded_at: int = Field(sa_type=BigInteger)
    appended_at: int = Field(sa_type=BigInteger)
    log_partition: int = Field(sa_type=SmallInteger)
    log_offset: int = Field(sa_type=BigInteger)
    publisher: str = Field(sa_type=Text)
    event_id: str = Field(sa_type=Text)
    source: str = Field(sa_type=Text)
    unit: str | None = Field(default=None, sa_type=Text)
    """Of a receipt: the reporting unit."""
    voids: str | None = Field(default=None, sa_type=Text)
    """Of a void: the id of the event that it voids."""
    natural_key: bytes | None = Field(default=None, sa_type=LargeBinary)
    """Of a receipt with a mark: what it is about (`identity.natural_key`)."""
    value: bytes = Field(sa_type=LargeBinary)

    __table_args__ = (
        Index("journal_dossier", "dossier"),
        Index("journal_natural", "natural_key", postgresql_where=text("natural_key IS NOT NULL")),
        Index(
            "journal_receipts",
            "unit",
            "occurred_at",
            postgresql_include=["dossier", "publisher", "event_id"],
            postgresql_where=text("kind = 11"),
        ),
        Index("journal_voids", "publisher", "voids", postgresql_where=text("kind = 24")),
        Index("journal_recorded", "recorded_at", postgresql_using="brin"),
        Index("journal_untimely", "recorded_at", postgresql_where=text(UNTIMELY)),
    )


class Dossier(SQLModel, table=True):
    """The latest state of each dossier: the snapshot of the fold, and columns to ask by."""

    __tablename__ = "dossiers"  # pyright: ignore[reportAssignmentType]

    code: str = Field(sa_column=Column(Text, primary_key=True))
    snapshot: bytes = Field(sa_type=LargeBinary)
    procedure: str = Field(sa_type=Text)
    receiving_unit: str = Field(sa_type=Text)
    resolving_unit: str = Field(sa_type=Text)
    reporting_unit: str = Field(sa_type=Text)
    department: str = Field(sa_type=Text)
    status: int = Field(sa_type=SmallInteger)
    received_at: int = Field(sa_type=BigInteger)
    resolved_at: int = Field(sa_type=BigInteger)
    closed_at: int = Field(sa_type=BigInteger)
    paused: bool
    due_day: int | None = None
    due_moment: int | None = Field(default=None, sa_type=BigInteger)
    due_by_day: bool
    span_first: int
    """First and last day on which a calendar entry would matter."""
    span_last: int
    anomalies: int = Field(sa_type=SmallInteger)
    filed_at: int = Field(sa_type=BigInteger)
    reception_due: int | None = Field(default=None, sa_type=BigInteger)
    clock: str = Field(sa_type=Text)
    """The limit, where nothing but the calendar moves its end (`projection.clock_of`), else ""."""
    rests: str = Field(sa_type=Text)
    watch_day: int | None = None
    """The first day that notices look at, null where there is nothing to watch."""
    recorded_at: int = Field(sa_type=BigInteger)
    """The newest record among the folded events, and the newest event in their order."""
    occurred_at: int = Field(sa_type=BigInteger)

    __table_args__ = (
        Index("dossiers_anomalous", "code", postgresql_where=text("anomalies > 0")),
        Index("dossiers_watch", "watch_day", postgresql_where=text("watch_day IS NOT NULL")),
    )


class Publication(SQLModel, table=True):
    """Dossiers of one lane marked unpublished by one batch; gone once acknowledged."""

    __tablename__ = "publication"  # pyright: ignore[reportAssignmentType]

    id: int | None = Field(
        default=None, sa_column=Column(BigInteger, primary_key=True, autoincrement=True)
    )
    lane: int = Field(sa_type=SmallInteger)
    codes: list[str] = Field(sa_column=Column(ARRAY(Text), nullable=False))


class Quarantine(SQLModel, table=True):
    """Records that could not be read or may not be accepted; pending until published."""

    __tablename__ = "quarantine"  # pyright: ignore[reportAssignmentType]

    id: str = Field(sa_column=Column(Text, primary_key=True))
    topic: str = Field(sa_type=Text)
    partition: int
    log_offset: int = Field(sa_type=BigInteger)
    appended_at: int = Field(sa_type=BigInteger)
    rule: str = Field(sa_type=Text)
    field: str = Field(sa_type=Text)
    record: bytes = Field(sa_type=LargeBinary)
    """The `QuarantinedRecord` that is published."""
    publisher: str = Field(sa_type=Text)
    event_id: str = Field(sa_type=Text)
    dossier: str = Field(sa_type=Text)
    published: bool = False
    verdict: int = Field(sa_type=SmallInteger)
    """What was decided: 0 nothing yet, 1 released, 2 discarded (`QuarantineDecision.Verdict`)."""

    __table_args__ = (
        Index("quarantine_event", "publisher", "event_id"),
        Index("quarantine_dossier", "dossier", postgresql_where=text("verdict = 0")),
    )


class PublisherWatch(SQLModel, table=True):
    """The newest verdicts of a publisher that has a cap, a byte each: 1 for set aside."""

    __tablename__ = "publisher_watch"  # pyright: ignore[reportAssignmentType]

    publisher: str = Field(sa_column=Column(Text, primary_key=True))
    recent: bytes = Field(sa_type=LargeBinary)
    closed: bool
    decided_at: int = Field(sa_type=BigInteger, sa_column_kwargs={"server_default": "0"})
    """When a gate was last closed or opened; what was recorded before it counts no more."""


class AdminTopicRead(SQLModel, table=True):
    """A row once what the admin topic had is in these books."""

    __tablename__ = "admin_topic_read"  # pyright: ignore[reportAssignmentType]

    read: bool = Field(primary_key=True)


class AdminEvent(SQLModel, table=True):
    """Decisions and effects that cannot be derived again; pending until published."""

    __tablename__ = "admin_event"  # pyright: ignore[reportAssignmentType]

    id: str = Field(sa_column=Column(Text, primary_key=True))
    occurred_at: int = Field(sa_type=BigInteger)
    record: bytes = Field(sa_type=LargeBinary)
    """The `motcua.admin.v1.AdminEvent` that is published."""
    published: bool = False


class RegistryWork(SQLModel, table=True):
    """Registry entries whose dossiers are being re-projected; gone once all of them are."""

    __tablename__ = "registry_work"  # pyright: ignore[reportAssignmentType]

    id: int | None = Field(
        default=None, sa_column=Column(BigInteger, primary_key=True, autoincrement=True)
    )
    last_offset: int = Field(sa_type=BigInteger)
    as_of: int = Field(sa_type=BigInteger)
    """Domain time at which verdicts are compared: when the newest entry was recorded."""
    touches: bytes = Field(sa_type=LargeBinary)
    """Which dossiers they are, as JSON: `domain.touching.Touch`."""
    done_until: str = Field(sa_type=Text)
    """Dossiers up to this code are done."""
    figures: bytes = Field(sa_type=LargeBinary)
    """What was counted so far: a `motcua.admin.v1.Restatement`."""


class Notice(SQLModel, table=True):
    """Notices sent or about to be; each rung once for a due date, pending until published."""

    __tablename__ = "notice"  # pyright: ignore[reportAssignmentType]

    id: str = Field(sa_column=Column(Text, primary_key=True))
    number: int | None = Field(
        default=None,
        sa_column=Column(BigInteger, Identity(always=False), nullable=False, unique=True),
    )
    """The order in which they are published."""
    dossier: str = Field(sa_type=Text)
    subject: int = Field(sa_type=SmallInteger)
    step: str = Field(sa_type=Text)
    act: int = Field(sa_type=SmallInteger)
    rung: int = Field(sa_type=SmallInteger)
    due_day: int
    due_moment: int = Field(sa_type=BigInteger)
    noticed_at: int = Field(sa_type=BigInteger)
    withdrawn: bool = False
    record: bytes = Field(sa_type=LargeBinary)
    """The `motcua.notice.v1.Notice` that is published."""
    published: bool = False

    __table_args__ = (
        Index("notice_dossier", "dossier"),
        Index("notice_pending", "number", postgresql_where=text("NOT published")),
    )


class RegistryPosition(SQLModel, table=True):
    """The newest registry entry that the projections have been brought up to; one row."""

    __tablename__ = "registry_position"  # pyright: ignore[reportAssignmentType]

    id: int = Field(sa_column=Column(SmallInteger, primary_key=True))
    registry_offset: int = Field(sa_type=BigInteger)


class ReportingTerms(SQLModel, table=True):
    """What the functions for dashboards rest on: domain time and the small cell; one row."""

    __tablename__ = "reporting_terms"  # pyright: ignore[reportAssignmentType]

    id: int = Field(sa_column=Column(SmallInteger, primary_key=True, autoincrement=False))
    registry_offset: int = Field(sa_type=BigInteger)
    real_anchor: int = Field(sa_type=BigInteger)
    domain_anchor: int = Field(sa_type=BigInteger)
    rate: float = Field(sa_type=Float)
    small_cell: int


class ReportingUnit(SQLModel, table=True):
    """Under which unit the dossiers of another count from a day on: `domain.reporting_units`."""

    __tablename__ = "reporting_unit"  # pyright: ignore[reportAssignmentType]

    told: str = Field(sa_column=Column(Text, primary_key=True))
    first_day: int = Field(primary_key=True)
    counts_for: str = Field(sa_type=Text)
    name: str = Field(sa_type=Text)
    above: list[str] = Field(sa_column=Column(ARRAY(Text), nullable=False))
