"""Keep records from elsewhere and what profiles have reached

Revision ID: 0011p
Revises: 0010n
"""

import sqlalchemy as sa
from alembic import op

revision = "0011p"
down_revision = "0010n"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply."""
    op.create_table(
        "outside_record",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("employee_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=12), nullable=False),
        sa.Column("title", sa.String(length=250), nullable=False),
        sa.Column("language", sa.String(length=20), nullable=True),
        sa.Column("language_level", sa.String(length=4), nullable=True),
        sa.Column("organiser", sa.String(length=200), nullable=True),
        sa.Column("number", sa.String(length=120), nullable=True),
        sa.Column("started_on", sa.Date(), nullable=True),
        sa.Column("ended_on", sa.Date(), nullable=True),
        sa.Column("valid_until", sa.Date(), nullable=True),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("file_id", sa.Integer(), nullable=True),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("decided_by_id", sa.Integer(), nullable=True),
        sa.Column("decided_by_label", sa.String(length=200), nullable=False),
        sa.Column("answer", sa.String(length=1000), nullable=False),
        sa.Column("record_id", sa.Integer(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "kind IN ('training', 'certificate', 'language')", name=op.f("ck_outside_record_kind")
        ),
        sa.CheckConstraint(
            "state IN ('draft', 'sent', 'verified', 'returned')",
            name=op.f("ck_outside_record_state"),
        ),
        sa.CheckConstraint(
            "valid_until IS NULL OR ended_on IS NULL OR valid_until >= ended_on",
            name=op.f("ck_outside_record_dates"),
        ),
        sa.ForeignKeyConstraint(
            ["decided_by_id"], ["account.id"], name=op.f("fk_outside_record_decided_by_id_account")
        ),
        sa.ForeignKeyConstraint(
            ["employee_id"],
            ["employee.id"],
            name=op.f("fk_outside_record_employee_id_employee"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["file_id"], ["stored_file.id"], name=op.f("fk_outside_record_file_id_stored_file")
        ),
        sa.ForeignKeyConstraint(
            ["record_id"],
            ["training_record.id"],
            name=op.f("fk_outside_record_record_id_training_record"),
            ondelete="SET NULL",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_outside_record")),
    )
    op.create_index(op.f("ix_outside_record_employee_id"), "outside_record", ["employee_id"])
    op.create_index("ix_outside_record_number", "outside_record", ["number"])
    op.create_index("ix_outside_record_state_sent", "outside_record", ["state", "sent_at"])
    op.create_table(
        "profile_milestone",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("employee_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=12), nullable=False),
        sa.Column("reached_on", sa.Date(), nullable=False),
        sa.Column("ended_on", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(
            ["employee_id"],
            ["employee.id"],
            name=op.f("fk_profile_milestone_employee_id_employee"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_profile_milestone")),
        sa.UniqueConstraint(
            "employee_id",
            "kind",
            "reached_on",
            name=op.f("uq_profile_milestone_employee_id_kind_reached_on"),
        ),
    )
    op.create_index(op.f("ix_profile_milestone_employee_id"), "profile_milestone", ["employee_id"])


def downgrade() -> None:
    """Take back."""
    op.drop_index(op.f("ix_profile_milestone_employee_id"), table_name="profile_milestone")
    op.drop_table("profile_milestone")
    op.drop_index("ix_outside_record_state_sent", table_name="outside_record")
    op.drop_index("ix_outside_record_number", table_name="outside_record")
    op.drop_index(op.f("ix_outside_record_employee_id"), table_name="outside_record")
    op.drop_table("outside_record")
