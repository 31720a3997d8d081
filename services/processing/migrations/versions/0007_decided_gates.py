"""When the gates of publishers were last decided, and whether the admin topic has been read.

Revision ID: 0007
Revises: 0006
"""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Books that are there read the topic once more: what they know of it stays as it is."""
    op.add_column(
        "publisher_watch",
        sa.Column("decided_at", sa.BigInteger, nullable=False, server_default="0"),
    )
    op.create_table("admin_topic_read", sa.Column("read", sa.Boolean, primary_key=True))


def downgrade() -> None:
    """Counting begins with the log."""
    op.drop_table("admin_topic_read")
    op.drop_column("publisher_watch", "decided_at")
