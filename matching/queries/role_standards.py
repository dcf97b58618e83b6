"""Which seats a standard of a role concerns."""

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from matching.models import Role, Seat
from skills.models import Opd, Standard


def seats_of_standard(session: Session, code: str) -> Sequence[Seat]:
    """Return the seats of the roles that follow a standard, by OPD."""
    return session.scalars(
        select(Seat)
        .join(Role, Role.id == Seat.role_id)
        .join(Standard, Standard.id == Role.standard_id)
        .join(Opd, Opd.id == Seat.opd_id)
        .where(Standard.code == code)
        .options(joinedload(Seat.opd), joinedload(Seat.role))
        .order_by(Opd.short_name, Seat.code)
    ).all()
