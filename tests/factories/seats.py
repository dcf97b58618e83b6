"""Seats and people that fit them."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from matching.models import Role, Seat
from matching.services.seats import open_seat
from skills.models import Employee, Opd
from tests.factories.offices import make_opd
from tests.factories.people import give_level, make_employee


def make_seat(session: Session, role: str = "ADM-JEPIN", opd: Opd | None = None) -> Seat:
    """Open a seat of a role of the reference data."""
    found = session.scalars(select(Role).where(Role.code == role)).one()
    return open_seat(session, role_id=found.id, opd_id=(opd or make_opd(session)).id)


def make_candidate(session: Session, seat: Seat, level: int | None = None) -> Employee:
    """Add somebody who passes the gates; with a level, verified in everything the role asks."""
    person = make_employee(session)
    if level is not None:
        for item in seat.role.standard.items:
            give_level(session, person, item.competency.code, level)
    return person
