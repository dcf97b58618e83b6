"""What the auditor should look at: mutual verification on one day, shared certificates."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from sqlalchemy import func, select, union_all
from sqlalchemy.orm import Session, joinedload

from app.core import clock
from app.core.accounts.models import Account
from skills.enums import ClaimState
from skills.models import Claim, Employee, OutsideRecord

_SHOWN = ("sent", "verified")  # of records from elsewhere
_LIVE = (ClaimState.SUBMITTED, ClaimState.UNIT_ACCEPTED, ClaimState.ACCEPTED)


@dataclass(frozen=True)
class MutualVerification:
    """Two people who accepted each other's claims on the same day."""

    day: date
    first: Employee
    second: Employee
    claims: tuple[int, ...]


@dataclass(frozen=True)
class SharedNumber:
    """One certificate number under the claims and records of several people."""

    number: str
    claims: Sequence[Claim]
    records: Sequence[OutsideRecord]


def mutual_verifications(session: Session, *, days: int = 365) -> list[MutualVerification]:
    """Return the pairs who verified each other on one day, the newest first.

    Args:
        days: how far back to look.
    """
    rows = session.execute(
        select(Claim.id, Claim.employee_id, Claim.decided_at, Account.employee_id)
        .join(Account, Account.id == Claim.decided_by_id)
        .where(
            Claim.state == ClaimState.ACCEPTED,
            Account.employee_id.is_not(None),
            Claim.decided_at >= clock.now() - timedelta(days=days),
        )
        .order_by(Claim.id)
    )
    decided: dict[tuple[date, int, int], list[int]] = defaultdict(list)
    for claim_id, owner, moment, verifier in rows:
        if moment is None or verifier is None:
            continue  # the statement leaves them out
        decided[clock.local(moment).date(), verifier, owner].append(claim_id)
    pairs = [
        (day, one, other, (*ids, *decided[day, other, one]))
        for (day, one, other), ids in list(decided.items())
        if one < other and (day, other, one) in decided
    ]
    people = _people(session, {person for _, one, other, _ in pairs for person in (one, other)})
    found = [MutualVerification(day, people[a], people[b], ids) for day, a, b, ids in pairs]
    return sorted(found, key=lambda item: (item.day, item.first.id), reverse=True)


def _people(session: Session, ids: set[int]) -> dict[int, Employee]:
    rows = session.scalars(
        select(Employee).where(Employee.id.in_(ids)).options(joinedload(Employee.opd))
    )
    return {row.id: row for row in rows}


def shared_numbers(session: Session, *, most: int = 200) -> list[SharedNumber]:
    """Return the certificate numbers that more than one person has put forward.

    Args:
        most: how many numbers at most.
    """
    claimed, brought = _plain(Claim.document_number), _plain(OutsideRecord.number)
    shown = union_all(
        select(claimed.label("number"), Claim.employee_id).where(
            Claim.document_number.is_not(None), Claim.state.in_(_LIVE)
        ),
        select(brought.label("number"), OutsideRecord.employee_id).where(
            OutsideRecord.number.is_not(None), OutsideRecord.state.in_(_SHOWN)
        ),
    ).subquery()
    numbers = session.scalars(
        select(shown.c.number)
        .group_by(shown.c.number)
        .having(func.count(shown.c.employee_id.distinct()) > 1)
        .order_by(shown.c.number)
        .limit(most)
    ).all()
    claims = session.scalars(
        select(Claim)
        .where(claimed.in_(numbers), Claim.state.in_(_LIVE))
        .options(joinedload(Claim.employee).joinedload(Employee.opd), joinedload(Claim.competency))
        .order_by(Claim.id)
    ).all()
    records = session.scalars(
        select(OutsideRecord)
        .where(brought.in_(numbers), OutsideRecord.state.in_(_SHOWN))
        .options(joinedload(OutsideRecord.employee).joinedload(Employee.opd))
        .order_by(OutsideRecord.id)
    ).all()
    return [
        SharedNumber(
            number.upper(),
            [row for row in claims if _same(row.document_number, number)],
            [row for row in records if _same(row.number, number)],
        )
        for number in numbers
    ]


def _plain(column: Any) -> Any:
    return func.lower(func.trim(column))


def _same(number: str | None, plain: str) -> bool:
    return (number or "").strip().lower() == plain
