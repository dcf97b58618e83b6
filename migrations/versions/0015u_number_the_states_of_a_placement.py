"""Number the states of a placement, so that a stale form is refused

Revision ID: 0015u
Revises: 0014x
"""

import sqlalchemy as sa
from alembic import op

revision = "0015u"
down_revision = "0014x"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply."""
    op.add_column(
        "placement", sa.Column("version", sa.Integer(), nullable=False, server_default="1")
    )


def downgrade() -> None:
    """Take back."""
    op.drop_column("placement", "version")
