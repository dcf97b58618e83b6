"""Reads of claims: one with all its parts, the queue of a verifier, what speaks against it."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from sqlalchemy import Select, and_, func, or_, select
from sqlalchemy.orm import Session, contains_eager, joinedload, selectinload

from app.core import clock
from app.core.actor import Actor
from app.core.files.models import StoredFile
from skills.enums import ClaimState
from skills.models import (
    Claim,
    ClaimEvidence,
    Competency,
    Employee,
    RejectionReason,
    TrainingRecord,
)
from skills.queries.claims_overview import in_reach

_LIVE = (ClaimState.SUBMITTED, ClaimState.UNIT_ACCEPTED, ClaimState.ACCEPTED)


@dataclass(frozen=True)
class QueueFilter:
    """What the queue is narrowed by."""

    opd_id: int | None = None
    area_id: int | None = None
    stage: str | None = None  # a waiting state
    text: str | None = None
    older_than_days: int | None = None


@dataclass(frozen=True)
class Twin:
    """The same certificate number or the same file somewhere else."""

    employee_id: int
    employee_name: str
    claim_id: int | None
    title: str
    reason: str  # number, file


def find_claim(session: Session, claim_id: int, *, lock: bool = False) -> Claim | None:
    """Return a claim with person, competency, files and steps, or None.

    Args:
        lock: hold the row until the transaction ends, for those who decide about it.
    """
    if lock:
        session.execute(select(Claim.id).where(Claim.id == claim_id).with_for_update())
    return session.scalar(
        select(Claim)
        .where(Claim.id == claim_id)
        .options(
            joinedload(Claim.employee).joinedload(Employee.opd),
            joinedload(Claim.employee).joinedload(Employee.position),
            joinedload(Claim.employee).joinedload(Employee.supervisor),
            joinedload(Claim.competency).selectinload(Competency.levels),
            selectinload(Claim.evidence),
            selectinload(Claim.steps),
        )
        .execution_options(populate_existing=lock)
    )


def claims_by_id(session: Session, ids: Sequence[int], *, lock: bool = False) -> Sequence[Claim]:
    """Return claims with person and competency in the order of their ids.

    Args:
        lock: hold the rows until the transaction ends.
    """
    wanted = select(Claim).where(Claim.id.in_(ids)).order_by(Claim.id)
    if lock:
        session.execute(
            select(Claim.id).where(Claim.id.in_(ids)).order_by(Claim.id).with_for_update()
        )
    return session.scalars(
        wanted.options(
            joinedload(Claim.employee), joinedload(Claim.competency), selectinload(Claim.steps)
        ).execution_options(populate_existing=lock)
    ).all()


def evidence_files(session: Session, claims: Sequence[Claim]) -> Mapping[int, list[StoredFile]]:
    """Return the files of claims by claim id, in the order they were added."""
    rows = session.execute(
        select(ClaimEvidence.claim_id, StoredFile)
        .join(StoredFile, StoredFile.id == ClaimEvidence.file_id)
        .where(
            ClaimEvidence.claim_id.in_([claim.id for claim in claims]),
            StoredFile.deleted_at.is_(None),
        )
        .order_by(ClaimEvidence.id)
    )
    found: dict[int, list[StoredFile]] = defaultdict(list)
    for claim_id, stored in rows:
        found[claim_id].append(stored)
    return found


def rejection_reasons(session: Session) -> Sequence[RejectionReason]:
    """Return the reasons in use, in their order."""
    return session.scalars(
        select(RejectionReason)
        .where(RejectionReason.active)
        .order_by(RejectionReason.position, RejectionReason.code)
    ).all()


def queue_statement(actor: Actor, filters: QueueFilter) -> Select[Claim]:
    """Return the claims that wait for the actor; order and page are the caller's."""
    statement = (
        in_reach(select(Claim), actor=actor)
        .join(Competency, Competency.id == Claim.competency_id)
        .options(
            contains_eager(Claim.employee).joinedload(Employee.opd),
            contains_eager(Claim.competency),
        )
    )
    if filters.opd_id:
        statement = statement.where(Employee.opd_id == filters.opd_id)
    if filters.area_id:
        statement = statement.where(Competency.parent_id == filters.area_id)
    if filters.stage:
        statement = statement.where(Claim.state == filters.stage)
    if filters.older_than_days:
        limit = clock.now() - timedelta(days=filters.older_than_days)
        statement = statement.where(Claim.stage_since <= limit)
    if filters.text:
        words = [Employee.name, Competency.name, Claim.title, Claim.document_number]
        statement = statement.where(
            or_(*(word.icontains(filters.text, autoescape=True) for word in words))
        )
    return statement


