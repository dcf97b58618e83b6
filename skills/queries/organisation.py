"""Reads of OPD and units."""

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.core import clock
from skills.models import Opd


def opd_in_force(session: Session) -> Sequence[Opd]:
    """Return the OPD that exist today, by code."""
    return session.scalars(
        select(Opd)
        .where(Opd.valid_until.is_(None) | (Opd.valid_until >= clock.today()))
        .order_by(Opd.code)
    ).all()
