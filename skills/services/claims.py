"""Claims, the owner's side: a person says a level, brings evidence and sends both.

Steps: draft -> submitted -> (unit_accepted ->) accepted, or returned with a reason and sent again.
"""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import date
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.core import clock
from app.core.actor import Actor
from app.core.audit import changed_fields, record
from app.core.errors import InvalidInput, InvalidTransition, NotAllowed
from app.core.i18n import N_, Message
from skills.enums import ClaimState, LevelSource
from skills.models import Claim, ClaimEvidence, ClaimStep, Competency, Employee
from skills.rules import months_after
from skills.services.levels import record_level, withdraw_levels

EDITABLE = (ClaimState.DRAFT, ClaimState.RETURNED)
WAITING = (ClaimState.SUBMITTED, ClaimState.UNIT_ACCEPTED)
MAX_FILES = 5


@dataclass(frozen=True)
class ClaimInput:
    """What the owner of a claim states."""

    competency_id: int
    level: int
    title: str = ""
    issuer: str | None = None
    document_number: str | None = None
    issued_on: date | None = None
    valid_until: date | None = None
    jp: int | None = None
    note: str = ""


def start_claim(session: Session, *, actor: Actor, competency_id: int, level: int) -> Claim:
    """Begin a claim, or go on with the one that is open for this competency.

    One claim of a person and competency is open at a time, so a double click makes no second one.

    Raises:
        InvalidInput: no such competency, or a level outside 1 to 5.
        InvalidTransition: a claim of this competency waits for its verifier.
    """
    employee_id = _own_employee(actor)
    session.execute(select(Employee.id).where(Employee.id == employee_id).with_for_update())
    claim = open_claim(session, employee_id=employee_id, competency_id=competency_id)
    if claim is None:
        return save_claim(
            session, actor=actor, values=ClaimInput(competency_id=competency_id, level=level)
        )
    if claim.state not in EDITABLE:
        raise InvalidTransition(
            N_("Klaim kompetensi ini sedang diperiksa. Tunggu hasilnya, atau tarik dahulu.")
        )
    values = {**stated(claim), "level": level}
    return save_claim(session, actor=actor, values=ClaimInput(**values), claim=claim)


def open_claim(session: Session, *, employee_id: int, competency_id: int) -> Claim | None:
    """Return the undecided claim of a person for a competency, or None."""
    return session.scalar(
        select(Claim)
        .where(
            Claim.employee_id == employee_id,
            Claim.competency_id == competency_id,
            Claim.state.in_((*EDITABLE, *WAITING)),
        )
        .order_by(Claim.stage_since.desc(), Claim.id.desc())
        .limit(1)
    )


def stated(claim: Claim) -> dict[str, Any]:
    """Return what the owner of a claim has stated, as the fields of `ClaimInput`."""
    return {item.name: getattr(claim, item.name) for item in fields(ClaimInput)}


def save_claim(
    session: Session, *, actor: Actor, values: ClaimInput, claim: Claim | None = None
) -> Claim:
    """Create or change a draft of the actor's own claim.

    Raises:
        InvalidInput: level outside 1 to 5, date in the future, expiry before issue.
        InvalidTransition: the claim is with a verifier or decided.
    """
    employee_id = _own_employee(actor)
    _check_values(session, values)
    moment = clock.now()
    if claim is None:
        claim = Claim(
            employee_id=employee_id,
            state=ClaimState.DRAFT,
            created_at=moment,
            stage_since=moment,
        )
        session.add(claim)
    elif claim.state not in EDITABLE:
        raise InvalidTransition(
            N_("Klaim yang diperiksa atau sudah diputuskan tidak dapat diubah.")
        )
    for name, value in vars(values).items():
        setattr(claim, name, value)
    changes = changed_fields(claim, *vars(values))
    session.flush()
    if changes:
        record(session, "skills:claim:edit", claim, changes=changes, people=[employee_id])
    return claim


def _own_employee(actor: Actor) -> int:
    if actor.employee_id is None:
        raise NotAllowed(N_("Akun Anda tidak terhubung dengan data pegawai."))
    return actor.employee_id


def _check_values(session: Session, values: ClaimInput) -> None:
    if not 1 <= values.level <= 5:
        raise InvalidInput(N_("Level harus antara 1 dan 5."), field="level")
    competency = session.get(Competency, values.competency_id)
    if competency is None or competency.is_area or competency.state == "retired":
        raise InvalidInput(N_("Kompetensi tidak ada di kamus yang berlaku."), field="competency_id")
    if values.issued_on and values.issued_on > clock.today():
        raise InvalidInput(N_("Tanggal terbit tidak boleh di masa depan."), field="issued_on")
    if values.issued_on and values.valid_until and values.valid_until < values.issued_on:
        raise InvalidInput(
            N_("Tanggal berakhir tidak boleh sebelum tanggal terbit."), field="valid_until"
        )


def unstated(claim: Claim, found: Mapping[str, object]) -> dict[str, object]:
    """Return of the fields read from a file those that a claim does not state yet."""
    return {name: value for name, value in found.items() if not getattr(claim, name)}


