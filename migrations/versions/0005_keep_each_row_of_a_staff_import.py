"""Keep each row of a staff import

Revision ID: 0005
Revises: 0004
"""

import sqlalchemy as sa
from alembic import op

revision = '0005'
down_revision = '0004'
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply."""
    with op.batch_alter_table('import_row', schema=None) as batch_op:
        batch_op.add_column(sa.Column('applied', sa.Boolean(), nullable=False, server_default=sa.false()))
        batch_op.add_column(sa.Column('flagged', sa.Boolean(), nullable=False, server_default=sa.false()))
        batch_op.add_column(sa.Column('label', sa.String(length=200), nullable=False, server_default=''))
        batch_op.add_column(sa.Column('nip', sa.String(length=18), nullable=True))
        batch_op.add_column(sa.Column('problems', sa.JSON(none_as_null=True), nullable=True))
        batch_op.add_column(sa.Column('detail', sa.JSON(none_as_null=True), nullable=True))
        batch_op.create_index('ix_import_row_batch_action', ['batch_id', 'action', 'number'], unique=False)

    # The defaults serve only the rows of before; the models give every value.
    with op.batch_alter_table('import_row', schema=None) as batch_op:
        for name, kind in (('applied', sa.Boolean()), ('flagged', sa.Boolean()), ('label', sa.String(length=200))):
            batch_op.alter_column(name, existing_type=kind, existing_nullable=False, server_default=None)


def downgrade() -> None:
    """Take back."""
    with op.batch_alter_table('import_row', schema=None) as batch_op:
        batch_op.drop_index('ix_import_row_batch_action')
        for name in ('detail', 'problems', 'nip', 'label', 'flagged', 'applied'):
            batch_op.drop_column(name)
