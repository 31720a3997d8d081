"""Indexes by which events are found that were recorded on the other side of a moment.

Revision ID: 0003
Revises: 0002
"""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

_UNTIMELY = "recorded_at - occurred_at > 86400000 OR kind = 24 OR occurred_at > recorded_at"


def upgrade() -> None:
    """The journal grows in the order of recording, so block ranges tell the moments cheaply."""
    op.create_index("journal_recorded", "journal", ["recorded_at"], postgresql_using="brin")
    op.create_index(
        "journal_untimely", "journal", ["recorded_at"], postgresql_where=sa.text(_UNTIMELY)
    )


def downgrade() -> None:
    op.drop_index("journal_untimely", "journal")
    op.drop_index("journal_recorded", "journal")
