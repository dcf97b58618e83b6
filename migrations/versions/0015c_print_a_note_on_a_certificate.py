"""Print a note about one person on a certificate

Revision ID: 0015c
Revises: 0015u
"""

import sqlalchemy as sa
from alembic import op

revision = '0015c'
down_revision = "0015u"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply."""
    with op.batch_alter_table('enrolment', schema=None) as batch_op:
        batch_op.add_column(
            sa.Column('printed_note', sa.String(length=160), nullable=False, server_default='')
        )
    with op.batch_alter_table('enrolment', schema=None) as batch_op:
        batch_op.alter_column('printed_note', server_default=None)


def downgrade() -> None:
    """Take back."""
    with op.batch_alter_table('enrolment', schema=None) as batch_op:
        batch_op.drop_column('printed_note')
