"""Scouting runs: frozen inputs, so that a ranking can be replayed bit for bit."""

from datetime import datetime

from sqlalchemy import JSON, ForeignKey, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column

from app.core.db import Base


class ModelVersion(Base):
    """A fitted similarity model: frozen statistics with their checksum; arrays, never a pickle."""

    __tablename__ = "model_version"

    id: Mapped[int] = mapped_column(primary_key=True)
    code_version: Mapped[str] = mapped_column(String(20))
    fitted_at: Mapped[datetime]
    people: Mapped[int]
    parameters: Mapped[dict[str, object]] = mapped_column(JSON)
    arrays: Mapped[bytes] = mapped_column(LargeBinary)
    checksum: Mapped[str] = mapped_column(String(64), unique=True)
    active: Mapped[bool] = mapped_column(default=True)


class ScoutingRun(Base):
    """One ranking as it was shown: inputs, result and their hash."""

    __tablename__ = "scouting_run"

    id: Mapped[int] = mapped_column(primary_key=True)
    seat_id: Mapped[int | None] = mapped_column(ForeignKey("seat.id"), index=True)
    role_id: Mapped[int | None] = mapped_column(ForeignKey("role.id"))
    model_version_id: Mapped[int | None] = mapped_column(ForeignKey("model_version.id"))
    parameters: Mapped[dict[str, object]] = mapped_column(JSON)  # weights, gates, order, filters
    gate_counts: Mapped[list[dict[str, object]]] = mapped_column(JSON, default=list)
    people: Mapped[int]
    inputs: Mapped[bytes] = mapped_column(LargeBinary)  # zlib of the canonical inputs read
    inputs_hash: Mapped[str] = mapped_column(String(64))
    ranking: Mapped[bytes] = mapped_column(LargeBinary)  # zlib of the canonical ranking
    ranking_hash: Mapped[str] = mapped_column(String(64))
    created_at: Mapped[datetime]
    created_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    key: Mapped[str | None] = mapped_column(String(64), index=True)  # same inputs, same run
