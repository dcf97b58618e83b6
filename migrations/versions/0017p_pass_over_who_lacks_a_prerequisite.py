"""Pass over who lacks a prerequisite

Revision ID: 0017p
Revises: 0016p
"""

import sqlalchemy as sa
from alembic import op

revision = '0017p'
down_revision = "0016p"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply."""
    with op.batch_alter_table('enrolment', schema=None) as batch_op:
        batch_op.add_column(
            sa.Column('exemption', sa.String(length=300), nullable=False, server_default="")
        )
        batch_op.add_column(sa.Column('passed_over_at', sa.DateTime(timezone=True), nullable=True))
    with op.batch_alter_table('enrolment', schema=None) as batch_op:
        batch_op.alter_column('exemption', server_default=None)


def downgrade() -> None:
    """Take back."""
    with op.batch_alter_table('enrolment', schema=None) as batch_op:
        batch_op.drop_column('passed_over_at')
        batch_op.drop_column('exemption')