def filtered_claims(
    session: Session, statement: Select[Claim], *, before: int, most: int
) -> Sequence[Claim]:
    """Return the claims of a queue that waited at a moment already, the oldest first.

    Args:
        before: seconds since 1970; what was sent later has not been seen.
    """
    moment = datetime.fromtimestamp(before + 1, tz=UTC)
    seen = statement.where(Claim.stage_since < moment).order_by(Claim.stage_since, Claim.id)
    return session.scalars(seen.limit(most)).all()


def queue_sorts() -> dict[str, object]:
    """Return the orders of the queue: name in the address to columns."""
    return {
        "lama": (Claim.stage_since,),
        "nama": (Employee.name,),
        "kompetensi": (Competency.name, Claim.level),
        "level": (Claim.level,),
    }


def next_in_queue(session: Session, *, actor: Actor, after: Claim) -> int | None:
    """Return the claim that has waited longest after this one, for going on without the list."""
    later = or_(
        Claim.stage_since > after.stage_since,
        and_(Claim.stage_since == after.stage_since, Claim.id > after.id),
    )
    oldest = in_reach(select(Claim.id), actor=actor).where(Claim.id != after.id)
    order = (Claim.stage_since, Claim.id)
    following = session.scalar(oldest.where(later).order_by(*order).limit(1))
    return following or session.scalar(oldest.order_by(*order).limit(1))


def areas(session: Session) -> Sequence[Competency]:
    """Return the areas of the dictionaries, as a filter offers them."""
    return session.scalars(
        select(Competency)
        .where(Competency.is_area, Competency.state != "retired")
        .order_by(Competency.framework_id, Competency.position, Competency.code)
    ).all()


def twins(session: Session, claims: Sequence[Claim]) -> Mapping[int, list[Twin]]:
    """Return where the certificate numbers and the files of claims are found once more.

    Drafts and what was withdrawn or returned do not count.
    """
    found: dict[int, list[Twin]] = defaultdict(list)
    _same_number(session, claims, found)
    _same_file(session, claims, found)
    return found


def _same_number(session: Session, claims: Sequence[Claim], found: dict[int, list[Twin]]) -> None:
    numbers = {_plain(claim.document_number) for claim in claims if claim.document_number}
    if not numbers:
        return
    others = session.execute(
        select(Claim.id, Claim.title, Claim.document_number, Employee.id, Employee.name)
        .join(Employee, Employee.id == Claim.employee_id)
        .where(func.lower(func.trim(Claim.document_number)).in_(numbers), Claim.state.in_(_LIVE))
        .order_by(Claim.id)
    ).all()
    trainings = session.execute(
        select(TrainingRecord.title, TrainingRecord.number, Employee.id, Employee.name)
        .join(Employee, Employee.id == TrainingRecord.employee_id)
        .where(func.lower(func.trim(TrainingRecord.number)).in_(numbers))
        .order_by(TrainingRecord.id)
    ).all()
    for claim in claims:
        number = _plain(claim.document_number)
        for claim_id, title, other, person, name in others:
            if claim_id != claim.id and _plain(other) == number:
                found[claim.id].append(Twin(person, name, claim_id, title, "number"))
        for title, other, person, name in trainings:
            if person != claim.employee_id and _plain(other) == number:
                found[claim.id].append(Twin(person, name, None, title, "number"))


def _plain(number: str | None) -> str:
    return (number or "").strip().lower()


def _same_file(session: Session, claims: Sequence[Claim], found: dict[int, list[Twin]]) -> None:
    mine = evidence_files(session, claims)
    digests = {stored.sha256 for files in mine.values() for stored in files}
    if not digests:
        return
    others = session.execute(
        select(Claim.id, Claim.title, StoredFile.sha256, Employee.id, Employee.name)
        .join(ClaimEvidence, ClaimEvidence.claim_id == Claim.id)
        .join(StoredFile, StoredFile.id == ClaimEvidence.file_id)
        .join(Employee, Employee.id == Claim.employee_id)
        .where(StoredFile.sha256.in_(digests), Claim.state.in_(_LIVE))
        .order_by(Claim.id)
    ).all()
    for claim in claims:
        own = {stored.sha256 for stored in mine.get(claim.id, ())}
        listed = {twin.claim_id for twin in found[claim.id]}
        for claim_id, title, digest, person, name in others:
            if claim_id != claim.id and digest in own and claim_id not in listed:
                listed.add(claim_id)
                found[claim.id].append(Twin(person, name, claim_id, title, "file"))
