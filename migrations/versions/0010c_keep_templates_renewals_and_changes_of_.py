"""Keep templates renewals and changes of validity

Revision ID: 0010c
Revises: 0011n
"""

import sqlalchemy as sa
from alembic import op

revision = '0010c'
down_revision = "0011n"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply."""
    op.create_table('renewal_path',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('course_code', sa.String(length=40), nullable=False),
    sa.Column('renewed_by_code', sa.String(length=40), nullable=False),
    sa.Column('days_before', sa.Integer(), nullable=False),
    sa.Column('days_after', sa.Integer(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.CheckConstraint('days_before >= 0 AND days_after >= 0', name=op.f('ck_renewal_path_days')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_renewal_path')),
    sa.UniqueConstraint('course_code', 'renewed_by_code', name=op.f('uq_renewal_path_course_code_renewed_by_code'))
    )
    with op.batch_alter_table('renewal_path', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_renewal_path_course_code'), ['course_code'], unique=False)
        batch_op.create_index(batch_op.f('ix_renewal_path_renewed_by_code'), ['renewed_by_code'], unique=False)

    op.create_table('certificate_template',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('code', sa.String(length=40), nullable=False),
    sa.Column('edition', sa.Integer(), nullable=False),
    sa.Column('name', sa.String(length=120), nullable=False),
    sa.Column('html', sa.Text(), nullable=False),
    sa.Column('css', sa.Text(), nullable=False),
    sa.Column('state', sa.String(length=10), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('created_by_id', sa.Integer(), nullable=True),
    sa.Column('published_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['created_by_id'], ['account.id'], name=op.f('fk_certificate_template_created_by_id_account')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_certificate_template')),
    sa.UniqueConstraint('code', 'edition', name=op.f('uq_certificate_template_code_edition'))
    )
    op.create_table('validity_change',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('certificate_id', sa.Integer(), nullable=False),
    sa.Column('position', sa.Integer(), nullable=False),
    sa.Column('before', sa.Date(), nullable=True),
    sa.Column('after', sa.Date(), nullable=True),
    sa.Column('reason', sa.String(length=300), nullable=False),
    sa.Column('changed_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('changed_by_id', sa.Integer(), nullable=True),
    sa.ForeignKeyConstraint(['certificate_id'], ['certificate.id'], name=op.f('fk_validity_change_certificate_id_certificate')),
    sa.ForeignKeyConstraint(['changed_by_id'], ['account.id'], name=op.f('fk_validity_change_changed_by_id_account')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_validity_change')),
    sa.UniqueConstraint('position', name=op.f('uq_validity_change_position'))
    )
    with op.batch_alter_table('validity_change', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_validity_change_certificate_id'), ['certificate_id'], unique=False)

    with op.batch_alter_table('certificate', schema=None) as batch_op:
        batch_op.add_column(sa.Column('renews_id', sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column('template_id', sa.Integer(), nullable=True))
        batch_op.create_index(batch_op.f('ix_certificate_renews_id'), ['renews_id'], unique=False)
        batch_op.create_foreign_key(batch_op.f('fk_certificate_template_id_certificate_template'), 'certificate_template', ['template_id'], ['id'])
        batch_op.create_foreign_key(batch_op.f('fk_certificate_renews_id_certificate'), 'certificate', ['renews_id'], ['id'])

    with op.batch_alter_table('enrolment', schema=None) as batch_op:
        batch_op.add_column(sa.Column('predicate', sa.String(length=60), nullable=False, server_default=''))



def downgrade() -> None:
    """Take back."""
    with op.batch_alter_table('enrolment', schema=None) as batch_op:
        batch_op.drop_column('predicate')

    with op.batch_alter_table('certificate', schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f('fk_certificate_renews_id_certificate'), type_='foreignkey')
        batch_op.drop_constraint(batch_op.f('fk_certificate_template_id_certificate_template'), type_='foreignkey')
        batch_op.drop_index(batch_op.f('ix_certificate_renews_id'))
        batch_op.drop_column('template_id')
        batch_op.drop_column('renews_id')

    with op.batch_alter_table('validity_change', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_validity_change_certificate_id'))

    op.drop_table('validity_change')
    op.drop_table('certificate_template')
    with op.batch_alter_table('renewal_path', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_renewal_path_renewed_by_code'))
        batch_op.drop_index(batch_op.f('ix_renewal_path_course_code'))

    op.drop_table('renewal_path')
