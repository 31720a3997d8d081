"""What quarantined records say of themselves, what was decided, and what receipts are about.

Revision ID: 0004
Revises: 0003
"""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

_SAYS = ("publisher", "event_id", "dossier")


def upgrade() -> None:
    """Records set aside before stay without the new facts until a rebuild reads them again."""
    for name in _SAYS:
        op.add_column("quarantine", sa.Column(name, sa.Text, nullable=False, server_default=""))
        op.alter_column("quarantine", name, server_default=None)
    op.add_column(
        "quarantine", sa.Column("verdict", sa.SmallInteger, nullable=False, server_default="0")
    )
    op.alter_column("quarantine", "verdict", server_default=None)
    op.create_index("quarantine_event", "quarantine", ["publisher", "event_id"])
    op.create_index(
        "quarantine_dossier", "quarantine", ["dossier"], postgresql_where=sa.text("verdict = 0")
    )
    op.add_column("journal", sa.Column("natural_key", sa.LargeBinary))
    op.create_index(
        "journal_natural",
        "journal",
        ["natural_key"],
        postgresql_where=sa.text("natural_key IS NOT NULL"),
    )


def downgrade() -> None:
    """Back to records without them."""
    op.drop_index("journal_natural", "journal")
    op.drop_column("journal", "natural_key")
    op.drop_index("quarantine_dossier", "quarantine")
    op.drop_index("quarantine_event", "quarantine")
    for name in ("verdict", *_SAYS):
        op.drop_column("quarantine", name)
