"""Keep proposals, year plans and claimed hours

Revision ID: 0009
Revises: 0008
"""

import sqlalchemy as sa
from alembic import op

revision = '0009'
down_revision = '0008'
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply."""
    op.create_table('year_plan',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('year', sa.Integer(), nullable=False),
    sa.Column('edition', sa.Integer(), nullable=False),
    sa.Column('state', sa.String(length=10), nullable=False),
    sa.Column('budget', sa.BigInteger(), nullable=False),
    sa.Column('hours', sa.Integer(), nullable=False),
    sa.Column('note', sa.Text(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('created_by_id', sa.Integer(), nullable=True),
    sa.Column('adopted_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('adopted_by_label', sa.String(length=200), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.CheckConstraint('budget >= 0', name=op.f('ck_year_plan_budget')),
    sa.CheckConstraint('hours >= 0', name=op.f('ck_year_plan_hours')),
    sa.ForeignKeyConstraint(['created_by_id'], ['account.id'], name=op.f('fk_year_plan_created_by_id_account')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_year_plan')),
    sa.UniqueConstraint('year', 'edition', name=op.f('uq_year_plan_year_edition'))
    )
    op.create_table('training_proposal',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('opd_id', sa.Integer(), nullable=False),
    sa.Column('competency_id', sa.Integer(), nullable=False),
    sa.Column('course_id', sa.Integer(), nullable=True),
    sa.Column('priority', sa.Integer(), nullable=False),
    sa.Column('reason', sa.String(length=500), nullable=False),
    sa.Column('state', sa.String(length=10), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('created_by_id', sa.Integer(), nullable=True),
    sa.Column('created_by_label', sa.String(length=200), nullable=False),
    sa.Column('decided_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('decided_by_label', sa.String(length=200), nullable=False),
    sa.Column('answer', sa.String(length=500), nullable=False),
    sa.Column('merged_into_id', sa.Integer(), nullable=True),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.CheckConstraint('priority BETWEEN 1 AND 3', name=op.f('ck_training_proposal_priority')),
    sa.ForeignKeyConstraint(['competency_id'], ['competency.id'], name=op.f('fk_training_proposal_competency_id_competency')),
    sa.ForeignKeyConstraint(['course_id'], ['course.id'], name=op.f('fk_training_proposal_course_id_course')),
    sa.ForeignKeyConstraint(['created_by_id'], ['account.id'], name=op.f('fk_training_proposal_created_by_id_account')),
    sa.ForeignKeyConstraint(['merged_into_id'], ['training_proposal.id'], name=op.f('fk_training_proposal_merged_into_id_training_proposal')),
    sa.ForeignKeyConstraint(['opd_id'], ['opd.id'], name=op.f('fk_training_proposal_opd_id_opd')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_training_proposal'))
    )
    with op.batch_alter_table('training_proposal', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_training_proposal_competency_id'), ['competency_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_training_proposal_created_by_id'), ['created_by_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_training_proposal_opd_id'), ['opd_id'], unique=False)
        batch_op.create_index('ix_training_proposal_state', ['state', 'created_at'], unique=False)

    op.create_table('year_plan_item',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('plan_id', sa.Integer(), nullable=False),
    sa.Column('course_id', sa.Integer(), nullable=False),
    sa.Column('sessions', sa.Integer(), nullable=False),
    sa.Column('seats', sa.Integer(), nullable=False),
    sa.Column('jp', sa.Integer(), nullable=False),
    sa.Column('cost', sa.Integer(), nullable=False),
    sa.Column('needed', sa.Integer(), nullable=False),
    sa.Column('quarter', sa.Integer(), nullable=False),
    sa.Column('note', sa.String(length=300), nullable=False),
    sa.CheckConstraint('jp >= 1 AND cost >= 0', name=op.f('ck_year_plan_item_price')),
    sa.CheckConstraint('quarter BETWEEN 1 AND 4', name=op.f('ck_year_plan_item_quarter')),
    sa.CheckConstraint('seats >= 1', name=op.f('ck_year_plan_item_seats')),
    sa.CheckConstraint('sessions >= 1', name=op.f('ck_year_plan_item_sessions')),
    sa.ForeignKeyConstraint(['course_id'], ['course.id'], name=op.f('fk_year_plan_item_course_id_course')),
    sa.ForeignKeyConstraint(['plan_id'], ['year_plan.id'], name=op.f('fk_year_plan_item_plan_id_year_plan'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_year_plan_item')),
    sa.UniqueConstraint('plan_id', 'course_id', name=op.f('uq_year_plan_item_plan_id_course_id'))
    )
    op.create_table('training_proposal_person',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('proposal_id', sa.Integer(), nullable=False),
    sa.Column('employee_id', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['employee_id'], ['employee.id'], name=op.f('fk_training_proposal_person_employee_id_employee')),
    sa.ForeignKeyConstraint(['proposal_id'], ['training_proposal.id'], name=op.f('fk_training_proposal_person_proposal_id_training_proposal'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_training_proposal_person')),
    sa.UniqueConstraint('proposal_id', 'employee_id', name=op.f('uq_training_proposal_person_proposal_id_employee_id'))
    )
    with op.batch_alter_table('training_proposal_person', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_training_proposal_person_employee_id'), ['employee_id'], unique=False)

    op.create_table('jp_claim',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('record_id', sa.Integer(), nullable=False),
    sa.Column('employee_id', sa.Integer(), nullable=False),
    sa.Column('jp_claimed', sa.Integer(), nullable=False),
    sa.Column('quantity', sa.Integer(), nullable=False),
    sa.Column('note', sa.String(length=500), nullable=False),
    sa.Column('submitted_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('decided_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('decided_by_id', sa.Integer(), nullable=True),
    sa.Column('decided_by_label', sa.String(length=200), nullable=False),
    sa.Column('answer', sa.String(length=500), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.CheckConstraint('jp_claimed > 0', name=op.f('ck_jp_claim_jp_claimed')),
    sa.ForeignKeyConstraint(['decided_by_id'], ['account.id'], name=op.f('fk_jp_claim_decided_by_id_account')),
    sa.ForeignKeyConstraint(['employee_id'], ['employee.id'], name=op.f('fk_jp_claim_employee_id_employee'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['record_id'], ['training_record.id'], name=op.f('fk_jp_claim_record_id_training_record'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_jp_claim')),
    sa.UniqueConstraint('record_id', name=op.f('uq_jp_claim_record_id'))
    )
    with op.batch_alter_table('jp_claim', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_jp_claim_employee_id'), ['employee_id'], unique=False)



def downgrade() -> None:
    """Take back."""
    with op.batch_alter_table('jp_claim', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_jp_claim_employee_id'))

    op.drop_table('jp_claim')
    with op.batch_alter_table('training_proposal_person', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_training_proposal_person_employee_id'))

    op.drop_table('training_proposal_person')
    op.drop_table('year_plan_item')
    with op.batch_alter_table('training_proposal', schema=None) as batch_op:
        batch_op.drop_index('ix_training_proposal_state')
        batch_op.drop_index(batch_op.f('ix_training_proposal_opd_id'))
        batch_op.drop_index(batch_op.f('ix_training_proposal_created_by_id'))
        batch_op.drop_index(batch_op.f('ix_training_proposal_competency_id'))

    op.drop_table('training_proposal')
    op.drop_table('year_plan')
