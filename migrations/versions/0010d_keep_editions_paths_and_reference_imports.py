"""Keep editions, paths to a level and imports of reference data

Revision ID: 0010d
Revises: 0010s
"""

import sqlalchemy as sa
from alembic import op

revision = '0010d'
down_revision = "0010s"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply."""
    op.create_table('competency_edition',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('competency_id', sa.Integer(), nullable=False),
    sa.Column('number', sa.Integer(), nullable=False),
    sa.Column('content', sa.JSON(), nullable=False),
    sa.Column('state', sa.String(length=10), nullable=False),
    sa.Column('valid_from', sa.Date(), nullable=True),
    sa.Column('valid_until', sa.Date(), nullable=True),
    sa.Column('source', sa.Text(), nullable=False),
    sa.Column('reason', sa.String(length=300), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('created_by_label', sa.String(length=200), nullable=False),
    sa.ForeignKeyConstraint(['competency_id'], ['competency.id'], name=op.f('fk_competency_edition_competency_id_competency'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_competency_edition')),
    sa.UniqueConstraint('competency_id', 'number', name=op.f('uq_competency_edition_competency_id_number'))
    )
    op.create_table('level_path',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('competency_id', sa.Integer(), nullable=False),
    sa.Column('level', sa.Integer(), nullable=False),
    sa.Column('name', sa.String(length=200), nullable=False),
    sa.Column('state', sa.String(length=10), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.CheckConstraint('level BETWEEN 1 AND 5', name=op.f('ck_level_path_level')),
    sa.ForeignKeyConstraint(['competency_id'], ['competency.id'], name=op.f('fk_level_path_competency_id_competency'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_level_path'))
    )
    op.create_index(op.f('ix_level_path_competency_id'), 'level_path', ['competency_id'])
    op.create_table('level_path_step',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('path_id', sa.Integer(), nullable=False),
    sa.Column('group', sa.Integer(), nullable=False),
    sa.Column('kind', sa.String(length=12), nullable=False),
    sa.Column('course_code', sa.String(length=40), nullable=True),
    sa.Column('competency_id', sa.Integer(), nullable=True),
    sa.Column('level', sa.Integer(), nullable=True),
    sa.CheckConstraint('level IS NULL OR level BETWEEN 1 AND 5', name=op.f('ck_level_path_step_level')),
    sa.ForeignKeyConstraint(['competency_id'], ['competency.id'], name=op.f('fk_level_path_step_competency_id_competency')),
    sa.ForeignKeyConstraint(['path_id'], ['level_path.id'], name=op.f('fk_level_path_step_path_id_level_path'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_level_path_step'))
    )
    op.create_index(op.f('ix_level_path_step_path_id'), 'level_path_step', ['path_id'])
    with op.batch_alter_table('framework') as batch_op:
        batch_op.add_column(sa.Column('version', sa.String(length=20), nullable=False, server_default='1'))
    with op.batch_alter_table('competency') as batch_op:
        batch_op.add_column(sa.Column('policy_sources', sa.JSON(), nullable=False, server_default='[]'))
        batch_op.add_column(sa.Column('revision', sa.Integer(), nullable=False, server_default='1'))
    with op.batch_alter_table('standard') as batch_op:
        batch_op.add_column(sa.Column('reason', sa.String(length=300), nullable=False, server_default=''))
        batch_op.add_column(sa.Column('created_at', sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column('created_by_label', sa.String(length=200), nullable=False, server_default=''))
        batch_op.add_column(sa.Column('revision', sa.Integer(), nullable=False, server_default='1'))
    with op.batch_alter_table('import_batch') as batch_op:
        batch_op.add_column(sa.Column('kind', sa.String(length=12), nullable=False, server_default='staff'))
    with op.batch_alter_table('training_record') as batch_op:
        batch_op.add_column(sa.Column('course_code', sa.String(length=40), nullable=True))
    with op.batch_alter_table('level_in_force') as batch_op:
        batch_op.alter_column('rule', type_=sa.String(length=60), existing_type=sa.String(length=30), existing_nullable=False)


def downgrade() -> None:
    """Take it back."""
    op.execute("UPDATE level_in_force SET rule = 'best' WHERE length(rule) > 30")
    with op.batch_alter_table('level_in_force') as batch_op:
        batch_op.alter_column('rule', type_=sa.String(length=30), existing_type=sa.String(length=60), existing_nullable=False)
    with op.batch_alter_table('training_record') as batch_op:
        batch_op.drop_column('course_code')
    with op.batch_alter_table('import_batch') as batch_op:
        batch_op.drop_column('kind')
    with op.batch_alter_table('standard') as batch_op:
        batch_op.drop_column('revision')
        batch_op.drop_column('created_by_label')
        batch_op.drop_column('created_at')
        batch_op.drop_column('reason')
    with op.batch_alter_table('competency') as batch_op:
        batch_op.drop_column('revision')
        batch_op.drop_column('policy_sources')
    with op.batch_alter_table('framework') as batch_op:
        batch_op.drop_column('version')
    op.drop_table('level_path_step')
    op.drop_table('level_path')
    op.drop_table('competency_edition')
