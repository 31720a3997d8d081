"""Columns that questions about deadlines are asked by; works, admin events and notices.

Revision ID: 0002
Revises: 0001
"""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

_ADDED = {
    "filed_at": "bigint NOT NULL DEFAULT 0",
    "reception_due": "bigint",
    "clock": "text NOT NULL DEFAULT ''",
    "rests": "text NOT NULL DEFAULT ''",
    "watch_day": "integer",
    "recorded_at": "bigint NOT NULL DEFAULT 0",
    "occurred_at": "bigint NOT NULL DEFAULT 0",
}


def upgrade() -> None:
    """The defaults hold until the dossiers are folded anew, as their revision has changed."""
    for column, kind in _ADDED.items():
        op.execute(f"ALTER TABLE dossiers ADD COLUMN {column} {kind}")
        op.execute(f"ALTER TABLE dossiers ALTER COLUMN {column} DROP DEFAULT")
    op.create_index(
        "dossiers_watch",
        "dossiers",
        ["watch_day"],
        postgresql_where=sa.text("watch_day IS NOT NULL"),
    )
    op.create_table(
        "admin_event",
        sa.Column("id", sa.Text, primary_key=True),
        sa.Column("occurred_at", sa.BigInteger, nullable=False),
        sa.Column("record", sa.LargeBinary, nullable=False),
        sa.Column("published", sa.Boolean, nullable=False),
    )
    op.create_table(
        "registry_work",
        sa.Column("id", sa.BigInteger, primary_key=True, autoincrement=True),
        sa.Column("last_offset", sa.BigInteger, nullable=False),
        sa.Column("as_of", sa.BigInteger, nullable=False),
        sa.Column("touches", sa.LargeBinary, nullable=False),
        sa.Column("done_until", sa.Text, nullable=False),
        sa.Column("figures", sa.LargeBinary, nullable=False),
    )
    op.create_table(
        "notice",
        sa.Column("id", sa.Text, primary_key=True),
        sa.Column("number", sa.BigInteger, sa.Identity(always=False), nullable=False, unique=True),
        sa.Column("dossier", sa.Text, nullable=False),
        sa.Column("subject", sa.SmallInteger, nullable=False),
        sa.Column("step", sa.Text, nullable=False),
        sa.Column("act", sa.SmallInteger, nullable=False),
        sa.Column("rung", sa.SmallInteger, nullable=False),
        sa.Column("due_day", sa.Integer, nullable=False),
        sa.Column("due_moment", sa.BigInteger, nullable=False),
        sa.Column("noticed_at", sa.BigInteger, nullable=False),
        sa.Column("withdrawn", sa.Boolean, nullable=False),
        sa.Column("record", sa.LargeBinary, nullable=False),
        sa.Column("published", sa.Boolean, nullable=False),
    )
    op.create_index("notice_dossier", "notice", ["dossier"])
    op.create_index(
        "notice_pending", "notice", ["number"], postgresql_where=sa.text("NOT published")
    )


def downgrade() -> None:
    for table in ("notice", "registry_work", "admin_event"):
        op.drop_table(table)
    op.drop_index("dossiers_watch", "dossiers")
    for column in reversed(_ADDED):
        op.drop_column("dossiers", column)
