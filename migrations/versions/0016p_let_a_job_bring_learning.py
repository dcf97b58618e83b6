"""Let a job bring learning from elsewhere, and meetings be held in places of their own

Revision ID: 0016p
Revises: 0016u
"""

import sqlalchemy as sa
from alembic import op

revision = '0016p'
down_revision = "0016u"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply."""
    with op.batch_alter_table('learning_import', schema=None) as batch_op:
        batch_op.add_column(sa.Column('job_id', sa.Integer(), nullable=True))
        batch_op.create_foreign_key(
            batch_op.f('fk_learning_import_job_id_job'), 'job', ['job_id'], ['id']
        )
        batch_op.create_unique_constraint(batch_op.f('uq_learning_import_job_id'), ['job_id'])
    with op.batch_alter_table('meeting', schema=None) as batch_op:
        batch_op.add_column(
            sa.Column('place', sa.String(length=250), nullable=False, server_default="")
        )
        batch_op.add_column(sa.Column('link', sa.String(length=300), nullable=True))
    with op.batch_alter_table('meeting', schema=None) as batch_op:
        batch_op.alter_column('place', server_default=None)


def downgrade() -> None:
    """Take back."""
    with op.batch_alter_table('meeting', schema=None) as batch_op:
        batch_op.drop_column('link')
        batch_op.drop_column('place')
    with op.batch_alter_table('learning_import', schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f('uq_learning_import_job_id'), type_='unique')
        batch_op.drop_constraint(batch_op.f('fk_learning_import_job_id_job'), type_='foreignkey')
        batch_op.drop_column('job_id')
