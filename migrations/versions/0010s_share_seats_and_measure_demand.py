"""Share seats and measure demand

Revision ID: 0010s
Revises: 0010m
"""

import sqlalchemy as sa
from alembic import op

revision = "0010s"
down_revision = "0010m"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply."""
    op.add_column(
        "session",
        sa.Column("supervisor_approval", sa.Boolean(), nullable=False, server_default=sa.false()),
    )
    op.add_column(
        "session", sa.Column("seat_method", sa.String(8), nullable=False, server_default="order")
    )
    op.add_column("session", sa.Column("seed", sa.String(40), nullable=True))
    op.add_column("session", sa.Column("allocated_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("session", sa.Column("default_quota", sa.Integer(), nullable=True))
    op.add_column(
        "session", sa.Column("early_minutes", sa.Integer(), nullable=False, server_default="30")
    )
    op.add_column(
        "session", sa.Column("late_minutes", sa.Integer(), nullable=False, server_default="30")
    )
    op.add_column(
        "enrolment", sa.Column("supervisor_at", sa.DateTime(timezone=True), nullable=True)
    )
    op.add_column(
        "enrolment",
        sa.Column("supervisor_label", sa.String(200), nullable=False, server_default=""),
    )
    op.add_column("enrolment", sa.Column("allocation_rank", sa.Integer(), nullable=True))
    op.add_column(
        "enrolment", sa.Column("allocation", sa.JSON(), nullable=False, server_default="{}")
    )
    op.add_column("outbox_mail", sa.Column("calendar", sa.Text(), nullable=True))
    _new_tables()


def _new_tables() -> None:
    op.create_table(
        "session_quota",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("session_id", sa.Integer(), nullable=False),
        sa.Column("opd_id", sa.Integer(), nullable=False),
        sa.Column("seats", sa.Integer(), nullable=False),
        sa.CheckConstraint("seats >= 0", name=op.f("ck_session_quota_seats")),
        sa.ForeignKeyConstraint(["opd_id"], ["opd.id"], name=op.f("fk_session_quota_opd_id_opd")),
        sa.ForeignKeyConstraint(
            ["session_id"],
            ["session.id"],
            name=op.f("fk_session_quota_session_id_session"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_session_quota")),
        sa.UniqueConstraint(
            "session_id", "opd_id", name=op.f("uq_session_quota_session_id_opd_id")
        ),
    )
    op.create_table(
        "session_sheet",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("session_id", sa.Integer(), nullable=True),
        sa.Column("kind", sa.String(12), nullable=False),
        sa.Column("rows", sa.JSON(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by_id", sa.Integer(), nullable=True),
        sa.Column("undone_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["created_by_id"], ["account.id"], name=op.f("fk_session_sheet_created_by_id_account")
        ),
        sa.ForeignKeyConstraint(
            ["session_id"], ["session.id"], name=op.f("fk_session_sheet_session_id_session")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_session_sheet")),
    )
    op.create_index(op.f("ix_session_sheet_session_id"), "session_sheet", ["session_id"])
    op.create_table(
        "training_interest",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("course_code", sa.String(40), nullable=False),
        sa.Column("employee_id", sa.Integer(), nullable=False),
        sa.Column("note", sa.String(300), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("told_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("told_session_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["employee_id"],
            ["employee.id"],
            name=op.f("fk_training_interest_employee_id_employee"),
        ),
        sa.ForeignKeyConstraint(
            ["told_session_id"],
            ["session.id"],
            name=op.f("fk_training_interest_told_session_id_session"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_training_interest")),
        sa.UniqueConstraint(
            "course_code", "employee_id", name=op.f("uq_training_interest_course_code_employee_id")
        ),
    )
    op.create_index(op.f("ix_training_interest_employee_id"), "training_interest", ["employee_id"])


def downgrade() -> None:
    """Take back."""
    op.drop_table("training_interest")
    op.drop_table("session_sheet")
    op.drop_table("session_quota")
    op.drop_column("outbox_mail", "calendar")
    for name in ("allocation", "allocation_rank", "supervisor_label", "supervisor_at"):
        op.drop_column("enrolment", name)
    for name in (
        "late_minutes",
        "early_minutes",
        "default_quota",
        "allocated_at",
        "seed",
        "seat_method",
        "supervisor_approval",
    ):
        op.drop_column("session", name)
