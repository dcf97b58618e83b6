"""Positions, employees with a career, levels and claims; OPD and units are in `offices`."""

import itertools
from datetime import date
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.core import clock
from skills.enums import ClaimState, LevelSource
from skills.models import Claim, Competency, Employee, LevelRecord, Opd, Position, Unit
from skills.services.levels import recompute_levels
from tests.factories.offices import make_opd, make_person

_numbers = itertools.count(1)


def make_position(
    session: Session, name: str | None = None, *, kind: str = "PELAKSANA", **fields: Any
) -> Position:
    """Add a position; the class is its kind by default."""
    position = Position(
        name=name or f"Jabatan Uji {next(_numbers)}", kind=kind, **{"class_code": kind, **fields}
    )
    session.add(position)
    session.flush()
    return position


def make_employee(
    session: Session,
    *,
    opd: Opd | None = None,
    unit: Unit | None = None,
    position: Position | None = None,
    supervisor: Employee | None = None,
    **fields: Any,
) -> Employee:
    """Add an active PNS with an ordinary career, in an OPD of their own by default."""
    usual = {
        "birth_date": date(1990, 1, 1),
        "sex": "L",
        "golongan": "III/b",
        "golongan_since": date(2022, 4, 1),
        "position_since": date(2021, 1, 1),
        "education_level": "S1",
        "education_field": "Sistem Informasi",
        "graduation_year": 2012,
        "service_start": date(2015, 1, 1),
        "retirement_date": date(2048, 2, 1),
        "position_id": position.id if position else None,
        "position_kind": position.kind if position else None,
        "unit_id": unit.id if unit else None,
        "supervisor_id": supervisor.id if supervisor else None,
    }
    return make_person(session, opd or make_opd(session), **{**usual, **fields})


def competency(session: Session, code: str = "AP-02") -> Competency:
    """Return a competency of the reference data by its code."""
    return session.scalars(select(Competency).where(Competency.code == code)).one()


def give_level(
    session: Session,
    employee: Employee,
    code: str,
    level: int,
    *,
    source: str | LevelSource = LevelSource.ASSESSOR,
    **fields: Any,
) -> LevelRecord:
    """Add a row to the history of levels and recompute what is in force."""
    usual = {"obtained_on": clock.today(), "recorded_at": clock.now()}
    row = LevelRecord(
        employee_id=employee.id,
        competency_id=competency(session, code).id,
        level=level,
        source=LevelSource(source),
        **{**usual, **fields},
    )
    session.add(row)
    session.flush()
    recompute_levels(session, employee_ids=[employee.id])
    return row


def make_claim(
    session: Session,
    employee: Employee,
    code: str = "AP-02",
    *,
    level: int = 3,
    state: str | ClaimState = ClaimState.SUBMITTED,
    **fields: Any,
) -> Claim:
    """Add a claim in any state, without evidence and without what the services write beside it."""
    moment = clock.now()
    submitted = None if ClaimState(state) is ClaimState.DRAFT else moment
    usual = {"title": "Sertifikat uji", "created_at": moment, "stage_since": moment}
    claim = Claim(
        employee_id=employee.id,
        competency_id=competency(session, code).id,
        level=level,
        state=ClaimState(state),
        submitted_at=submitted,
        **{**usual, **fields},
    )
    session.add(claim)
    session.flush()
    return claim
