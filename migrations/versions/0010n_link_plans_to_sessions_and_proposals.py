"""Link plans to sessions and proposals

Revision ID: 0010n
Revises: 0010t
"""

import sqlalchemy as sa
from alembic import op

revision = "0010n"
down_revision = "0010t"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply."""
    for name, other in (("session", "session"), ("proposal", "training_proposal")):
        table = f"year_plan_item_{name}"
        op.create_table(
            table,
            sa.Column(f"{name}_id", sa.Integer(), nullable=False),
            sa.Column("item_id", sa.Integer(), nullable=False),
            sa.ForeignKeyConstraint(
                [f"{name}_id"],
                [f"{other}.id"],
                name=op.f(f"fk_{table}_{name}_id_{other}"),
                ondelete="CASCADE",
            ),
            sa.ForeignKeyConstraint(
                ["item_id"],
                ["year_plan_item.id"],
                name=op.f(f"fk_{table}_item_id_year_plan_item"),
                ondelete="CASCADE",
            ),
            sa.PrimaryKeyConstraint(f"{name}_id", name=op.f(f"pk_{table}")),
        )
        op.create_index(op.f(f"ix_{table}_item_id"), table, ["item_id"])


def downgrade() -> None:
    """Take back."""
    op.drop_table("year_plan_item_proposal")
    op.drop_table("year_plan_item_session")
