"""What anybody may learn about a certificate: its state and what it prints, nothing more."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy.orm import Session as DbSession

from app.core import clock
from app.core.errors import InvalidInput
from app.core.runtime import settings
from courses.certificates.codes import normalise_code
from courses.certificates.facts import CertificateFacts
from courses.certificates.keyring import Keyring
from courses.certificates.keystore import KeyStore, open_keystore, read_keyring
from courses.certificates.verify_pdf import PdfCheck, check_pdf, claimed_code
from courses.enums import CertificateState
from courses.models import Certificate
from courses.services.certificate_log import NewTerm
from courses.services.certificate_records import (
    facts_of,
    find_by_code,
    neighbours_of,
    state_on,
)
from courses.services.validity import changes_of
from courses.services.workshop import keys_folder


class CheckState(StrEnum):
    """The answer in one word."""

    VALID = "valid"
    EXPIRED = "expired"
    REVOKED = "revoked"
    REPLACED = "replaced"
    UNKNOWN = "unknown"
    MALFORMED = "malformed"


@dataclass(frozen=True)
class PublicCheck:
    """The answer to a code; `facts` are the printed fields of a certificate that exists."""

    state: CheckState
    code: str | None = None
    facts: CertificateFacts | None = None
    since: date | None = None
    reason: str | None = None
    replaced_by: str | None = None
    file_hash: str | None = None
    is_legacy: bool = False
    valid_until: date | None = None
    term: NewTerm | None = None  # where the last day differs from the printed one
    renewed_by: str | None = None
    renews: str | None = None


def check_code(session: DbSession, text: str) -> PublicCheck:
    """Answer a typed or scanned code.

    A number that was reserved and has no file yet, or never will have one, is unknown to the
    public.
    """
    try:
        code = normalise_code(text)
    except InvalidInput:
        return PublicCheck(CheckState.MALFORMED)
    certificate = find_by_code(session, code)
    hidden = (CertificateState.RESERVED, CertificateState.VOID)
    if certificate is None or certificate.state in hidden:
        return PublicCheck(CheckState.UNKNOWN, code)
    return public_view(session, certificate)


def public_view(session: DbSession, certificate: Certificate) -> PublicCheck:
    """Return what the public sees of an issued certificate."""
    state = CheckState(state_on(certificate, clock.today()))
    withdrawn = certificate.revoked_at
    follower = (
        session.get(Certificate, certificate.replaced_by_id) if certificate.replaced_by_id else None
    )
    since = certificate.valid_until if state is CheckState.EXPIRED else None
    changes = changes_of(session, certificate.id)
    before, after = neighbours_of(session, certificate)
    return PublicCheck(
        state=state,
        code=certificate.code,
        facts=facts_of(certificate),
        since=clock.local(withdrawn).date() if withdrawn else since,
        reason=certificate.revoked_reason,
        replaced_by=follower.code if follower else None,
        file_hash=certificate.file_hash,
        is_legacy=certificate.file_hash is None,
        valid_until=certificate.valid_until,
        term=NewTerm(changes[-1].after, changes[-1].reason) if changes else None,
        renews=before,
        renewed_by=after,
    )


@dataclass(frozen=True)
class FileCheck:
    """The answer to a dropped file: what the file proves, and what the register says."""

    pdf: PdfCheck
    register: PublicCheck


def check_file(
    session: DbSession, data: bytes, *, translate: Callable[[str], str] = str
) -> FileCheck:
    """Check a file against its signature and the register; nothing is kept."""
    ring = keyring()
    code = claimed_code(data, ring)
    register = check_code(session, code) if code else PublicCheck(CheckState.UNKNOWN)
    found = check_pdf(
        data,
        keyring=ring,
        expected=register.facts,
        stored_sha256=register.file_hash,
        translate=translate,
    )
    return FileCheck(found, register)


def keyring() -> Keyring:
    """Return every public key this installation ever had."""
    folder = keys_folder()
    if not (folder / "keyring.json").exists():
        return keystore().keyring
    return read_keyring(folder)


def keystore() -> KeyStore:
    """Return the keys of this installation."""
    return open_keystore(keys_folder(), organisation=settings().agency_name, now=clock.now())


def as_json(found: PublicCheck) -> dict[str, Any]:
    """Return the answer of the JSON endpoint; the schema is documented beside it."""
    facts = found.facts
    answer: dict[str, Any] = {"status": found.state.value, "checked_at": _iso(clock.now())}
    if facts is None:
        return answer
    return answer | {
        "code": found.code,
        "number": facts.number,
        "holder": facts.holder,
        "holder_unit": facts.holder_unit or None,
        "title": facts.title,
        "form": facts.form or None,
        "role": facts.role.value,
        "jp": float(facts.jp),
        "starts_on": facts.starts_on.isoformat(),
        "ends_on": facts.ends_on.isoformat(),
        "place": facts.place or None,
        "predicate": facts.predicate or None,
        "score": float(facts.score) if facts.score is not None else None,
        "note": facts.note or None,
        "issuer": {"name": facts.organiser, "agency": facts.agency},
        "issued_on": facts.issued_on.isoformat(),
        "valid_until": _day(found.valid_until),
        "printed_valid_until": _day(facts.valid_until),
        "validity_reason": found.term.reason if found.term else None,
        "signatories": [{"name": s.name, "position": s.position} for s in facts.signatories],
        "competencies": [{"name": c.name, "level": c.level} for c in facts.competencies],
        "withdrawn_on": found.since.isoformat() if found.since and found.reason else None,
        "reason": found.reason,
        "replaced_by": found.replaced_by,
        "renews": found.renews,
        "renewed_by": found.renewed_by,
        "file_sha256": found.file_hash,
    }


def _day(day: date | None) -> str | None:
    return day.isoformat() if day else None


def _iso(moment: datetime) -> str:
    return moment.replace(microsecond=0).isoformat()
