"""Keep a question bank for each course

Revision ID: 0010q
Revises: 0010a
"""

import sqlalchemy as sa
from alembic import op

revision = '0010q'
down_revision = "0010a"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply."""
    op.create_table('question',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('course_code', sa.String(length=40), nullable=False),
    sa.Column('number', sa.Integer(), nullable=False),
    sa.Column('edition', sa.Integer(), nullable=False),
    sa.Column('state', sa.String(length=10), nullable=False),
    sa.Column('used', sa.Boolean(), nullable=False),
    sa.Column('kind', sa.String(length=10), nullable=False),
    sa.Column('title', sa.String(length=200), nullable=False),
    sa.Column('text', sa.Text(), nullable=False),
    sa.Column('choices', sa.JSON(), nullable=False),
    sa.Column('accepted', sa.JSON(), nullable=False),
    sa.Column('points', sa.Integer(), nullable=False),
    sa.Column('explanation', sa.Text(), nullable=False),
    sa.Column('topic', sa.String(length=120), nullable=False),
    sa.Column('fingerprint', sa.String(length=64), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('created_by_id', sa.Integer(), nullable=True),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.CheckConstraint('points BETWEEN 1 AND 100', name=op.f('ck_question_points')),
    sa.ForeignKeyConstraint(['created_by_id'], ['account.id'], name=op.f('fk_question_created_by_id_account')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_question')),
    sa.UniqueConstraint('course_code', 'number', 'edition', name=op.f('uq_question_course_code_number_edition'))
    )
    with op.batch_alter_table('question', schema=None) as batch_op:
        batch_op.create_index('ix_question_course_code_state', ['course_code', 'state'], unique=False)



def downgrade() -> None:
    """Take back."""
    with op.batch_alter_table('question', schema=None) as batch_op:
        batch_op.drop_index('ix_question_course_code_state')

    op.drop_table('question')
