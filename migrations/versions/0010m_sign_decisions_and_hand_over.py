"""Keep signatures of decisions, the hand-over and the recall of a placement

Revision ID: 0010m
Revises: 0010q
"""

import sqlalchemy as sa
from alembic import op

revision = '0010m'
down_revision = "0010q"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply."""
    op.create_table('decision_signature',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('decision_id', sa.Integer(), nullable=False),
    sa.Column('account_id', sa.Integer(), nullable=False),
    sa.Column('label', sa.String(length=200), nullable=False),
    sa.Column('capacity', sa.String(length=120), nullable=False),
    sa.Column('note', sa.String(length=500), nullable=False),
    sa.Column('file_hash', sa.String(length=64), nullable=False),
    sa.Column('signed_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['account_id'], ['account.id'], name=op.f('fk_decision_signature_account_id_account')),
    sa.ForeignKeyConstraint(['decision_id'], ['decision.id'], name=op.f('fk_decision_signature_decision_id_decision')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_decision_signature')),
    sa.UniqueConstraint('decision_id', 'account_id', name=op.f('uq_decision_signature_decision_id_account_id'))
    )
    op.create_index(op.f('ix_decision_signature_decision_id'), 'decision_signature', ['decision_id'])
    op.add_column('placement', sa.Column('end_kind', sa.String(length=10), nullable=True))
    op.add_column('placement', sa.Column('handover_on', sa.Date(), nullable=True))
    op.add_column('placement', sa.Column('handover_note', sa.String(length=1000), server_default='', nullable=False))


def downgrade() -> None:
    """Revert."""
    op.drop_column('placement', 'handover_note')
    op.drop_column('placement', 'handover_on')
    op.drop_column('placement', 'end_kind')
    op.drop_index(op.f('ix_decision_signature_decision_id'), table_name='decision_signature')
    op.drop_table('decision_signature')
