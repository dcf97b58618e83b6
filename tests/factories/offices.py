"""OPD, units and bare employees: just enough to hang accounts on."""

import itertools
from typing import Any

from sqlalchemy.orm import Session

from app.core import clock
from skills.models import Employee, Opd, Unit

_numbers = itertools.count(1)


def make_opd(session: Session, name: str | None = None) -> Opd:
    """Add an OPD."""
    number = next(_numbers)
    opd = Opd(
        code=f"T{number:04}",
        name=name or f"Dinas Uji {number}",
        short_name=f"DU{number}",
        kind="Dinas",
    )
    session.add(opd)
    session.flush()
    return opd


def make_unit(session: Session, opd: Opd) -> Unit:
    """Add a unit to an OPD."""
    unit = Unit(opd_id=opd.id, name=f"Bidang {next(_numbers)}")
    session.add(unit)
    session.flush()
    return unit


def make_person(session: Session, opd: Opd, **fields: Any) -> Employee:
    """Add an active employee of an OPD."""
    number = next(_numbers)
    person = Employee(
        **{
            "nip": f"19900101201501{number:04}",
            "name": f"Pegawai {number:04}",
            "employment_kind": "PNS",
            "employment_state": "active",
            "opd_id": opd.id,
            "created_at": clock.now(),
            "updated_at": clock.now(),
            **fields,
        }
    )
    session.add(person)
    session.flush()
    return person
