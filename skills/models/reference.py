"""Reference tables that are small, versioned and read whole (scales, bands, scoring tables)."""

from datetime import date, datetime

from sqlalchemy import JSON, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.core.db import Base


class ReferenceSet(Base):
    """One version of a small table; a used version is never edited, a new one is added."""

    __tablename__ = "reference_set"
    __table_args__ = (UniqueConstraint("code", "version"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(String(40))  # golongan, levels, jp_duty, ip_asn ...
    version: Mapped[int] = mapped_column(default=1)
    name: Mapped[str] = mapped_column(String(200))
    rows: Mapped[list[dict[str, object]]] = mapped_column(JSON)
    checksum: Mapped[str] = mapped_column(String(64))
    source: Mapped[str] = mapped_column(Text, default="")
    confidence: Mapped[str] = mapped_column(String(16))
    state: Mapped[str] = mapped_column(String(10), default="in_force")
    valid_from: Mapped[date | None]
    valid_until: Mapped[date | None]
    created_at: Mapped[datetime]
    reason: Mapped[str] = mapped_column(Text, default="", server_default="")
    changed_by: Mapped[str] = mapped_column(String(200), default="", server_default="")
