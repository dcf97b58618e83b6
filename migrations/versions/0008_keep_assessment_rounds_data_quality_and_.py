"""Keep assessment rounds, data quality and rights

Revision ID: 0008
Revises: 0007
"""

import sqlalchemy as sa
from alembic import op

revision = '0008'
down_revision = '0007'
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply."""
    op.create_table('quality_snapshot',
    sa.Column('day', sa.Date(), nullable=False),
    sa.Column('opd_key', sa.Integer(), autoincrement=False, nullable=False),
    sa.Column('people', sa.Integer(), nullable=False),
    sa.Column('completeness', sa.Double(), nullable=False),
    sa.Column('timeliness', sa.Double(), nullable=False),
    sa.Column('accuracy', sa.Double(), nullable=False),
    sa.Column('consistency', sa.Double(), nullable=False),
    sa.Column('total', sa.Double(), nullable=False),
    sa.Column('rule_version', sa.Integer(), nullable=False),
    sa.PrimaryKeyConstraint('day', 'opd_key', name=op.f('pk_quality_snapshot'))
    )
    op.create_table('assessment_round',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('name', sa.String(length=160), nullable=False),
    sa.Column('purpose', sa.Text(), nullable=False),
    sa.Column('state', sa.String(length=10), nullable=False),
    sa.Column('starts_on', sa.Date(), nullable=False),
    sa.Column('ends_on', sa.Date(), nullable=False),
    sa.Column('double_percent', sa.Integer(), nullable=False),
    sa.Column('valid_months', sa.Integer(), nullable=True),
    sa.Column('created_by_id', sa.Integer(), nullable=True),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('closed_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.CheckConstraint('double_percent BETWEEN 0 AND 100', name=op.f('ck_assessment_round_double_percent')),
    sa.CheckConstraint('ends_on >= starts_on', name=op.f('ck_assessment_round_dates')),
    sa.ForeignKeyConstraint(['created_by_id'], ['account.id'], name=op.f('fk_assessment_round_created_by_id_account')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_assessment_round')),
    sa.UniqueConstraint('name', name=op.f('uq_assessment_round_name'))
    )
    op.create_table('assessment_competency',
    sa.Column('round_id', sa.Integer(), nullable=False),
    sa.Column('competency_id', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['competency_id'], ['competency.id'], name=op.f('fk_assessment_competency_competency_id_competency')),
    sa.ForeignKeyConstraint(['round_id'], ['assessment_round.id'], name=op.f('fk_assessment_competency_round_id_assessment_round'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('round_id', 'competency_id', name=op.f('pk_assessment_competency'))
    )
    op.create_table('assessment_target',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('round_id', sa.Integer(), nullable=False),
    sa.Column('employee_id', sa.Integer(), nullable=False),
    sa.Column('is_double', sa.Boolean(), nullable=False),
    sa.ForeignKeyConstraint(['employee_id'], ['employee.id'], name=op.f('fk_assessment_target_employee_id_employee'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['round_id'], ['assessment_round.id'], name=op.f('fk_assessment_target_round_id_assessment_round'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_assessment_target')),
    sa.UniqueConstraint('round_id', 'employee_id', name=op.f('uq_assessment_target_round_id_employee_id'))
    )
    with op.batch_alter_table('assessment_target', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_assessment_target_employee_id'), ['employee_id'], unique=False)

    op.create_table('consent',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('employee_id', sa.Integer(), nullable=False),
    sa.Column('purpose', sa.String(length=30), nullable=False),
    sa.Column('notice_version', sa.String(length=20), nullable=False),
    sa.Column('given_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('withdrawn_at', sa.DateTime(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['employee_id'], ['employee.id'], name=op.f('fk_consent_employee_id_employee'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_consent'))
    )
    with op.batch_alter_table('consent', schema=None) as batch_op:
        batch_op.create_index('ix_consent_person_purpose', ['employee_id', 'purpose'], unique=False)

    op.create_table('assessment_task',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('target_id', sa.Integer(), nullable=False),
    sa.Column('kind', sa.String(length=10), nullable=False),
    sa.Column('rater_employee_id', sa.Integer(), nullable=True),
    sa.Column('rater_account_id', sa.Integer(), nullable=True),
    sa.Column('place', sa.Integer(), nullable=False),
    sa.Column('state', sa.String(length=6), nullable=False),
    sa.Column('sent_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('reminded_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['rater_account_id'], ['account.id'], name=op.f('fk_assessment_task_rater_account_id_account')),
    sa.ForeignKeyConstraint(['rater_employee_id'], ['employee.id'], name=op.f('fk_assessment_task_rater_employee_id_employee'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['target_id'], ['assessment_target.id'], name=op.f('fk_assessment_task_target_id_assessment_target'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_assessment_task')),
    sa.UniqueConstraint('target_id', 'kind', 'rater_account_id', name=op.f('uq_assessment_task_target_id_kind_rater_account_id')),
    sa.UniqueConstraint('target_id', 'kind', 'rater_employee_id', name=op.f('uq_assessment_task_target_id_kind_rater_employee_id'))
    )
    with op.batch_alter_table('assessment_task', schema=None) as batch_op:
        batch_op.create_index('ix_assessment_task_account_state', ['rater_account_id', 'state'], unique=False)
        batch_op.create_index('ix_assessment_task_employee_state', ['rater_employee_id', 'state'], unique=False)

    op.create_table('assessment_answer',
    sa.Column('task_id', sa.Integer(), nullable=False),
    sa.Column('competency_id', sa.Integer(), nullable=False),
    sa.Column('level', sa.Integer(), nullable=True),
    sa.Column('note', sa.String(length=500), nullable=False),
    sa.CheckConstraint('level IS NULL OR level BETWEEN 1 AND 5', name=op.f('ck_assessment_answer_level')),
    sa.ForeignKeyConstraint(['competency_id'], ['competency.id'], name=op.f('fk_assessment_answer_competency_id_competency')),
    sa.ForeignKeyConstraint(['task_id'], ['assessment_task.id'], name=op.f('fk_assessment_answer_task_id_assessment_task'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('task_id', 'competency_id', name=op.f('pk_assessment_answer'))
    )
    op.create_table('data_contest',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('employee_id', sa.Integer(), nullable=False),
    sa.Column('kind', sa.String(length=30), nullable=False),
    sa.Column('subject', sa.String(length=160), nullable=False),
    sa.Column('level_record_id', sa.Integer(), nullable=True),
    sa.Column('statement', sa.Text(), nullable=False),
    sa.Column('state', sa.String(length=10), nullable=False),
    sa.Column('filed_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('due_on', sa.Date(), nullable=False),
    sa.Column('answer', sa.Text(), nullable=False),
    sa.Column('answered_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('answered_by_id', sa.Integer(), nullable=True),
    sa.Column('answered_by_label', sa.String(length=200), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.CheckConstraint("state IN ('open', 'corrected', 'refused', 'withdrawn')", name=op.f('ck_data_contest_state')),
    sa.ForeignKeyConstraint(['answered_by_id'], ['account.id'], name=op.f('fk_data_contest_answered_by_id_account')),
    sa.ForeignKeyConstraint(['employee_id'], ['employee.id'], name=op.f('fk_data_contest_employee_id_employee'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['level_record_id'], ['level_record.id'], name=op.f('fk_data_contest_level_record_id_level_record')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_data_contest'))
    )
    with op.batch_alter_table('data_contest', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_data_contest_employee_id'), ['employee_id'], unique=False)
        batch_op.create_index('ix_data_contest_state_due', ['state', 'due_on'], unique=False)

    op.create_table('reconciliation_item',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('batch_id', sa.Integer(), nullable=False),
    sa.Column('employee_id', sa.Integer(), nullable=False),
    sa.Column('field', sa.String(length=40), nullable=False),
    sa.Column('siasn_value', sa.String(length=300), nullable=True),
    sa.Column('local_value', sa.String(length=300), nullable=True),
    sa.Column('document', sa.String(length=300), nullable=False),
    sa.Column('decision', sa.String(length=10), nullable=True),
    sa.Column('decided_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('decided_by_id', sa.Integer(), nullable=True),
    sa.Column('decided_by_label', sa.String(length=200), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.CheckConstraint("decision IS NULL OR decision IN ('accept', 'keep', 'correct')", name=op.f('ck_reconciliation_item_decision')),
    sa.ForeignKeyConstraint(['batch_id'], ['import_batch.id'], name=op.f('fk_reconciliation_item_batch_id_import_batch'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['decided_by_id'], ['account.id'], name=op.f('fk_reconciliation_item_decided_by_id_account')),
    sa.ForeignKeyConstraint(['employee_id'], ['employee.id'], name=op.f('fk_reconciliation_item_employee_id_employee'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_reconciliation_item')),
    sa.UniqueConstraint('batch_id', 'employee_id', 'field', name=op.f('uq_reconciliation_item_batch_id_employee_id_field'))
    )
    with op.batch_alter_table('reconciliation_item', schema=None) as batch_op:
        batch_op.create_index('ix_reconciliation_item_batch_decision', ['batch_id', 'decision'], unique=False)
        batch_op.create_index(batch_op.f('ix_reconciliation_item_employee_id'), ['employee_id'], unique=False)



def downgrade() -> None:
    """Take back."""
    with op.batch_alter_table('reconciliation_item', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_reconciliation_item_employee_id'))
        batch_op.drop_index('ix_reconciliation_item_batch_decision')

    op.drop_table('reconciliation_item')
    with op.batch_alter_table('data_contest', schema=None) as batch_op:
        batch_op.drop_index('ix_data_contest_state_due')
        batch_op.drop_index(batch_op.f('ix_data_contest_employee_id'))

    op.drop_table('data_contest')
    op.drop_table('assessment_answer')
    with op.batch_alter_table('assessment_task', schema=None) as batch_op:
        batch_op.drop_index('ix_assessment_task_employee_state')
        batch_op.drop_index('ix_assessment_task_account_state')

    op.drop_table('assessment_task')
    with op.batch_alter_table('consent', schema=None) as batch_op:
        batch_op.drop_index('ix_consent_person_purpose')

    op.drop_table('consent')
    with op.batch_alter_table('assessment_target', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_assessment_target_employee_id'))

    op.drop_table('assessment_target')
    op.drop_table('assessment_competency')
    op.drop_table('assessment_round')
    op.drop_table('quality_snapshot')
