"""Plan the last day of a placement, from the usual term of the seat

Revision ID: 0014t
Revises: 0013f
"""

import sqlalchemy as sa
from alembic import op

revision = '0014t'
down_revision = '0013f'
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply."""
    with op.batch_alter_table('seat', schema=None) as batch_op:
        batch_op.add_column(sa.Column('term_months', sa.Integer(), nullable=True))
        batch_op.create_check_constraint(op.f('ck_seat_term_months'), 'term_months BETWEEN 1 AND 120')
    op.add_column('placement', sa.Column('planned_until', sa.Date(), nullable=True))


def downgrade() -> None:
    """Take back."""
    op.drop_column('placement', 'planned_until')
    with op.batch_alter_table('seat', schema=None) as batch_op:
        batch_op.drop_constraint(op.f('ck_seat_term_months'), type_='check')
        batch_op.drop_column('term_months')
