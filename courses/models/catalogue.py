"""The catalogue: courses, what they teach and to which level."""

from datetime import datetime

from sqlalchemy import JSON, CheckConstraint, ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.core.db import Base
from skills.models import Competency


class Course(Base):
    """A course in one version; sessions keep the version they were planned with."""

    __tablename__ = "course"
    __table_args__ = (
        UniqueConstraint("code", "version"),
        CheckConstraint("jp > 0", name="jp"),
        CheckConstraint("attendance_min BETWEEN 0 AND 100", name="attendance_min"),
        CheckConstraint("score_min IS NULL OR score_min BETWEEN 0 AND 100", name="score_min"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(String(40))
    version: Mapped[int] = mapped_column(default=1)
    title: Mapped[str] = mapped_column(String(200))
    title_en: Mapped[str] = mapped_column(String(200), default="")
    objectives: Mapped[list[str]] = mapped_column(JSON, default=list)
    form_code: Mapped[str] = mapped_column(String(10))
    jp: Mapped[int]
    provider: Mapped[str] = mapped_column(String(200), default="")
    trainers: Mapped[str] = mapped_column(String(500), default="")
    cost: Mapped[int] = mapped_column(default=0)  # rupiah per participant
    prerequisites: Mapped[list[str]] = mapped_column(JSON, default=list)
    attendance_min: Mapped[int] = mapped_column(default=80)  # percent
    score_min: Mapped[int | None] = mapped_column(default=70)
    evaluation_required: Mapped[bool] = mapped_column(default=False)  # filled form to pass
    valid_months: Mapped[int | None]  # validity of its certificate
    state: Mapped[str] = mapped_column(String(10), default="in_force")
    note: Mapped[str] = mapped_column(Text, default="")
    created_at: Mapped[datetime]
    competencies: Mapped[list["CourseCompetency"]] = relationship(
        back_populates="course", cascade="all, delete-orphan"
    )
    topics: Mapped[list["CourseTopic"]] = relationship(
        back_populates="course", cascade="all, delete-orphan", order_by="CourseTopic.position"
    )
    materials: Mapped[list["CourseMaterial"]] = relationship(
        back_populates="course", cascade="all, delete-orphan", order_by="CourseMaterial.id"
    )


class CourseCompetency(Base):
    """A competency that the course leads to a level in."""

    __tablename__ = "course_competency"
    __table_args__ = (
        UniqueConstraint("course_id", "competency_id"),
        CheckConstraint("to_level BETWEEN 1 AND 5", name="to_level"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    course_id: Mapped[int] = mapped_column(ForeignKey("course.id", ondelete="CASCADE"))
    competency_id: Mapped[int] = mapped_column(ForeignKey("competency.id"))
    from_level: Mapped[int] = mapped_column(default=0)  # 0: none needed
    to_level: Mapped[int]
    effect: Mapped[str] = mapped_column(String(8), default="set")
    course: Mapped[Course] = relationship(back_populates="competencies")
    competency: Mapped[Competency] = relationship()


class CourseTopic(Base):
    """A topic with its hours, as printed on the second page of the certificate."""

    __tablename__ = "course_topic"

    id: Mapped[int] = mapped_column(primary_key=True)
    course_id: Mapped[int] = mapped_column(ForeignKey("course.id", ondelete="CASCADE"), index=True)
    position: Mapped[int]
    title: Mapped[str] = mapped_column(String(250))
    jp: Mapped[int]
    course: Mapped[Course] = relationship(back_populates="topics")


class CourseMaterial(Base):
    """A file to read before, during or after a course."""

    __tablename__ = "course_material"

    id: Mapped[int] = mapped_column(primary_key=True)
    course_id: Mapped[int] = mapped_column(ForeignKey("course.id", ondelete="CASCADE"), index=True)
    title: Mapped[str] = mapped_column(String(200))
    file_id: Mapped[int] = mapped_column(ForeignKey("stored_file.id"))
    course: Mapped[Course] = relationship(back_populates="materials")
