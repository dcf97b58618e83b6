"""What became of an item of a year plan: its sessions, and the proposals it answers."""

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from app.core.db import Base


class PlanItemSession(Base):
    """A session that was drafted from an item of a plan."""

    __tablename__ = "year_plan_item_session"

    session_id: Mapped[int] = mapped_column(
        ForeignKey("session.id", ondelete="CASCADE"), primary_key=True
    )
    item_id: Mapped[int] = mapped_column(
        ForeignKey("year_plan_item.id", ondelete="CASCADE"), index=True
    )


class PlanItemProposal(Base):
    """A proposal that was taken into an item of a plan, and what it did to the sessions of it."""

    __tablename__ = "year_plan_item_proposal"

    proposal_id: Mapped[int] = mapped_column(
        ForeignKey("training_proposal.id", ondelete="CASCADE"), primary_key=True
    )
    item_id: Mapped[int] = mapped_column(
        ForeignKey("year_plan_item.id", ondelete="CASCADE"), index=True
    )
    # None: the item was made for this proposal.
    sessions_before: Mapped[int | None]
    sessions_after: Mapped[int] = mapped_column(default=1)
