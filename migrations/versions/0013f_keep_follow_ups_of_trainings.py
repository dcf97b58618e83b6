"""Keep follow-ups of trainings

Revision ID: 0013f
Revises: 0012x
"""

import sqlalchemy as sa
from alembic import op

revision = '0013f'
down_revision = '0012x'
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply."""
    op.create_table('follow_up',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('enrolment_id', sa.Integer(), nullable=False),
    sa.Column('kind', sa.String(length=10), nullable=False),
    sa.Column('respondent_id', sa.Integer(), nullable=False),
    sa.Column('asked_on', sa.Date(), nullable=False),
    sa.Column('closes_on', sa.Date(), nullable=False),
    sa.Column('answered_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('form_version', sa.Integer(), nullable=True),
    sa.Column('answers', sa.JSON(), nullable=False),
    sa.Column('comment', sa.Text(), nullable=False),
    sa.CheckConstraint("kind IN ('person', 'supervisor')", name=op.f('ck_follow_up_kind')),
    sa.ForeignKeyConstraint(['enrolment_id'], ['enrolment.id'], name=op.f('fk_follow_up_enrolment_id_enrolment'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['respondent_id'], ['employee.id'], name=op.f('fk_follow_up_respondent_id_employee')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_follow_up')),
    sa.UniqueConstraint('enrolment_id', 'kind', name=op.f('uq_follow_up_enrolment_id_kind'))
    )
    with op.batch_alter_table('follow_up', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_follow_up_respondent_id'), ['respondent_id'], unique=False)


def downgrade() -> None:
    """Take back."""
    with op.batch_alter_table('follow_up', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_follow_up_respondent_id'))

    op.drop_table('follow_up')
