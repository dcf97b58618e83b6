"""Keep assignments with their rubrics

Revision ID: 0014x
Revises: 0014t
"""

import sqlalchemy as sa
from alembic import op

revision = '0014x'
down_revision = "0014t"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply."""
    op.create_table('assignment',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('session_id', sa.Integer(), nullable=False),
    sa.Column('title', sa.String(length=200), nullable=False),
    sa.Column('brief', sa.Text(), nullable=False),
    sa.Column('due_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('weight', sa.Integer(), nullable=False),
    sa.Column('late_percent', sa.Integer(), nullable=True),
    sa.Column('state', sa.String(length=10), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.CheckConstraint('late_percent IS NULL OR late_percent BETWEEN 0 AND 100', name=op.f('ck_assignment_late')),
    sa.CheckConstraint("state IN ('draft', 'published')", name=op.f('ck_assignment_state')),
    sa.CheckConstraint('weight BETWEEN 0 AND 100', name=op.f('ck_assignment_weight')),
    sa.ForeignKeyConstraint(['session_id'], ['session.id'], name=op.f('fk_assignment_session_id_session'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_assignment'))
    )
    with op.batch_alter_table('assignment', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_assignment_session_id'), ['session_id'], unique=False)
    op.create_table('assignment_rubric',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('assignment_id', sa.Integer(), nullable=False),
    sa.Column('number', sa.Integer(), nullable=False),
    sa.Column('body', sa.JSON(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['assignment_id'], ['assignment.id'], name=op.f('fk_assignment_rubric_assignment_id_assignment'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_assignment_rubric')),
    sa.UniqueConstraint('assignment_id', 'number', name=op.f('uq_assignment_rubric_assignment_id_number'))
    )
    op.create_table('submission',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('assignment_id', sa.Integer(), nullable=False),
    sa.Column('enrolment_id', sa.Integer(), nullable=False),
    sa.Column('number', sa.Integer(), nullable=False),
    sa.Column('text', sa.Text(), nullable=False),
    sa.Column('file_id', sa.Integer(), nullable=True),
    sa.Column('submitted_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('deduction', sa.Integer(), nullable=False),
    sa.Column('state', sa.String(length=10), nullable=False),
    sa.Column('rubric_id', sa.Integer(), nullable=True),
    sa.Column('chosen', sa.JSON(), nullable=False),
    sa.Column('comment', sa.Text(), nullable=False),
    sa.Column('score', sa.Float(), nullable=True),
    sa.Column('again_until', sa.DateTime(timezone=True), nullable=True),
    sa.Column('graded_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('graded_by_id', sa.Integer(), nullable=True),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.CheckConstraint("state IN ('submitted', 'returned', 'final')", name=op.f('ck_submission_state')),
    sa.ForeignKeyConstraint(['assignment_id'], ['assignment.id'], name=op.f('fk_submission_assignment_id_assignment'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['enrolment_id'], ['enrolment.id'], name=op.f('fk_submission_enrolment_id_enrolment'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['file_id'], ['stored_file.id'], name=op.f('fk_submission_file_id_stored_file')),
    sa.ForeignKeyConstraint(['graded_by_id'], ['account.id'], name=op.f('fk_submission_graded_by_id_account')),
    sa.ForeignKeyConstraint(['rubric_id'], ['assignment_rubric.id'], name=op.f('fk_submission_rubric_id_assignment_rubric')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_submission')),
    sa.UniqueConstraint('assignment_id', 'enrolment_id', 'number', name=op.f('uq_submission_assignment_id_enrolment_id_number'))
    )
    with op.batch_alter_table('submission', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_submission_enrolment_id'), ['enrolment_id'], unique=False)


def downgrade() -> None:
    """Take back."""
    with op.batch_alter_table('submission', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_submission_enrolment_id'))

    op.drop_table('submission')
    op.drop_table('assignment_rubric')
    with op.batch_alter_table('assignment', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_assignment_session_id'))

    op.drop_table('assignment')
