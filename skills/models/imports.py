"""Imports: the batch, the remembered mapping and what each row changed (for undo)."""

from datetime import datetime

from sqlalchemy import JSON, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from app.core.db import Base


class ImportBatch(Base):
    """One file of staff or reference data on its way in, and after."""

    __tablename__ = "import_batch"

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(String(12), default="staff", server_default="staff")
    state: Mapped[str] = mapped_column(String(10))
    file_name: Mapped[str] = mapped_column(String(200))
    file_id: Mapped[int | None] = mapped_column(ForeignKey("stored_file.id"))
    report_file_id: Mapped[int | None] = mapped_column(ForeignKey("stored_file.id"))
    is_full: Mapped[bool] = mapped_column(default=False)  # the file lists all staff
    mapping: Mapped[dict[str, object]] = mapped_column(JSON, default=dict)
    summary: Mapped[dict[str, object]] = mapped_column(JSON, default=dict)
    job_id: Mapped[int | None] = mapped_column(ForeignKey("job.id"))
    created_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    created_at: Mapped[datetime]
    applied_at: Mapped[datetime | None]
    undone_at: Mapped[datetime | None]
    version: Mapped[int] = mapped_column(default=1)

    __mapper_args__ = {"version_id_col": version}


class ImportRow(Base):
    """What a row of the file would do (dry run) or did (`applied`); `detail` undoes it."""

    __tablename__ = "import_row"
    __table_args__ = (
        Index("ix_import_row_batch_number", "batch_id", "number"),
        Index("ix_import_row_batch_action", "batch_id", "action", "number"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    batch_id: Mapped[int] = mapped_column(ForeignKey("import_batch.id", ondelete="CASCADE"))
    number: Mapped[int]  # row of the file
    action: Mapped[str] = mapped_column(String(10))  # create, update, unchanged, error
    applied: Mapped[bool] = mapped_column(default=False)
    flagged: Mapped[bool] = mapped_column(default=False)  # has warnings or errors
    employee_id: Mapped[int | None] = mapped_column(index=True)
    label: Mapped[str] = mapped_column(String(200), default="")  # name, or NIP without one
    nip: Mapped[str | None] = mapped_column(String(18))
    before: Mapped[dict[str, object] | None] = mapped_column(JSON(none_as_null=True))  # as shown
    after: Mapped[dict[str, object] | None] = mapped_column(JSON(none_as_null=True))
    problems: Mapped[list[dict[str, object]] | None] = mapped_column(JSON(none_as_null=True))
    detail: Mapped[dict[str, object] | None] = mapped_column(JSON(none_as_null=True))  # for undo


class ImportMapping(Base):
    """A column mapping remembered for files with the same headers."""

    __tablename__ = "import_mapping"

    signature: Mapped[str] = mapped_column(String(64), primary_key=True)
    mapping: Mapped[dict[str, object]] = mapped_column(JSON)
    updated_at: Mapped[datetime]
