"""Index job items in the order in which they are taken.

Revision ID: 0003
Revises: 0002
"""

from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Replace the index: fresh items come first, then those to be tried again."""
    op.drop_index("ix_job_item_job_id_state_position", table_name="job_item")
    op.create_index("ix_job_item_order", "job_item", ["job_id", "state", "attempts", "position"])


def downgrade() -> None:
    """Put the former index back."""
    op.drop_index("ix_job_item_order", table_name="job_item")
    op.create_index("ix_job_item_job_id_state_position", "job_item", ["job_id", "state", "position"])
