"""Indexes by which events are found that were recorded on the other side of a moment.

Revision ID: 0003
Revises: 0002
"""

from typing import Any

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
    op.drop_index("journal_receipts", "journal")
    _index_receipts(postgresql_include=["dossier", "publisher", "event_id"])
    op.create_index(
        "dossiers_anomalous", "dossiers", ["code"], postgresql_where=sa.text("anomalies > 0")
    )


def _index_receipts(**more: Any) -> None:
    op.create_index(
        "journal_receipts",
        "journal",
        ["unit", "occurred_at"],
        postgresql_where=sa.text("kind = 11"),
        **more,
    )


def downgrade() -> None:
    op.drop_index("dossiers_anomalous", "dossiers")
    op.drop_index("journal_receipts", "journal")
    _index_receipts()
    op.drop_index("journal_untimely", "journal")
    op.drop_index("journal_recorded", "journal")
