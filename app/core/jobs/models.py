"""Jobs, their items and the sign of life of the workers."""

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.core.accounts.models import Account
from app.core.db import Base
from app.core.i18n import Message
from app.core.message_json import from_json


class JobState(StrEnum):
    """Life of a job."""

    QUEUED = "queued"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"
    CANCELLED = "cancelled"


class ItemState(StrEnum):
    """Life of one item; it leaves `queued` in the transaction that holds its effect."""

    QUEUED = "queued"
    DONE = "done"
    SKIPPED = "skipped"
    FAILED = "failed"
    CANCELLED = "cancelled"


OPEN = (JobState.QUEUED, JobState.RUNNING)


class Job(Base):
    """A piece of long work with its progress and result.

    `claim` counts the runs ever started and is the fence: a run whose number is no longer the
    row's number has lost the job and must not commit. `attempts` counts runs without progress.
    """

    __tablename__ = "job"
    __table_args__ = (
        CheckConstraint(
            "state IN ('queued', 'running', 'done', 'failed', 'cancelled')", name="state_known"
        ),
        Index("ix_job_state_heartbeat_at", "state", "heartbeat_at"),
        Index("ix_job_created_by_id_created_at", "created_by_id", "created_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(String(80), index=True)
    key: Mapped[str | None] = mapped_column(String(200), unique=True)
    title: Mapped[dict[str, Any]] = mapped_column(JSON)
    state: Mapped[str] = mapped_column(String(12), default=JobState.QUEUED)
    params: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    total: Mapped[int | None]
    done: Mapped[int] = mapped_column(default=0)
    skipped: Mapped[int] = mapped_column(default=0)
    failed: Mapped[int] = mapped_column(default=0)
    created_by_id: Mapped[int | None] = mapped_column(ForeignKey(Account.id))
    created_at: Mapped[datetime]
    started_at: Mapped[datetime | None]
    finished_at: Mapped[datetime | None]
    heartbeat_at: Mapped[datetime | None]
    claimed_by: Mapped[str | None] = mapped_column(String(120))
    claim: Mapped[int] = mapped_column(default=0)
    attempts: Mapped[int] = mapped_column(default=0)
    error: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    result: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    cancel_requested: Mapped[bool] = mapped_column(default=False)

    @property
    def title_message(self) -> Message:
        """What the job does, in words."""
        return from_json(self.title)

    @property
    def error_message(self) -> Message | None:
        """Why the job failed, in words."""
        return from_json(self.error) if self.error else None

    @property
    def is_open(self) -> bool:
        """Whether the job waits or runs."""
        return self.state in OPEN


class JobItem(Base):
    """One unit of an itemised job, committed by itself."""

    __tablename__ = "job_item"
    __table_args__ = (
        CheckConstraint(
            "state IN ('queued', 'done', 'skipped', 'failed', 'cancelled')", name="state_known"
        ),
        UniqueConstraint("job_id", "key"),
        # The order in which items are taken: fresh ones first, then those to be tried again.
        Index("ix_job_item_order", "job_id", "state", "attempts", "position"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    job_id: Mapped[int] = mapped_column(ForeignKey("job.id", ondelete="CASCADE"))
    position: Mapped[int]
    key: Mapped[str] = mapped_column(String(200))
    state: Mapped[str] = mapped_column(String(12), default=ItemState.QUEUED)
    attempts: Mapped[int] = mapped_column(default=0)
    payload: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    outcome: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    message: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))

    @property
    def message_text(self) -> Message | None:
        """What there is to say about the item, in words."""
        return from_json(self.message) if self.message else None


class WorkerHeartbeat(Base):
    """When each worker was last alive."""

    __tablename__ = "worker_heartbeat"

    name: Mapped[str] = mapped_column(String(120), primary_key=True)
    seen_at: Mapped[datetime] = mapped_column(index=True)
    note: Mapped[str | None] = mapped_column(Text)
