"""Keep what surrounds a decision

Revision ID: 0006
Revises: 0005
"""

import sqlalchemy as sa
from alembic import op

revision = '0006'
down_revision = '0005'
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply."""
    op.create_table('contest_category',
    sa.Column('code', sa.String(length=30), nullable=False),
    sa.Column('name', sa.String(length=160), nullable=False),
    sa.Column('name_en', sa.String(length=160), nullable=False),
    sa.Column('file_days', sa.Integer(), nullable=False),
    sa.Column('answer_days', sa.Integer(), nullable=False),
    sa.Column('position', sa.Integer(), nullable=False),
    sa.Column('active', sa.Boolean(), nullable=False),
    sa.CheckConstraint('file_days > 0 AND answer_days > 0', name=op.f('ck_contest_category_days')),
    sa.PrimaryKeyConstraint('code', name=op.f('pk_contest_category'))
    )
    op.create_table('letter_series',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('kind', sa.String(length=20), nullable=False),
    sa.Column('year', sa.Integer(), nullable=False),
    sa.Column('pattern', sa.String(length=80), nullable=False),
    sa.Column('last_number', sa.Integer(), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_letter_series')),
    sa.UniqueConstraint('kind', 'year', name=op.f('uq_letter_series_kind_year'))
    )
    op.create_table('panel_criterion',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('code', sa.String(length=30), nullable=False),
    sa.Column('name', sa.String(length=120), nullable=False),
    sa.Column('name_en', sa.String(length=120), nullable=False),
    sa.Column('weight', sa.Double(), nullable=False),
    sa.Column('position', sa.Integer(), nullable=False),
    sa.Column('active', sa.Boolean(), nullable=False),
    sa.CheckConstraint('weight > 0', name=op.f('ck_panel_criterion_weight')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_panel_criterion')),
    sa.UniqueConstraint('code', name=op.f('uq_panel_criterion_code'))
    )
    op.create_table('saved_search',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('account_id', sa.Integer(), nullable=False),
    sa.Column('owner_label', sa.String(length=200), nullable=False),
    sa.Column('name', sa.String(length=120), nullable=False),
    sa.Column('address', sa.Text(), nullable=False),
    sa.Column('is_shared', sa.Boolean(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['account_id'], ['account.id'], name=op.f('fk_saved_search_account_id_account')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_saved_search')),
    sa.UniqueConstraint('account_id', 'name', name=op.f('uq_saved_search_account_id_name'))
    )
    with op.batch_alter_table('saved_search', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_saved_search_account_id'), ['account_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_saved_search_is_shared'), ['is_shared'], unique=False)

    op.create_table('seat_interest',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('seat_id', sa.Integer(), nullable=False),
    sa.Column('employee_id', sa.Integer(), nullable=False),
    sa.Column('state', sa.String(length=10), nullable=False),
    sa.Column('note', sa.String(length=500), nullable=False),
    sa.Column('updated_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['employee_id'], ['employee.id'], name=op.f('fk_seat_interest_employee_id_employee')),
    sa.ForeignKeyConstraint(['seat_id'], ['seat.id'], name=op.f('fk_seat_interest_seat_id_seat')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_seat_interest')),
    sa.UniqueConstraint('seat_id', 'employee_id', name=op.f('uq_seat_interest_seat_id_employee_id'))
    )
    with op.batch_alter_table('seat_interest', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_seat_interest_employee_id'), ['employee_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_seat_interest_seat_id'), ['seat_id'], unique=False)

    op.create_table('fairness_sheet',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('seat_id', sa.Integer(), nullable=False),
    sa.Column('round', sa.Integer(), nullable=False),
    sa.Column('run_id', sa.Integer(), nullable=False),
    sa.Column('key', sa.String(length=64), nullable=False),
    sa.Column('figures', sa.JSON(), nullable=False),
    sa.Column('acknowledged_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('acknowledged_by_id', sa.Integer(), nullable=True),
    sa.Column('acknowledged_by_label', sa.String(length=200), nullable=False),
    sa.Column('note', sa.Text(), nullable=False),
    sa.ForeignKeyConstraint(['acknowledged_by_id'], ['account.id'], name=op.f('fk_fairness_sheet_acknowledged_by_id_account')),
    sa.ForeignKeyConstraint(['run_id'], ['scouting_run.id'], name=op.f('fk_fairness_sheet_run_id_scouting_run')),
    sa.ForeignKeyConstraint(['seat_id'], ['seat.id'], name=op.f('fk_fairness_sheet_seat_id_seat')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_fairness_sheet')),
    sa.UniqueConstraint('seat_id', 'round', 'key', name=op.f('uq_fairness_sheet_seat_id_round_key'))
    )
    with op.batch_alter_table('fairness_sheet', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_fairness_sheet_seat_id'), ['seat_id'], unique=False)

    op.create_table('contest',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('decision_id', sa.Integer(), nullable=False),
    sa.Column('employee_id', sa.Integer(), nullable=False),
    sa.Column('category_code', sa.String(length=30), nullable=False),
    sa.Column('text', sa.Text(), nullable=False),
    sa.Column('filed_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('due_on', sa.Date(), nullable=False),
    sa.Column('outcome', sa.String(length=10), nullable=True),
    sa.Column('answer', sa.Text(), nullable=False),
    sa.Column('answered_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('answered_by_id', sa.Integer(), nullable=True),
    sa.Column('answered_by_label', sa.String(length=200), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['answered_by_id'], ['account.id'], name=op.f('fk_contest_answered_by_id_account')),
    sa.ForeignKeyConstraint(['category_code'], ['contest_category.code'], name=op.f('fk_contest_category_code_contest_category')),
    sa.ForeignKeyConstraint(['decision_id'], ['decision.id'], name=op.f('fk_contest_decision_id_decision')),
    sa.ForeignKeyConstraint(['employee_id'], ['employee.id'], name=op.f('fk_contest_employee_id_employee')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_contest')),
    sa.UniqueConstraint('decision_id', 'employee_id', 'category_code', name=op.f('uq_contest_decision_id_employee_id_category_code'))
    )
    with op.batch_alter_table('contest', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_contest_decision_id'), ['decision_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_contest_employee_id'), ['employee_id'], unique=False)

    op.create_table('invitation',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('entry_id', sa.Integer(), nullable=False),
    sa.Column('text', sa.Text(), nullable=False),
    sa.Column('due_on', sa.Date(), nullable=False),
    sa.Column('sent_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('sent_by_id', sa.Integer(), nullable=True),
    sa.Column('answered_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('note', sa.String(length=500), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['entry_id'], ['shortlist_entry.id'], name=op.f('fk_invitation_entry_id_shortlist_entry')),
    sa.ForeignKeyConstraint(['sent_by_id'], ['account.id'], name=op.f('fk_invitation_sent_by_id_account')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_invitation')),
    sa.UniqueConstraint('entry_id', name=op.f('uq_invitation_entry_id'))
    )
    op.create_table('panel_score',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('entry_id', sa.Integer(), nullable=False),
    sa.Column('criterion_id', sa.Integer(), nullable=False),
    sa.Column('account_id', sa.Integer(), nullable=False),
    sa.Column('score', sa.Integer(), nullable=False),
    sa.Column('note', sa.String(length=500), nullable=False),
    sa.Column('scored_at', sa.DateTime(timezone=True), nullable=False),
    sa.CheckConstraint('score BETWEEN 1 AND 5', name=op.f('ck_panel_score_score')),
    sa.ForeignKeyConstraint(['account_id'], ['account.id'], name=op.f('fk_panel_score_account_id_account')),
    sa.ForeignKeyConstraint(['criterion_id'], ['panel_criterion.id'], name=op.f('fk_panel_score_criterion_id_panel_criterion')),
    sa.ForeignKeyConstraint(['entry_id'], ['shortlist_entry.id'], name=op.f('fk_panel_score_entry_id_shortlist_entry')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_panel_score')),
    sa.UniqueConstraint('entry_id', 'criterion_id', 'account_id', name=op.f('uq_panel_score_entry_id_criterion_id_account_id'))
    )
    with op.batch_alter_table('panel_score', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_panel_score_entry_id'), ['entry_id'], unique=False)



def downgrade() -> None:
    """Take back."""
    with op.batch_alter_table('panel_score', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_panel_score_entry_id'))

    op.drop_table('panel_score')
    op.drop_table('invitation')
    with op.batch_alter_table('contest', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_contest_employee_id'))
        batch_op.drop_index(batch_op.f('ix_contest_decision_id'))

    op.drop_table('contest')
    with op.batch_alter_table('fairness_sheet', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_fairness_sheet_seat_id'))

    op.drop_table('fairness_sheet')
    with op.batch_alter_table('seat_interest', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_seat_interest_seat_id'))
        batch_op.drop_index(batch_op.f('ix_seat_interest_employee_id'))

    op.drop_table('seat_interest')
    with op.batch_alter_table('saved_search', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_saved_search_is_shared'))
        batch_op.drop_index(batch_op.f('ix_saved_search_account_id'))

    op.drop_table('saved_search')
    op.drop_table('panel_criterion')
    op.drop_table('letter_series')
    op.drop_table('contest_category')
