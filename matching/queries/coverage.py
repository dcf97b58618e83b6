"""The number the city is judged by: seats with a holder, OPD with all their seats held."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import case, func, select
from sqlalchemy.orm import Session

from matching.enums import SeatState
from matching.models import Seat
from skills.models import Opd


@dataclass(frozen=True)
class OpdCoverage:
    """Seats of one OPD."""

    opd_id: int
    code: str
    name: str
    short_name: str
    seats: int
    filled: int

    @property
    def is_covered(self) -> bool:
        """Whether every key seat of the OPD is held."""
        return self.seats > 0 and self.filled == self.seats


@dataclass(frozen=True)
class Coverage:
    """Coverage of the city on a day."""

    day: date
    opd: Sequence[OpdCoverage]

    @property
    def seats(self) -> int:
        """Key seats of the city."""
        return sum(row.seats for row in self.opd)

    @property
    def filled(self) -> int:
        """Key seats that are held."""
        return sum(row.filled for row in self.opd)

    @property
    def covered_opd(self) -> int:
        """OPD whose key seats are all held."""
        return sum(1 for row in self.opd if row.is_covered)

    @property
    def percent(self) -> float:
        """Share of key seats that are held, in percent."""
        return round(100 * self.filled / self.seats, 1) if self.seats else 0.0


def coverage(session: Session, *, day: date) -> Coverage:
    """Return the coverage of all OPD by their key seats."""
    filled = func.sum(case((Seat.state == SeatState.FILLED, 1), else_=0))
    rows = session.execute(
        select(Opd.id, Opd.code, Opd.name, Opd.short_name, func.count(Seat.id), filled)
        .outerjoin(
            Seat, (Seat.opd_id == Opd.id) & (Seat.state != SeatState.CLOSED) & Seat.is_key.is_(True)
        )
        .where(Opd.valid_until.is_(None) | (Opd.valid_until >= day))
        .group_by(Opd.id, Opd.code, Opd.name, Opd.short_name)
        .order_by(Opd.code)
    )
    found = [
        OpdCoverage(opd_id, code, name, short, seats, int(held or 0))
        for opd_id, code, name, short, seats, held in rows
    ]
    return Coverage(day=day, opd=found)
