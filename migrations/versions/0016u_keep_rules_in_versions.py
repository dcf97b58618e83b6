"""Keep why and by whom rules were changed, and criteria of panels in versions

Revision ID: 0016u
Revises: 0015p
"""

import sqlalchemy as sa
from alembic import op

revision = "0016u"
down_revision = "0015p"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply."""
    op.add_column(
        "reference_set", sa.Column("reason", sa.Text(), nullable=False, server_default="")
    )
    op.add_column(
        "reference_set",
        sa.Column("changed_by", sa.String(length=200), nullable=False, server_default=""),
    )
    with op.batch_alter_table("panel_criterion", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column("version", sa.Integer(), nullable=False, server_default="1")
        )
        batch_op.drop_constraint(op.f("uq_panel_criterion_code"), type_="unique")
        batch_op.create_unique_constraint(
            op.f("uq_panel_criterion_code_version"), ["code", "version"]
        )


def downgrade() -> None:
    """Take back; criteria of later versions cannot be told apart any more and go."""
    op.execute(
        sa.text(
            "DELETE FROM panel_score WHERE criterion_id IN"
            " (SELECT id FROM panel_criterion WHERE version > 1)"
        )
    )
    op.execute(sa.text("DELETE FROM panel_criterion WHERE version > 1"))
    with op.batch_alter_table("panel_criterion", schema=None) as batch_op:
        batch_op.drop_constraint(op.f("uq_panel_criterion_code_version"), type_="unique")
        batch_op.create_unique_constraint(op.f("uq_panel_criterion_code"), ["code"])
        batch_op.drop_column("version")
    op.drop_column("reference_set", "changed_by")
    op.drop_column("reference_set", "reason")
