"""The competency dictionary and the standards: versioned reference data."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.core.db import Base


class Framework(Base):
    """A dictionary of competencies from one source; several stand side by side."""

    __tablename__ = "framework"

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(String(30), unique=True)
    name: Mapped[str] = mapped_column(String(200))
    name_en: Mapped[str] = mapped_column(String(200))
    version: Mapped[str] = mapped_column(String(20), default="1", server_default="1")
    kind: Mapped[str] = mapped_column(String(16))
    source: Mapped[str] = mapped_column(Text)
    confidence: Mapped[str] = mapped_column(String(16))
    state: Mapped[str] = mapped_column(String(10), default="draft")
    valid_from: Mapped[date | None]
    valid_until: Mapped[date | None]


class Competency(Base):
    """A competency, or an area that holds others (`parent_id`); its column in matching is fixed."""

    __tablename__ = "competency"

    id: Mapped[int] = mapped_column(primary_key=True)
    framework_id: Mapped[int] = mapped_column(ForeignKey("framework.id"), index=True)
    parent_id: Mapped[int | None] = mapped_column(ForeignKey("competency.id"))
    code: Mapped[str] = mapped_column(String(30), unique=True)
    name: Mapped[str] = mapped_column(String(200))
    name_en: Mapped[str] = mapped_column(String(200))
    kind: Mapped[str] = mapped_column(String(16))
    definition: Mapped[str] = mapped_column(Text, default="")
    is_area: Mapped[bool] = mapped_column(default=False)
    two_stage: Mapped[bool] = mapped_column(default=False)
    shelf_life_months: Mapped[int | None]
    policy: Mapped[str] = mapped_column(String(20), default="best")  # see skills.rules.PolicyMode
    policy_years: Mapped[int | None]
    policy_sources: Mapped[list[str]] = mapped_column(JSON, default=list, server_default="[]")
    keywords: Mapped[list[str]] = mapped_column(JSON, default=list)
    state: Mapped[str] = mapped_column(String(10), default="draft")
    position: Mapped[int] = mapped_column(default=0)
    # Place in the level vectors; given once and never reused, so that old vectors stay readable.
    column: Mapped[int | None] = mapped_column(unique=True)
    revision: Mapped[int] = mapped_column(default=1, server_default="1")  # of the row, for forms
    framework: Mapped[Framework] = relationship()
    levels: Mapped[list["CompetencyLevel"]] = relationship(
        back_populates="competency", order_by="CompetencyLevel.level", cascade="all, delete-orphan"
    )
    mappings: Mapped[list["CompetencyMapping"]] = relationship(
        cascade="all, delete-orphan", order_by="CompetencyMapping.id"
    )


class CompetencyEdition(Base):
    """A wording of a competency with its time: what is used gets a new one, never an edit.

    The edition in force is also on the competency and its levels, where everything reads it.
    """

    __tablename__ = "competency_edition"
    __table_args__ = (UniqueConstraint("competency_id", "number"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    competency_id: Mapped[int] = mapped_column(ForeignKey("competency.id", ondelete="CASCADE"))
    number: Mapped[int]
    content: Mapped[dict[str, Any]] = mapped_column(JSON)  # definition, keywords, levels
    state: Mapped[str] = mapped_column(String(10))  # prepared, in_force, retired
    valid_from: Mapped[date | None]
    valid_until: Mapped[date | None]
    source: Mapped[str] = mapped_column(Text, default="")
    reason: Mapped[str] = mapped_column(String(300), default="")
    created_at: Mapped[datetime]
    created_by_label: Mapped[str] = mapped_column(String(200), default="")


class CompetencyLevel(Base):
    """Observable behaviours of one level (1 to 5)."""

    __tablename__ = "competency_level"
    __table_args__ = (
        UniqueConstraint("competency_id", "level"),
        CheckConstraint("level BETWEEN 1 AND 5", name="level"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    competency_id: Mapped[int] = mapped_column(ForeignKey("competency.id", ondelete="CASCADE"))
    level: Mapped[int]
    behaviours: Mapped[list[str]] = mapped_column(JSON, default=list)
    competency: Mapped[Competency] = relationship(back_populates="levels")


class CompetencyMapping(Base):
    """A relation of a competency to an item of another framework."""

    __tablename__ = "competency_mapping"
    __table_args__ = (UniqueConstraint("competency_id", "target_framework", "target_code"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    competency_id: Mapped[int] = mapped_column(ForeignKey("competency.id", ondelete="CASCADE"))
    target_framework: Mapped[str] = mapped_column(String(60))
    target_code: Mapped[str] = mapped_column(String(60))
    target_name: Mapped[str] = mapped_column(String(250))
    relation: Mapped[str] = mapped_column(String(20), default="related")
    confidence: Mapped[str] = mapped_column(String(16))


class Standard(Base):
    """Required levels of a position class, a position or a smart-city role, in one version."""

    __tablename__ = "standard"
    __table_args__ = (
        UniqueConstraint("code", "version"),
        Index("ix_standard_class", "class_code"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(String(60))
    version: Mapped[int] = mapped_column(default=1)
    name: Mapped[str] = mapped_column(String(250))
    kind: Mapped[str] = mapped_column(String(10))  # class, position, role
    class_code: Mapped[str | None] = mapped_column(String(30))
    state: Mapped[str] = mapped_column(String(10), default="draft")
    valid_from: Mapped[date | None]
    valid_until: Mapped[date | None]
    source: Mapped[str] = mapped_column(Text, default="")
    confidence: Mapped[str] = mapped_column(String(16), default="local_draft")
    reason: Mapped[str] = mapped_column(String(300), default="", server_default="")
    created_at: Mapped[datetime | None]
    created_by_label: Mapped[str] = mapped_column(String(200), default="", server_default="")
    revision: Mapped[int] = mapped_column(
        default=1, server_default="1"
    )  # of a version in the making
    items: Mapped[list["StandardItem"]] = relationship(
        back_populates="standard", cascade="all, delete-orphan", order_by="StandardItem.id"
    )


class StandardItem(Base):
    """One requirement: level, weight, mandatory or not."""

    __tablename__ = "standard_item"
    __table_args__ = (
        UniqueConstraint("standard_id", "competency_id"),
        CheckConstraint("level BETWEEN 1 AND 5", name="level"),
        CheckConstraint("weight > 0", name="weight"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    standard_id: Mapped[int] = mapped_column(ForeignKey("standard.id", ondelete="CASCADE"))
    competency_id: Mapped[int] = mapped_column(ForeignKey("competency.id"))
    level: Mapped[int]
    weight: Mapped[float] = mapped_column(default=1.0)
    mandatory: Mapped[bool] = mapped_column(default=False)
    standard: Mapped[Standard] = relationship(back_populates="items")
    competency: Mapped[Competency] = relationship()


class LevelPath(Base):
    """A way to a level: every group of its steps, any step of a group; other paths are ways too."""

    __tablename__ = "level_path"
    __table_args__ = (CheckConstraint("level BETWEEN 1 AND 5", name="level"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    competency_id: Mapped[int] = mapped_column(
        ForeignKey("competency.id", ondelete="CASCADE"), index=True
    )
    level: Mapped[int]
    name: Mapped[str] = mapped_column(String(200))
    state: Mapped[str] = mapped_column(String(10), default="in_force")  # in_force, retired
    created_at: Mapped[datetime]
    steps: Mapped[list["LevelPathStep"]] = relationship(
        cascade="all, delete-orphan", order_by="LevelPathStep.id"
    )


class LevelPathStep(Base):
    """A course passed, a verified proof, an assessment, or a level in another competency."""

    __tablename__ = "level_path_step"
    __table_args__ = (CheckConstraint("level IS NULL OR level BETWEEN 1 AND 5", name="level"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    path_id: Mapped[int] = mapped_column(
        ForeignKey("level_path.id", ondelete="CASCADE"), index=True
    )
    group: Mapped[int] = mapped_column(default=1)
    kind: Mapped[str] = mapped_column(String(12))  # see skills.path_rules.StepKind
    course_code: Mapped[str | None] = mapped_column(String(40))
    competency_id: Mapped[int | None] = mapped_column(ForeignKey("competency.id"))
    level: Mapped[int | None]
    competency: Mapped[Competency | None] = relationship()
