"""Keep sources of a round, results of assessment centres, and why a datum was kept

Revision ID: 0010a
Revises: 0009
"""

import sqlalchemy as sa
from alembic import op

revision = '0010a'
down_revision = '0009'
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply."""
    with op.batch_alter_table('assessment_round', schema=None) as batch_op:
        batch_op.add_column(
            sa.Column('sources', sa.String(length=60), nullable=False, server_default='self,supervisor,assessor')
        )
        batch_op.add_column(sa.Column('min_raters', sa.Integer(), nullable=False, server_default='3'))
    with op.batch_alter_table('assessment_round', schema=None) as batch_op:
        batch_op.alter_column('sources', server_default=None)
        batch_op.alter_column('min_raters', server_default=None)
    with op.batch_alter_table('assessment_task', schema=None) as batch_op:
        batch_op.alter_column('kind', existing_type=sa.String(length=10), type_=sa.String(length=12))
    with op.batch_alter_table('reconciliation_item', schema=None) as batch_op:
        batch_op.add_column(sa.Column('reason', sa.String(length=300), nullable=False, server_default=''))
    with op.batch_alter_table('reconciliation_item', schema=None) as batch_op:
        batch_op.alter_column('reason', server_default=None)
    op.create_table('result_batch',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('file_name', sa.String(length=200), nullable=False),
    sa.Column('provider', sa.String(length=160), nullable=False),
    sa.Column('band_index', sa.String(length=30), nullable=False),
    sa.Column('state', sa.String(length=8), nullable=False),
    sa.Column('created_by_id', sa.Integer(), nullable=True),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('applied_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('undone_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('undo_reason', sa.String(length=300), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['created_by_id'], ['account.id'], name=op.f('fk_result_batch_created_by_id_account')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_result_batch'))
    )
    op.create_table('result_row',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('batch_id', sa.Integer(), nullable=False),
    sa.Column('number', sa.Integer(), nullable=False),
    sa.Column('employee_id', sa.Integer(), nullable=True),
    sa.Column('label', sa.String(length=200), nullable=False),
    sa.Column('nip', sa.String(length=40), nullable=False),
    sa.Column('assessed_on', sa.Date(), nullable=True),
    sa.Column('valid_until', sa.Date(), nullable=True),
    sa.Column('match', sa.Double(), nullable=True),
    sa.Column('band', sa.String(length=60), nullable=False),
    sa.Column('levels', sa.JSON(), nullable=False),
    sa.Column('state', sa.String(length=8), nullable=False),
    sa.Column('problems', sa.JSON(), nullable=False),
    sa.ForeignKeyConstraint(['batch_id'], ['result_batch.id'], name=op.f('fk_result_row_batch_id_result_batch'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['employee_id'], ['employee.id'], name=op.f('fk_result_row_employee_id_employee'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_result_row')),
    sa.UniqueConstraint('batch_id', 'number', name=op.f('uq_result_row_batch_id_number'))
    )
    with op.batch_alter_table('result_row', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_result_row_employee_id'), ['employee_id'], unique=False)


def downgrade() -> None:
    """Undo."""
    op.drop_table('result_row')
    op.drop_table('result_batch')
    with op.batch_alter_table('reconciliation_item', schema=None) as batch_op:
        batch_op.drop_column('reason')
    with op.batch_alter_table('assessment_task', schema=None) as batch_op:
        batch_op.alter_column('kind', existing_type=sa.String(length=12), type_=sa.String(length=10))
    with op.batch_alter_table('assessment_round', schema=None) as batch_op:
        batch_op.drop_column('min_raters')
        batch_op.drop_column('sources')
