"""Organisation: OPD and their units, with dates, because both are renamed and merged."""

from datetime import date

from sqlalchemy import ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.core.db import Base


class Opd(Base):
    """A perangkat daerah of the city."""

    __tablename__ = "opd"

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(String(20), unique=True)
    name: Mapped[str] = mapped_column(String(200), unique=True)
    short_name: Mapped[str] = mapped_column(String(60))
    kind: Mapped[str] = mapped_column(String(20))  # Sekretariat, Dinas, Badan, Kecamatan ...
    valid_from: Mapped[date | None]
    valid_until: Mapped[date | None]
    merged_into_id: Mapped[int | None] = mapped_column(ForeignKey("opd.id"))
    source: Mapped[str | None] = mapped_column(String(300))

    @property
    def opd_id(self) -> int:
        """The scope an OPD belongs to is itself."""
        return self.id


class Unit(Base):
    """A unit kerja inside an OPD; units form a tree."""

    __tablename__ = "unit"
    __table_args__ = (UniqueConstraint("opd_id", "name"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    opd_id: Mapped[int] = mapped_column(ForeignKey("opd.id"), index=True)
    parent_id: Mapped[int | None] = mapped_column(ForeignKey("unit.id"))
    code: Mapped[str | None] = mapped_column(String(60))  # UNOR ID of SIASN
    name: Mapped[str] = mapped_column(String(250))
    valid_until: Mapped[date | None]
    opd: Mapped[Opd] = relationship()
