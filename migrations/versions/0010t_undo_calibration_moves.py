"""Undo calibration moves by a new row

Revision ID: 0010t
Revises: 0010d
"""

import sqlalchemy as sa
from alembic import op

revision = '0010t'
down_revision = "0010d"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply."""
    with op.batch_alter_table('calibration_move') as batch:
        batch.add_column(sa.Column('undoes_id', sa.Integer(), nullable=True))
        batch.alter_column('to_box', existing_type=sa.Integer(), nullable=True)
        batch.create_foreign_key(
            op.f('fk_calibration_move_undoes_id_calibration_move'),
            'calibration_move',
            ['undoes_id'],
            ['id'],
        )


def downgrade() -> None:
    """Revert; a move back to having no box cannot be told without the column."""
    op.execute('DELETE FROM calibration_move WHERE to_box IS NULL')
    with op.batch_alter_table('calibration_move') as batch:
        batch.drop_constraint(
            op.f('fk_calibration_move_undoes_id_calibration_move'), type_='foreignkey'
        )
        batch.alter_column('to_box', existing_type=sa.Integer(), nullable=False)
        batch.drop_column('undoes_id')
