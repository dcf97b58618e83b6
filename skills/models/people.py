"""People: the employee, the position held now and before, education, performance, discipline."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.core.db import Base
from skills.models.organisation import Opd, Unit


class Position(Base):
    """A jabatan: what people of one name hold in common; its standard applies to all of them."""

    __tablename__ = "position"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(250), unique=True)
    kind: Mapped[str] = mapped_column(String(14))  # PositionKind
    class_code: Mapped[str | None] = mapped_column(String(30))  # class with a level of its own
    standard_code: Mapped[str | None] = mapped_column(String(60))  # technical standard, any version
    from_import: Mapped[bool] = mapped_column(default=False)


class Employee(Base):
    """A civil servant (ASN): PNS, CPNS or PPPK."""

    __tablename__ = "employee"
    __table_args__ = (
        CheckConstraint("length(nip) = 18", name="nip_length"),
        CheckConstraint("sex IS NULL OR sex IN ('L', 'P')", name="sex"),
        Index("ix_employee_opd_state", "opd_id", "employment_state"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    nip: Mapped[str] = mapped_column(String(18), unique=True)
    name: Mapped[str] = mapped_column(String(200), index=True)
    title_front: Mapped[str | None] = mapped_column(String(60))
    title_back: Mapped[str | None] = mapped_column(String(100))
    birth_date: Mapped[date | None]
    sex: Mapped[str | None] = mapped_column(String(1))
    official_email: Mapped[str | None] = mapped_column(String(254))
    employment_kind: Mapped[str] = mapped_column(String(4))
    employment_state: Mapped[str] = mapped_column(String(16), default="active")
    golongan: Mapped[str | None] = mapped_column(String(6))
    golongan_since: Mapped[date | None]
    position_id: Mapped[int | None] = mapped_column(ForeignKey("position.id"), index=True)
    position_kind: Mapped[str | None] = mapped_column(String(14))
    position_since: Mapped[date | None]
    eselon: Mapped[str | None] = mapped_column(String(8))
    education_level: Mapped[str | None] = mapped_column(String(20))
    education_field: Mapped[str | None] = mapped_column(String(200))
    graduation_year: Mapped[int | None]
    school: Mapped[str | None] = mapped_column(String(200))
    service_start: Mapped[date | None]
    retirement_date: Mapped[date | None]
    opd_id: Mapped[int] = mapped_column(ForeignKey("opd.id"))
    unit_id: Mapped[int | None] = mapped_column(ForeignKey("unit.id"), index=True)
    supervisor_id: Mapped[int | None] = mapped_column(ForeignKey("employee.id"), index=True)
    import_id: Mapped[int | None] = mapped_column(ForeignKey("import_batch.id", use_alter=True))
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]
    # Raised with every change of what matching reads; the index compares it and updates one row.
    profile_version: Mapped[int] = mapped_column(default=1, index=True)
    version: Mapped[int] = mapped_column(default=1)
    opd: Mapped[Opd] = relationship()
    unit: Mapped[Unit | None] = relationship()
    position: Mapped[Position | None] = relationship()
    supervisor: Mapped["Employee | None"] = relationship(remote_side=[id])

    __mapper_args__ = {"version_id_col": version}

    @property
    def display_name(self) -> str:
        """Name with the titles as they are written."""
        front = f"{self.title_front} " if self.title_front else ""
        back = f", {self.title_back}" if self.title_back else ""
        return f"{front}{self.name}{back}"

    @property
    def employee_id(self) -> int:
        """The person an employee record speaks of is itself."""
        return self.id


class PositionRecord(Base):
    """A position held, with dates; the open one is the present position."""

    __tablename__ = "position_record"

    id: Mapped[int] = mapped_column(primary_key=True)
    employee_id: Mapped[int] = mapped_column(
        ForeignKey("employee.id", ondelete="CASCADE"), index=True
    )
    position_name: Mapped[str] = mapped_column(String(250))
    opd_name: Mapped[str] = mapped_column(String(200))
    unit_name: Mapped[str | None] = mapped_column(String(250))
    since: Mapped[date | None]
    until: Mapped[date | None]
    source: Mapped[str] = mapped_column(String(20))  # siasn, local, demo


class EducationRecord(Base):
    """A degree or diploma; the highest one is also on the employee."""

    __tablename__ = "education_record"

    id: Mapped[int] = mapped_column(primary_key=True)
    employee_id: Mapped[int] = mapped_column(
        ForeignKey("employee.id", ondelete="CASCADE"), index=True
    )
    level: Mapped[str] = mapped_column(String(20))
    field: Mapped[str] = mapped_column(String(200))
    school: Mapped[str | None] = mapped_column(String(200))
    year: Mapped[int | None]
    source: Mapped[str] = mapped_column(String(20))


class SkpRecord(Base):
    """Performance predicate of a year (PermenPANRB 6/2022), as the performance system states it."""

    __tablename__ = "skp_record"
    __table_args__ = (UniqueConstraint("employee_id", "year"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    employee_id: Mapped[int] = mapped_column(
        ForeignKey("employee.id", ondelete="CASCADE"), index=True
    )
    year: Mapped[int]
    predicate: Mapped[str] = mapped_column(String(30))
    source: Mapped[str] = mapped_column(String(20))


class DisciplineRecord(Base):
    """A disciplinary penalty: state and dates only, never the case."""

    __tablename__ = "discipline_record"

    id: Mapped[int] = mapped_column(primary_key=True)
    employee_id: Mapped[int] = mapped_column(
        ForeignKey("employee.id", ondelete="CASCADE"), index=True
    )
    severity: Mapped[str] = mapped_column(String(12))  # light, medium, heavy, in_progress
    since: Mapped[date]
    until: Mapped[date | None]


class TrainingRecord(Base):
    """A training or certificate from elsewhere, or one held here, as the profile lists it."""

    __tablename__ = "training_record"
    __table_args__ = (Index("ix_training_record_number", "number"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    employee_id: Mapped[int] = mapped_column(
        ForeignKey("employee.id", ondelete="CASCADE"), index=True
    )
    title: Mapped[str] = mapped_column(String(250))
    organiser: Mapped[str | None] = mapped_column(String(200))
    form_code: Mapped[str | None] = mapped_column(String(10))
    course_code: Mapped[str | None] = mapped_column(String(40))  # of the catalogue, where held here
    number: Mapped[str | None] = mapped_column(String(120))
    started_on: Mapped[date | None]
    ended_on: Mapped[date | None]
    jp: Mapped[int | None]
    valid_until: Mapped[date | None]
    file_id: Mapped[int | None] = mapped_column(ForeignKey("stored_file.id"))
    state: Mapped[str] = mapped_column(String(12), default="claimed")  # claimed, verified, returned
    source: Mapped[str] = mapped_column(String(20))  # self, siasn, platform, demo
    reference: Mapped[str | None] = mapped_column(String(60), unique=True)  # certificate:<id>


class PortfolioItem(Base):
    """A project or piece of work the person shows."""

    __tablename__ = "portfolio_item"

    id: Mapped[int] = mapped_column(primary_key=True)
    employee_id: Mapped[int] = mapped_column(
        ForeignKey("employee.id", ondelete="CASCADE"), index=True
    )
    title: Mapped[str] = mapped_column(String(200))
    description: Mapped[str] = mapped_column(Text, default="")
    year: Mapped[int | None]
    link: Mapped[str | None] = mapped_column(String(300))
