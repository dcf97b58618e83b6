"""Bind positions to their standard

Revision ID: 0004
Revises: 0003
"""

import sqlalchemy as sa
from alembic import op

revision = '0004'
down_revision = '0003'
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply."""
    with op.batch_alter_table('position', schema=None) as batch_op:
        batch_op.add_column(sa.Column('standard_code', sa.String(length=60), nullable=True))

    with op.batch_alter_table('standard', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_standard_position'))
        batch_op.drop_constraint(batch_op.f('fk_standard_position_id_position'), type_='foreignkey')
        batch_op.drop_column('position_id')



def downgrade() -> None:
    """Take back."""
    with op.batch_alter_table('standard', schema=None) as batch_op:
        batch_op.add_column(sa.Column('position_id', sa.INTEGER(), nullable=True))
        batch_op.create_foreign_key(batch_op.f('fk_standard_position_id_position'), 'position', ['position_id'], ['id'])
        batch_op.create_index(batch_op.f('ix_standard_position'), ['position_id'], unique=False)

    with op.batch_alter_table('position', schema=None) as batch_op:
        batch_op.drop_column('standard_code')

