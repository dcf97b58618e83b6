"""Say what a plan does for the JP duty, and keep versions of its items

Revision ID: 0015p
Revises: 0015c
"""

import sqlalchemy as sa
from alembic import op

revision = '0015p'
down_revision = "0015c"
branch_labels = None
depends_on = None

FIGURES = ("levels", "short_people", "duty_hours", "above_people")


def upgrade() -> None:
    """Apply."""
    with op.batch_alter_table('year_plan_item', schema=None) as batch_op:
        for name in FIGURES:
            batch_op.add_column(sa.Column(name, sa.Integer(), nullable=False, server_default="0"))
        batch_op.add_column(sa.Column('version', sa.Integer(), nullable=False, server_default="1"))
    with op.batch_alter_table('year_plan_item', schema=None) as batch_op:
        for name in (*FIGURES, "version"):
            batch_op.alter_column(name, server_default=None)
    with op.batch_alter_table('year_plan_item_proposal', schema=None) as batch_op:
        batch_op.add_column(sa.Column('sessions_before', sa.Integer(), nullable=True))
        batch_op.add_column(
            sa.Column('sessions_after', sa.Integer(), nullable=False, server_default="1")
        )
    with op.batch_alter_table('year_plan_item_proposal', schema=None) as batch_op:
        batch_op.alter_column("sessions_after", server_default=None)


def downgrade() -> None:
    """Take back."""
    with op.batch_alter_table('year_plan_item_proposal', schema=None) as batch_op:
        batch_op.drop_column('sessions_after')
        batch_op.drop_column('sessions_before')
    with op.batch_alter_table('year_plan_item', schema=None) as batch_op:
        for name in ("version", *reversed(FIGURES)):
            batch_op.drop_column(name)
