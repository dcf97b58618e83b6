"""Keep tests of sessions and evaluation forms

Revision ID: 0012x
Revises: 0010c
"""

import sqlalchemy as sa
from alembic import op

revision = '0012x'
down_revision = "0010c"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply."""
    op.create_table('evaluation_response',
    sa.Column('id', sa.BigInteger(), autoincrement=False, nullable=False),
    sa.Column('session_id', sa.Integer(), nullable=False),
    sa.Column('form_version', sa.Integer(), nullable=False),
    sa.Column('answered_on', sa.Date(), nullable=False),
    sa.Column('answers', sa.JSON(), nullable=False),
    sa.Column('comment', sa.Text(), nullable=False),
    sa.ForeignKeyConstraint(['session_id'], ['session.id'], name=op.f('fk_evaluation_response_session_id_session'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_evaluation_response'))
    )
    with op.batch_alter_table('evaluation_response', schema=None) as batch_op:
        batch_op.create_index('ix_evaluation_response_session_id', ['session_id'], unique=False)

    op.create_table('exam',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('session_id', sa.Integer(), nullable=False),
    sa.Column('kind', sa.String(length=4), nullable=False),
    sa.Column('instructions', sa.Text(), nullable=False),
    sa.Column('wanted', sa.JSON(), nullable=False),
    sa.Column('question_ids', sa.JSON(), nullable=False),
    sa.Column('shuffle_questions', sa.Boolean(), nullable=False),
    sa.Column('shuffle_options', sa.Boolean(), nullable=False),
    sa.Column('minutes', sa.Integer(), nullable=True),
    sa.Column('attempts', sa.Integer(), nullable=False),
    sa.Column('opens_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('closes_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('weight', sa.Integer(), nullable=False),
    sa.Column('show_answers', sa.Boolean(), nullable=False),
    sa.Column('state', sa.String(length=10), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.CheckConstraint("kind IN ('pre', 'post')", name=op.f('ck_exam_kind')),
    sa.CheckConstraint('attempts BETWEEN 1 AND 20', name=op.f('ck_exam_attempts')),
    sa.CheckConstraint('minutes IS NULL OR minutes BETWEEN 1 AND 600', name=op.f('ck_exam_minutes')),
    sa.CheckConstraint('weight BETWEEN 0 AND 100', name=op.f('ck_exam_weight')),
    sa.ForeignKeyConstraint(['session_id'], ['session.id'], name=op.f('fk_exam_session_id_session'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_exam')),
    sa.UniqueConstraint('session_id', 'kind', name=op.f('uq_exam_session_id_kind'))
    )
    op.create_table('evaluation_receipt',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('enrolment_id', sa.Integer(), nullable=False),
    sa.Column('filled_on', sa.Date(), nullable=False),
    sa.ForeignKeyConstraint(['enrolment_id'], ['enrolment.id'], name=op.f('fk_evaluation_receipt_enrolment_id_enrolment'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_evaluation_receipt')),
    sa.UniqueConstraint('enrolment_id', name=op.f('uq_evaluation_receipt_enrolment_id'))
    )
    op.create_table('exam_attempt',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('exam_id', sa.Integer(), nullable=False),
    sa.Column('enrolment_id', sa.Integer(), nullable=False),
    sa.Column('number', sa.Integer(), nullable=False),
    sa.Column('seed', sa.BigInteger(), nullable=False),
    sa.Column('question_ids', sa.JSON(), nullable=False),
    sa.Column('started_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('deadline_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('submitted_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('points', sa.Double(), nullable=False),
    sa.Column('possible', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['enrolment_id'], ['enrolment.id'], name=op.f('fk_exam_attempt_enrolment_id_enrolment'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['exam_id'], ['exam.id'], name=op.f('fk_exam_attempt_exam_id_exam'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_exam_attempt')),
    sa.UniqueConstraint('exam_id', 'enrolment_id', 'number', name=op.f('uq_exam_attempt_exam_id_enrolment_id_number'))
    )
    with op.batch_alter_table('exam_attempt', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_exam_attempt_enrolment_id'), ['enrolment_id'], unique=False)

    op.create_table('exam_answer',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('attempt_id', sa.Integer(), nullable=False),
    sa.Column('question_id', sa.Integer(), nullable=False),
    sa.Column('answer', sa.JSON(), nullable=False),
    sa.Column('stamp', sa.BigInteger(), nullable=False),
    sa.Column('points', sa.Double(), nullable=False),
    sa.Column('saved_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['attempt_id'], ['exam_attempt.id'], name=op.f('fk_exam_answer_attempt_id_exam_attempt'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['question_id'], ['question.id'], name=op.f('fk_exam_answer_question_id_question')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_exam_answer')),
    sa.UniqueConstraint('attempt_id', 'question_id', name=op.f('uq_exam_answer_attempt_id_question_id'))
    )
    with op.batch_alter_table('exam_answer', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_exam_answer_question_id'), ['question_id'], unique=False)

    with op.batch_alter_table('course', schema=None) as batch_op:
        batch_op.add_column(sa.Column('evaluation_required', sa.Boolean(), server_default=sa.false(), nullable=False))

    with op.batch_alter_table('enrolment', schema=None) as batch_op:
        batch_op.add_column(sa.Column('score_reason', sa.String(length=300), server_default='', nullable=False))



def downgrade() -> None:
    """Take back."""
    with op.batch_alter_table('enrolment', schema=None) as batch_op:
        batch_op.drop_column('score_reason')

    with op.batch_alter_table('course', schema=None) as batch_op:
        batch_op.drop_column('evaluation_required')

    with op.batch_alter_table('exam_answer', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_exam_answer_question_id'))

    op.drop_table('exam_answer')
    with op.batch_alter_table('exam_attempt', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_exam_attempt_enrolment_id'))

    op.drop_table('exam_attempt')
    op.drop_table('evaluation_receipt')
    op.drop_table('exam')
    with op.batch_alter_table('evaluation_response', schema=None) as batch_op:
        batch_op.drop_index('ix_evaluation_response_session_id')

    op.drop_table('evaluation_response')
