"""The journal, the dossiers, and the books of what was read and published."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None


def upgrade() -> None:
    op.create_table(
        "log_partition",
        sa.Column("id", sa.SmallInteger, primary_key=True, autoincrement=True),
        sa.Column("topic", sa.Text, nullable=False),
        sa.Column("partition", sa.Integer, nullable=False),
        sa.Column("cluster_id", sa.Text, nullable=False),
        sa.Column("topic_id", sa.Text, nullable=False),
        sa.Column("next_offset", sa.BigInteger, nullable=False),
    )
    op.create_index("log_partition_place", "log_partition", ["topic", "partition"], unique=True)
    op.create_table(
        "journal",
        sa.Column("identity", sa.LargeBinary, primary_key=True),
        sa.Column("content", sa.LargeBinary, nullable=False),
        sa.Column("dossier", sa.Text, nullable=False),
        sa.Column("kind", sa.SmallInteger, nullable=False),
        sa.Column("occurred_at", sa.BigInteger, nullable=False),
        sa.Column("recorded_at", sa.BigInteger, nullable=False),
        sa.Column("appended_at", sa.BigInteger, nullable=False),
        sa.Column("log_partition", sa.SmallInteger, nullable=False),
        sa.Column("log_offset", sa.BigInteger, nullable=False),
        sa.Column("publisher", sa.Text, nullable=False),
        sa.Column("event_id", sa.Text, nullable=False),
        sa.Column("source", sa.Text, nullable=False),
        sa.Column("unit", sa.Text),
        sa.Column("voids", sa.Text),
        sa.Column("value", sa.LargeBinary, nullable=False),
    )
    op.create_index("journal_dossier", "journal", ["dossier"])
    op.create_index(
        "journal_receipts",
        "journal",
        ["unit", "occurred_at"],
        postgresql_where=sa.text("kind = 11"),
    )
    op.create_index(
        "journal_voids", "journal", ["publisher", "voids"], postgresql_where=sa.text("kind = 24")
    )
    op.create_table(
        "dossiers",
        sa.Column("code", sa.Text, primary_key=True),
        sa.Column("snapshot", sa.LargeBinary, nullable=False),
        sa.Column("procedure", sa.Text, nullable=False),
        sa.Column("receiving_unit", sa.Text, nullable=False),
        sa.Column("resolving_unit", sa.Text, nullable=False),
        sa.Column("reporting_unit", sa.Text, nullable=False),
        sa.Column("department", sa.Text, nullable=False),
        sa.Column("status", sa.SmallInteger, nullable=False),
        sa.Column("received_at", sa.BigInteger, nullable=False),
        sa.Column("resolved_at", sa.BigInteger, nullable=False),
        sa.Column("closed_at", sa.BigInteger, nullable=False),
        sa.Column("paused", sa.Boolean, nullable=False),
        sa.Column("due_day", sa.Integer),
        sa.Column("due_moment", sa.BigInteger),
        sa.Column("due_by_day", sa.Boolean, nullable=False),
        sa.Column("span_first", sa.Integer, nullable=False),
        sa.Column("span_last", sa.Integer, nullable=False),
        sa.Column("anomalies", sa.SmallInteger, nullable=False),
    )
    # Room on each page keeps updates of a dossier on it, without touching an index.
    op.execute("ALTER TABLE dossiers SET (fillfactor = 70)")
    op.create_table(
        "publication",
        sa.Column("id", sa.BigInteger, primary_key=True, autoincrement=True),
        sa.Column("lane", sa.SmallInteger, nullable=False),
        sa.Column("codes", sa.ARRAY(sa.Text), nullable=False),
    )
    op.create_table(
        "quarantine",
        sa.Column("id", sa.Text, primary_key=True),
        sa.Column("topic", sa.Text, nullable=False),
        sa.Column("partition", sa.Integer, nullable=False),
        sa.Column("log_offset", sa.BigInteger, nullable=False),
        sa.Column("appended_at", sa.BigInteger, nullable=False),
        sa.Column("rule", sa.Text, nullable=False),
        sa.Column("field", sa.Text, nullable=False),
        sa.Column("record", sa.LargeBinary, nullable=False),
        sa.Column("published", sa.Boolean, nullable=False),
    )
    op.create_table(
        "registry_position",
        sa.Column("id", sa.SmallInteger, primary_key=True, autoincrement=False),
        sa.Column("registry_offset", sa.BigInteger, nullable=False),
    )
    op.execute("INSERT INTO registry_position (id, registry_offset) VALUES (1, -1)")


def downgrade() -> None:
    for table in (
        "registry_position",
        "quarantine",
        "publication",
        "dossiers",
        "journal",
        "log_partition",
    ):
        op.drop_table(table)
