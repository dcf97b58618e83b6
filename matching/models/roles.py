"""Smart-city roles and their seats in the OPD."""

from datetime import date, datetime

from sqlalchemy import JSON, CheckConstraint, ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.core.db import Base
from skills.models import Opd, Standard


class Role(Base):
    """A smart-city admin role: a standard, gates and a text, in one version."""

    __tablename__ = "role"
    __table_args__ = (UniqueConstraint("code", "version"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(String(40))
    version: Mapped[int] = mapped_column(default=1)
    name: Mapped[str] = mapped_column(String(200))
    name_en: Mapped[str] = mapped_column(String(200))
    text: Mapped[str] = mapped_column(Text)
    text_en: Mapped[str] = mapped_column(Text, default="")
    strategy: Mapped[str | None] = mapped_column(String(60))
    gates: Mapped[dict[str, object]] = mapped_column(JSON, default=dict)
    standard_id: Mapped[int] = mapped_column(ForeignKey("standard.id"))
    state: Mapped[str] = mapped_column(String(10), default="in_force")
    source: Mapped[str] = mapped_column(Text, default="")
    standard: Mapped[Standard] = relationship()


class Seat(Base):
    """A role in an OPD: it stays when the holder leaves."""

    __tablename__ = "seat"
    __table_args__ = (
        UniqueConstraint("role_id", "opd_id"),
        CheckConstraint("places >= 1", name="places"),
        CheckConstraint("term_months BETWEEN 1 AND 120", name="term_months"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(String(60), unique=True)
    role_id: Mapped[int] = mapped_column(ForeignKey("role.id"))
    opd_id: Mapped[int] = mapped_column(ForeignKey("opd.id"), index=True)
    places: Mapped[int] = mapped_column(default=1)
    state: Mapped[str] = mapped_column(String(8), default="vacant")
    is_key: Mapped[bool] = mapped_column(default=True)  # counts for the city's coverage figure
    term_months: Mapped[int | None]  # usual term of a holder; none is open-ended
    opened_on: Mapped[date]
    updated_at: Mapped[datetime]
    version: Mapped[int] = mapped_column(default=1)
    role: Mapped[Role] = relationship()
    opd: Mapped[Opd] = relationship()

    __mapper_args__ = {"version_id_col": version}
