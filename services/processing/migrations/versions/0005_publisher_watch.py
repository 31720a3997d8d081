"""The newest verdicts of publishers that have a cap on quarantined records.

Revision ID: 0005
Revises: 0004
"""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Counting begins now."""
    op.create_table(
        "publisher_watch",
        sa.Column("publisher", sa.Text, primary_key=True),
        sa.Column("recent", sa.LargeBinary, nullable=False),
        sa.Column("closed", sa.Boolean, nullable=False),
    )


def downgrade() -> None:
    """Without caps."""
    op.drop_table("publisher_watch")