def fill_claim(
    session: Session, *, actor: Actor, claim: Claim, found: Mapping[str, object]
) -> None:
    """Put fields read from a file into a draft where they obey the rules; the owner confirms.

    Args:
        found: as `unstated` returns it.
    """
    values: dict[str, Any] = stated(claim)
    for name, value in found.items():
        try:
            attempt = ClaimInput(**{**values, name: value})
            _check_values(session, attempt)
        except InvalidInput:
            continue  # a date misread from a scan must not block the form
        values[name] = value
    save_claim(session, actor=actor, values=ClaimInput(**values), claim=claim)


def attach_evidence(session: Session, *, claim: Claim, file_id: int) -> None:
    """Add a stored file to a claim that its owner can still change."""
    if claim.state not in EDITABLE:
        raise InvalidTransition(N_("Bukti hanya dapat ditambah selama klaim berupa draf."))
    if len(claim.evidence) >= MAX_FILES:
        raise InvalidInput(
            Message(N_("Satu klaim memuat paling banyak %(count)s berkas."), {"count": MAX_FILES}),
            field="file",
        )
    if all(row.file_id != file_id for row in claim.evidence):
        claim.evidence.append(ClaimEvidence(file_id=file_id))
        session.flush()
        record(session, "skills:claim:attach", claim, people=[claim.employee_id], file_id=file_id)


def detach_evidence(session: Session, *, claim: Claim, file_id: int) -> None:
    """Take a file off a claim that its owner can still change."""
    if claim.state not in EDITABLE:
        raise InvalidTransition(N_("Bukti hanya dapat dilepas selama klaim berupa draf."))
    claim.evidence = [row for row in claim.evidence if row.file_id != file_id]
    session.flush()
    record(session, "skills:claim:detach", claim, people=[claim.employee_id], file_id=file_id)


def submit_claim(session: Session, *, actor: Actor, claim: Claim) -> Claim:
    """Send a draft with its evidence to the verifiers; the level counts as claimed from now on.

    Raises:
        InvalidInput: no evidence, or the title is missing.
        InvalidTransition: it has been sent already.
    """
    if claim.state == ClaimState.SUBMITTED:
        return claim  # a double click sends once
    if claim.state not in EDITABLE:
        raise InvalidTransition(N_("Klaim ini sudah dikirim."))
    if not claim.evidence:
        raise InvalidInput(N_("Lampirkan paling sedikit satu berkas bukti."), field="file")
    if not claim.title.strip():
        raise InvalidInput(N_("Isi judul bukti, misalnya nama sertifikat."), field="title")
    until = valid_until(claim, clock.today())
    if until is not None and until < clock.today():
        raise InvalidInput(
            N_("Masa berlaku bukti ini sudah berakhir. Gunakan bukti yang masih berlaku."),
            field="valid_until" if claim.valid_until == until else "issued_on",
        )
    claim.submitted_at = clock.now()
    claim.reason_code = claim.reason_text = None
    move_claim(session, actor, claim, "submit", ClaimState.SUBMITTED)
    record_level(
        session,
        employee_id=claim.employee_id,
        competency_id=claim.competency_id,
        level=claim.level,
        source=LevelSource.SELF,
        obtained_on=clock.today(),
        valid_until=until,
        claim_id=claim.id,
        account_id=actor.account_id,
    )
    return claim


def valid_until(claim: Claim, obtained: date) -> date | None:
    """Return until when the evidence counts: its own end or the shelf life, the earlier one.

    Args:
        obtained: where the evidence has no date of issue, the day its shelf life starts from.
    """
    shelf = claim.competency.shelf_life_months
    limit = months_after(claim.issued_on or obtained, shelf) if shelf else None
    ends = [end for end in (claim.valid_until, limit) if end is not None]
    return min(ends, default=None)


def withdraw_claim(session: Session, *, actor: Actor, claim: Claim) -> None:
    """Take back an undecided claim; nothing of it counts any more."""
    if claim.state not in (*EDITABLE, *WAITING):
        raise InvalidTransition(N_("Klaim yang sudah diputuskan tidak dapat ditarik."))
    move_claim(session, actor, claim, "withdraw", ClaimState.WITHDRAWN)
    withdraw_levels(session, reason="withdrawn by its owner", claim_id=claim.id)


def move_claim(
    session: Session,
    actor: Actor,
    claim: Claim,
    action: str,
    state: ClaimState,
    note: str | None = None,
) -> None:
    """Take a claim to another state, with the step as its owner reads it, and record it."""
    before = claim.state
    claim.state = state
    claim.stage_since = clock.now()
    claim.steps.append(
        ClaimStep(
            at=clock.now(),
            account_id=actor.account_id,
            actor_label=actor.label,
            action=action,
            to_state=state,
            note=note,
        )
    )
    session.flush()
    record(
        session,
        f"skills:claim:{action}",
        claim,
        changes={"state": (before, state)},
        people=[claim.employee_id],
        note=note,
    )
