"""Keep boxes, pools, successors and scenarios

Revision ID: 0007
Revises: 0006
"""

import sqlalchemy as sa
from alembic import op

revision = '0007'
down_revision = '0006'
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply."""
    op.create_table('calibration_meeting',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('name', sa.String(length=200), nullable=False),
    sa.Column('period', sa.Integer(), nullable=False),
    sa.Column('method_code', sa.String(length=40), nullable=False),
    sa.Column('members', sa.Text(), nullable=False),
    sa.Column('held_on', sa.Date(), nullable=False),
    sa.Column('state', sa.String(length=8), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('created_by_label', sa.String(length=200), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_calibration_meeting'))
    )
    op.create_table('assignment_scenario',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('name', sa.String(length=200), nullable=False),
    sa.Column('settings', sa.JSON(), nullable=False),
    sa.Column('state', sa.String(length=10), nullable=False),
    sa.Column('figures', sa.JSON(), nullable=False),
    sa.Column('inputs_hash', sa.String(length=64), nullable=False),
    sa.Column('solved_on', sa.Date(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('created_by_id', sa.Integer(), nullable=True),
    sa.Column('created_by_label', sa.String(length=200), nullable=False),
    sa.Column('proposed_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['created_by_id'], ['account.id'], name=op.f('fk_assignment_scenario_created_by_id_account')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_assignment_scenario'))
    )
    op.create_table('talent_pool',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('name', sa.String(length=200), nullable=False),
    sa.Column('kind', sa.String(length=20), nullable=False),
    sa.Column('owner', sa.String(length=200), nullable=False),
    sa.Column('opd_id', sa.Integer(), nullable=True),
    sa.Column('starts_on', sa.Date(), nullable=False),
    sa.Column('ends_on', sa.Date(), nullable=False),
    sa.Column('state', sa.String(length=8), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.CheckConstraint('ends_on > starts_on', name=op.f('ck_talent_pool_period')),
    sa.ForeignKeyConstraint(['opd_id'], ['opd.id'], name=op.f('fk_talent_pool_opd_id_opd')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_talent_pool')),
    sa.UniqueConstraint('name', name=op.f('uq_talent_pool_name'))
    )
    op.create_table('scenario_place',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('scenario_id', sa.Integer(), nullable=False),
    sa.Column('number', sa.Integer(), nullable=False),
    sa.Column('seat_id', sa.Integer(), nullable=False),
    sa.Column('employee_id', sa.Integer(), nullable=True),
    sa.Column('backup_id', sa.Integer(), nullable=True),
    sa.Column('incumbent_id', sa.Integer(), nullable=True),
    sa.Column('greedy_id', sa.Integer(), nullable=True),
    sa.Column('fit', sa.Double(), nullable=True),
    sa.Column('backup_fit', sa.Double(), nullable=True),
    sa.Column('greedy_fit', sa.Double(), nullable=True),
    sa.ForeignKeyConstraint(['backup_id'], ['employee.id'], name=op.f('fk_scenario_place_backup_id_employee')),
    sa.ForeignKeyConstraint(['employee_id'], ['employee.id'], name=op.f('fk_scenario_place_employee_id_employee')),
    sa.ForeignKeyConstraint(['greedy_id'], ['employee.id'], name=op.f('fk_scenario_place_greedy_id_employee')),
    sa.ForeignKeyConstraint(['incumbent_id'], ['employee.id'], name=op.f('fk_scenario_place_incumbent_id_employee')),
    sa.ForeignKeyConstraint(['scenario_id'], ['assignment_scenario.id'], name=op.f('fk_scenario_place_scenario_id_assignment_scenario'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['seat_id'], ['seat.id'], name=op.f('fk_scenario_place_seat_id_seat')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_scenario_place')),
    sa.UniqueConstraint('scenario_id', 'number', name=op.f('uq_scenario_place_scenario_id_number'))
    )
    with op.batch_alter_table('scenario_place', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_scenario_place_scenario_id'), ['scenario_id'], unique=False)

    op.create_table('seat_successor',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('seat_id', sa.Integer(), nullable=False),
    sa.Column('employee_id', sa.Integer(), nullable=False),
    sa.Column('position', sa.Integer(), nullable=False),
    sa.Column('readiness', sa.String(length=10), nullable=False),
    sa.Column('reason', sa.String(length=500), nullable=False),
    sa.Column('since', sa.Date(), nullable=False),
    sa.Column('until', sa.Date(), nullable=True),
    sa.Column('end_reason', sa.String(length=500), nullable=True),
    sa.Column('created_by_label', sa.String(length=200), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.CheckConstraint('position >= 1', name=op.f('ck_seat_successor_position')),
    sa.ForeignKeyConstraint(['employee_id'], ['employee.id'], name=op.f('fk_seat_successor_employee_id_employee')),
    sa.ForeignKeyConstraint(['seat_id'], ['seat.id'], name=op.f('fk_seat_successor_seat_id_seat')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_seat_successor'))
    )
    with op.batch_alter_table('seat_successor', schema=None) as batch_op:
        batch_op.create_index('ix_seat_successor_employee', ['employee_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_seat_successor_seat_id'), ['seat_id'], unique=False)
        batch_op.create_index('uq_seat_successor_open', ['seat_id', 'employee_id'], unique=True, sqlite_where=sa.text('until IS NULL'), postgresql_where=sa.text('until IS NULL'))

    op.create_table('talent_assessment',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('employee_id', sa.Integer(), nullable=False),
    sa.Column('opd_id', sa.Integer(), nullable=False),
    sa.Column('period', sa.Integer(), nullable=False),
    sa.Column('method_code', sa.String(length=40), nullable=False),
    sa.Column('method_hash', sa.String(length=64), nullable=False),
    sa.Column('performance', sa.Double(), nullable=True),
    sa.Column('potential', sa.Double(), nullable=True),
    sa.Column('performance_level', sa.Integer(), nullable=True),
    sa.Column('potential_level', sa.Integer(), nullable=True),
    sa.Column('box', sa.Integer(), nullable=True),
    sa.Column('calibrated_box', sa.Integer(), nullable=True),
    sa.Column('possible_boxes', sa.JSON(), nullable=False),
    sa.Column('qualification', sa.Double(), nullable=True),
    sa.Column('parts', sa.JSON(), nullable=False),
    sa.Column('computed_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.CheckConstraint('box IS NULL OR box BETWEEN 1 AND 9', name=op.f('ck_talent_assessment_box')),
    sa.CheckConstraint('calibrated_box IS NULL OR calibrated_box BETWEEN 1 AND 9', name=op.f('ck_talent_assessment_moved')),
    sa.ForeignKeyConstraint(['employee_id'], ['employee.id'], name=op.f('fk_talent_assessment_employee_id_employee'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['opd_id'], ['opd.id'], name=op.f('fk_talent_assessment_opd_id_opd')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_talent_assessment')),
    sa.UniqueConstraint('employee_id', 'period', 'method_code', name=op.f('uq_talent_assessment_employee_id_period_method_code'))
    )
    with op.batch_alter_table('talent_assessment', schema=None) as batch_op:
        batch_op.create_index('ix_talent_assessment_period', ['period', 'method_code', 'opd_id'], unique=False)

    op.create_table('talent_input',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('employee_id', sa.Integer(), nullable=False),
    sa.Column('period', sa.Integer(), nullable=False),
    sa.Column('part', sa.String(length=30), nullable=False),
    sa.Column('points', sa.Double(), nullable=False),
    sa.Column('source', sa.String(length=200), nullable=False),
    sa.Column('recorded_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('recorded_by_id', sa.Integer(), nullable=True),
    sa.CheckConstraint('points BETWEEN 0 AND 100', name=op.f('ck_talent_input_points')),
    sa.ForeignKeyConstraint(['employee_id'], ['employee.id'], name=op.f('fk_talent_input_employee_id_employee'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['recorded_by_id'], ['account.id'], name=op.f('fk_talent_input_recorded_by_id_account')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_talent_input')),
    sa.UniqueConstraint('employee_id', 'period', 'part', name=op.f('uq_talent_input_employee_id_period_part'))
    )
    op.create_table('calibration_move',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('meeting_id', sa.Integer(), nullable=False),
    sa.Column('assessment_id', sa.Integer(), nullable=False),
    sa.Column('computed_box', sa.Integer(), nullable=True),
    sa.Column('from_box', sa.Integer(), nullable=True),
    sa.Column('to_box', sa.Integer(), nullable=False),
    sa.Column('reason', sa.Text(), nullable=False),
    sa.Column('moved_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('moved_by_label', sa.String(length=200), nullable=False),
    sa.ForeignKeyConstraint(['assessment_id'], ['talent_assessment.id'], name=op.f('fk_calibration_move_assessment_id_talent_assessment'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['meeting_id'], ['calibration_meeting.id'], name=op.f('fk_calibration_move_meeting_id_calibration_meeting')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_calibration_move'))
    )
    with op.batch_alter_table('calibration_move', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_calibration_move_assessment_id'), ['assessment_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_calibration_move_meeting_id'), ['meeting_id'], unique=False)

    op.create_table('pool_member',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('pool_id', sa.Integer(), nullable=False),
    sa.Column('employee_id', sa.Integer(), nullable=False),
    sa.Column('assessment_id', sa.Integer(), nullable=True),
    sa.Column('readiness', sa.String(length=10), nullable=False),
    sa.Column('reason', sa.String(length=500), nullable=False),
    sa.Column('since', sa.Date(), nullable=False),
    sa.Column('until', sa.Date(), nullable=True),
    sa.Column('end_reason', sa.String(length=500), nullable=True),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['assessment_id'], ['talent_assessment.id'], name=op.f('fk_pool_member_assessment_id_talent_assessment')),
    sa.ForeignKeyConstraint(['employee_id'], ['employee.id'], name=op.f('fk_pool_member_employee_id_employee')),
    sa.ForeignKeyConstraint(['pool_id'], ['talent_pool.id'], name=op.f('fk_pool_member_pool_id_talent_pool')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_pool_member'))
    )
    with op.batch_alter_table('pool_member', schema=None) as batch_op:
        batch_op.create_index('ix_pool_member_employee', ['employee_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_pool_member_pool_id'), ['pool_id'], unique=False)
        batch_op.create_index('uq_pool_member_open', ['pool_id', 'employee_id'], unique=True, sqlite_where=sa.text('until IS NULL'), postgresql_where=sa.text('until IS NULL'))

    op.create_table('pool_event',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('member_id', sa.Integer(), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('action', sa.String(length=12), nullable=False),
    sa.Column('readiness', sa.String(length=10), nullable=False),
    sa.Column('reason', sa.String(length=500), nullable=False),
    sa.Column('actor_label', sa.String(length=200), nullable=False),
    sa.ForeignKeyConstraint(['member_id'], ['pool_member.id'], name=op.f('fk_pool_event_member_id_pool_member')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_pool_event'))
    )
    with op.batch_alter_table('pool_event', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_pool_event_member_id'), ['member_id'], unique=False)



def downgrade() -> None:
    """Take back."""
    with op.batch_alter_table('pool_event', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_pool_event_member_id'))

    op.drop_table('pool_event')
    with op.batch_alter_table('pool_member', schema=None) as batch_op:
        batch_op.drop_index('uq_pool_member_open', sqlite_where=sa.text('until IS NULL'), postgresql_where=sa.text('until IS NULL'))
        batch_op.drop_index(batch_op.f('ix_pool_member_pool_id'))
        batch_op.drop_index('ix_pool_member_employee')

    op.drop_table('pool_member')
    with op.batch_alter_table('calibration_move', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_calibration_move_meeting_id'))
        batch_op.drop_index(batch_op.f('ix_calibration_move_assessment_id'))

    op.drop_table('calibration_move')
    op.drop_table('talent_input')
    with op.batch_alter_table('talent_assessment', schema=None) as batch_op:
        batch_op.drop_index('ix_talent_assessment_period')

    op.drop_table('talent_assessment')
    with op.batch_alter_table('seat_successor', schema=None) as batch_op:
        batch_op.drop_index('uq_seat_successor_open', sqlite_where=sa.text('until IS NULL'), postgresql_where=sa.text('until IS NULL'))
        batch_op.drop_index(batch_op.f('ix_seat_successor_seat_id'))
        batch_op.drop_index('ix_seat_successor_employee')

    op.drop_table('seat_successor')
    with op.batch_alter_table('scenario_place', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_scenario_place_scenario_id'))

    op.drop_table('scenario_place')
    op.drop_table('talent_pool')
    op.drop_table('assignment_scenario')
    op.drop_table('calibration_meeting')
