"""Give courses trainers and materials, keep imports of learning

Revision ID: 0011n
Revises: 0011p
"""

import sqlalchemy as sa
from alembic import op

revision = "0011n"
down_revision = "0011p"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply."""
    op.add_column(
        "course", sa.Column("trainers", sa.String(length=500), server_default="", nullable=False)
    )
    op.create_table(
        "course_material",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("course_id", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("file_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["course_id"],
            ["course.id"],
            name=op.f("fk_course_material_course_id_course"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["file_id"], ["stored_file.id"], name=op.f("fk_course_material_file_id_stored_file")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_course_material")),
    )
    op.create_index(op.f("ix_course_material_course_id"), "course_material", ["course_id"])
    op.create_table(
        "learning_import",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("source", sa.String(length=40), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("rows", sa.JSON(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by_id", sa.Integer(), nullable=True),
        sa.Column("created_by_label", sa.String(length=200), nullable=False),
        sa.Column("applied_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("undone_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["created_by_id"],
            ["account.id"],
            name=op.f("fk_learning_import_created_by_id_account"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_learning_import")),
    )


def downgrade() -> None:
    """Take back."""
    op.drop_table("learning_import")
    op.drop_index(op.f("ix_course_material_course_id"), "course_material")
    op.drop_table("course_material")
    with op.batch_alter_table("course") as batch:
        batch.drop_column("trainers")
