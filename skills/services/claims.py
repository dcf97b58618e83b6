"""Claims: a person says a level, brings evidence, and somebody else verifies it.

Steps: draft -> submitted -> (unit_accepted ->) accepted, or returned with a reason and sent again.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.core import clock
from app.core.actor import Actor, RoleName, ScopeKind
from app.core.audit import changed_fields, record
from app.core.errors import Conflict, InvalidInput, InvalidTransition, NotAllowed
from app.core.i18n import N_, Message
from app.core.notifications.services import notify
from skills.enums import ClaimState, LevelSource
from skills.models import Claim, ClaimEvidence, ClaimStep, Competency, RejectionReason
from skills.rules import months_after
from skills.services.levels import record_level, withdraw_levels

EDITABLE = (ClaimState.DRAFT, ClaimState.RETURNED)
WAITING = (ClaimState.SUBMITTED, ClaimState.UNIT_ACCEPTED)


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


def save_claim(
    session: Session, *, actor: Actor, values: ClaimInput, claim: Claim | None = None
) -> Claim:
    """Create or change a draft of the actor's own claim.

    Raises:
        InvalidInput: level outside 1 to 5, date in the future, expiry before issue.
        InvalidTransition: the claim is with a verifier or decided.
    """
    if actor.employee_id is None:
        raise NotAllowed(N_("Akun Anda tidak terhubung dengan data pegawai."))
    _check_values(session, values)
    moment = clock.now()
    if claim is None:
        claim = Claim(
            employee_id=actor.employee_id,
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
    record(session, "skills:claim:edit", claim, changes=changes, people=[claim.employee_id])
    return claim


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


def attach_evidence(session: Session, *, claim: Claim, file_id: int) -> None:
    """Add a stored file to a claim that its owner can still change."""
    if claim.state not in EDITABLE:
        raise InvalidTransition(N_("Bukti hanya dapat ditambah selama klaim berupa draf."))
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
    claim.submitted_at = clock.now()
    claim.reason_code = claim.reason_text = None
    _move(session, actor, claim, "submit", ClaimState.SUBMITTED)
    record_level(
        session,
        employee_id=claim.employee_id,
        competency_id=claim.competency_id,
        level=claim.level,
        source=LevelSource.SELF,
        obtained_on=clock.today(),
        claim_id=claim.id,
        account_id=actor.account_id,
    )
    return claim


def withdraw_claim(session: Session, *, actor: Actor, claim: Claim) -> None:
    """Take back an undecided claim; nothing of it counts any more."""
    if claim.state not in (*EDITABLE, *WAITING):
        raise InvalidTransition(N_("Klaim yang sudah diputuskan tidak dapat ditarik."))
    _move(session, actor, claim, "withdraw", ClaimState.WITHDRAWN)
    withdraw_levels(session, reason="withdrawn by its owner", claim_id=claim.id)


def accept_claim(
    session: Session,
    *,
    actor: Actor,
    claim: Claim,
    level: int | None = None,
    note: str | None = None,
    expected_version: int | None = None,
) -> Claim:
    """Accept a claim, at its level or a lower one that the evidence proves.

    In a two-stage competency the unit's acceptance hands it on to the city's assessor; the level
    counts as verified after the last stage.

    Raises:
        NotAllowed: one's own claim.
        Conflict: somebody else has decided meanwhile.
        InvalidInput: a level above the claimed one.
    """
    _check_decidable(actor, claim, expected_version)
    decided = level if level is not None else claim.level
    if not 1 <= decided <= claim.level:
        raise InvalidInput(
            N_("Level yang disetujui tidak boleh melebihi level yang diklaim."), field="level"
        )
    if claim.competency.two_stage and claim.state == ClaimState.SUBMITTED and not _is_city(actor):
        claim.decided_level = decided
        _move(session, actor, claim, "unit_accept", ClaimState.UNIT_ACCEPTED, note)
        return claim
    claim.decided_level = decided
    claim.decided_at, claim.decided_by_id = clock.now(), actor.account_id
    _move(session, actor, claim, "accept", ClaimState.ACCEPTED, note)
    _record_accepted(session, actor, claim, decided)
    _tell_owner(
        session,
        claim,
        Message(
            N_("Klaim %(competency)s level %(level)s diterima."),
            {"competency": claim.competency.name, "level": decided},
        ),
    )
    return claim


def _record_accepted(session: Session, actor: Actor, claim: Claim, level: int) -> None:
    obtained = claim.issued_on or clock.today()
    shelf = claim.competency.shelf_life_months
    until = claim.valid_until
    if shelf:
        limit = months_after(obtained, shelf)
        until = min(until, limit) if until else limit
    if level < claim.level:
        withdraw_levels(session, reason="accepted at a lower level", claim_id=claim.id)
    record_level(
        session,
        employee_id=claim.employee_id,
        competency_id=claim.competency_id,
        level=level,
        source=LevelSource.EVIDENCE,
        obtained_on=obtained,
        valid_until=until,
        claim_id=claim.id,
        reference=f"claim:{claim.id}:accepted",
        account_id=actor.account_id,
    )


def return_claim(
    session: Session,
    *,
    actor: Actor,
    claim: Claim,
    reason_code: str,
    text: str = "",
    expected_version: int | None = None,
) -> Claim:
    """Send a claim back to its owner with a maintained reason and free text.

    Raises:
        InvalidInput: the reason is not on the list.
        NotAllowed, Conflict: as in `accept_claim`.
    """
    _check_decidable(actor, claim, expected_version)
    reason = session.get(RejectionReason, reason_code)
    if reason is None or not reason.active:
        raise InvalidInput(N_("Pilih alasan pengembalian dari daftar."), field="reason_code")
    claim.reason_code, claim.reason_text = reason_code, text.strip() or None
    claim.decided_at, claim.decided_by_id = clock.now(), actor.account_id
    _move(session, actor, claim, "return", ClaimState.RETURNED, text or reason.text)
    withdraw_levels(session, reason="returned by the verifier", claim_id=claim.id)
    _tell_owner(
        session,
        claim,
        Message(
            N_("Klaim %(competency)s dikembalikan: %(reason)s"),
            {"competency": claim.competency.name, "reason": Message(reason.text)},
        ),
    )
    return claim


def accept_claims(
    session: Session, *, actor: Actor, versions: Mapping[int, int], claims: Sequence[Claim]
) -> tuple[list[Claim], list[tuple[Claim, Message]]]:
    """Accept many claims at their claimed level; those that cannot be are named with the reason.

    Args:
        versions: claim id to the version that was on the screen.
    """
    done: list[Claim] = []
    refused: list[tuple[Claim, Message]] = []
    for claim in claims:
        try:
            accept_claim(session, actor=actor, claim=claim, expected_version=versions.get(claim.id))
            done.append(claim)
        except (NotAllowed, Conflict) as error:
            refused.append((claim, error.message))
    return done, refused


def _check_decidable(actor: Actor, claim: Claim, expected_version: int | None) -> None:
    if actor.employee_id is not None and actor.employee_id == claim.employee_id:
        raise NotAllowed(N_("Anda tidak dapat memeriksa klaim Anda sendiri."))
    if claim.state not in WAITING or (
        expected_version is not None and claim.version != expected_version
    ):
        raise Conflict(
            N_("Klaim ini sudah diperiksa petugas lain. Muat ulang untuk melihat hasilnya.")
        )
    if claim.state == ClaimState.UNIT_ACCEPTED and not _is_city(actor):
        raise NotAllowed(N_("Tahap kedua diperiksa oleh asesor kota."))


def _is_city(actor: Actor) -> bool:
    reach = actor.reach(RoleName.ASSESSOR, RoleName.OFFICER)
    return any(grant.scope is ScopeKind.CITY for grant in reach)


def _move(
    session: Session,
    actor: Actor,
    claim: Claim,
    action: str,
    state: ClaimState,
    note: str | None = None,
) -> None:
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


def _tell_owner(session: Session, claim: Claim, message: Message) -> None:
    notify(
        session,
        employee_id=claim.employee_id,
        kind="claim",
        message=message,
        url=f"/profil/klaim/{claim.id}",
        email=True,
        key=f"claim:{claim.id}:{claim.version}",
    )


def find_claim(session: Session, claim_id: int) -> Claim | None:
    """Return a claim with its person, or None."""
    return session.scalar(select(Claim).where(Claim.id == claim_id))
