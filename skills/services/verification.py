"""Claims, the verifier's side: accept in one or two stages, or return with a reason."""

from collections.abc import Mapping, Sequence

from sqlalchemy.orm import Session

from app.core import clock
from app.core.actor import Actor, RoleName, ScopeKind
from app.core.errors import Conflict, DomainError, InvalidInput, NotAllowed
from app.core.i18n import N_, Message
from app.core.notifications.services import notify
from skills.enums import ClaimState, LevelSource
from skills.models import Claim, RejectionReason
from skills.services.claims import WAITING, move_claim, valid_until
from skills.services.levels import record_level, withdraw_levels
from skills.services.milestones import note_milestones

NEEDS_TEXT = "LAINNYA"  # the reason that says nothing without words of the verifier


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

    In a two-stage competency the first acceptance hands it on to an assessor of the city, who must
    be somebody else; the level counts as verified after the last stage.

    Args:
        level: the level the evidence proves; by default that of the stage before, or the claimed.

    Raises:
        NotAllowed: one's own claim, or the second stage of what one accepted in the first.
        Conflict: somebody else has decided meanwhile, or the evidence has expired.
        InvalidInput: a level above the claimed one.
    """
    _check_decidable(actor, claim, expected_version)
    decided = level if level is not None else claim.decided_level or claim.level
    if not 1 <= decided <= claim.level:
        raise InvalidInput(
            N_("Level yang disetujui tidak boleh melebihi level yang diklaim."), field="level"
        )
    until = valid_until(claim, clock.today())
    if until is not None and until < clock.today():
        raise Conflict(
            N_("Masa berlaku bukti berakhir selagi klaim menunggu. Kembalikan dengan alasan itu.")
        )
    if claim.competency.two_stage and claim.state == ClaimState.SUBMITTED:
        claim.decided_level = decided
        move_claim(session, actor, claim, "unit_accept", ClaimState.UNIT_ACCEPTED, note)
        return claim
    claim.decided_level = decided
    claim.decided_at, claim.decided_by_id = clock.now(), actor.account_id
    move_claim(session, actor, claim, "accept", ClaimState.ACCEPTED, note)
    _record_accepted(session, actor, claim, decided)
    note_milestones(session, employee_ids=[claim.employee_id])
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
    until = valid_until(claim, obtained)
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
    if reason_code == NEEDS_TEXT and not text.strip():
        raise InvalidInput(
            N_("Tuliskan alasannya, karena pilihan ini tidak menjelaskannya."), field="text"
        )
    claim.reason_code, claim.reason_text = reason_code, text.strip() or None
    claim.decided_level = None
    claim.decided_at, claim.decided_by_id = clock.now(), actor.account_id
    move_claim(session, actor, claim, "return", ClaimState.RETURNED, text or reason.text)
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
        except DomainError as error:
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
    if claim.state != ClaimState.UNIT_ACCEPTED:
        return
    if not _is_city(actor):
        raise NotAllowed(N_("Tahap kedua diperiksa oleh asesor kota."))
    first = [step for step in claim.steps if step.action == "unit_accept"]
    if first and first[-1].account_id == actor.account_id and actor.account_id is not None:
        raise NotAllowed(
            N_("Anda sudah memeriksa tahap pertama. Tahap kedua diperiksa oleh orang lain.")
        )


def _is_city(actor: Actor) -> bool:
    reach = actor.reach(RoleName.ASSESSOR, RoleName.OFFICER)
    return any(grant.scope is ScopeKind.CITY for grant in reach)


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
