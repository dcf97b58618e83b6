"""Imports of learning from other platforms: checked, applied, undone."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from app.core.db import Base


class LearningImport(Base):
    """A file or a pull from another platform, with what becomes of each of its rows."""

    __tablename__ = "learning_import"

    id: Mapped[int] = mapped_column(primary_key=True)
    source: Mapped[str] = mapped_column(String(40))  # file, moodle
    name: Mapped[str] = mapped_column(String(200))  # of the file, or the host
    state: Mapped[str] = mapped_column(String(10), default="checked")  # checked, applied, undone
    # line, nip, title, ..., verdict (new, known, unknown, refused), reason, record_id once applied
    rows: Mapped[list[dict[str, Any]]] = mapped_column(JSON, default=list)
    created_at: Mapped[datetime]
    created_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    created_by_label: Mapped[str] = mapped_column(String(200), default="")
    job_id: Mapped[int | None] = mapped_column(ForeignKey("job.id"), unique=True)
    applied_at: Mapped[datetime | None]
    undone_at: Mapped[datetime | None]
    version: Mapped[int] = mapped_column(default=1)

    __mapper_args__ = {"version_id_col": version}
