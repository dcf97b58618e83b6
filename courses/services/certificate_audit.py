"""Is the log of certificates whole? Deletion, change and back-dating are found here.

Three witnesses are compared: the rows of the log with their roots, the certificates they speak of,
and the audit trail, which has kept each root in a chain of its own. Roots that were published
earlier can be given as a fourth.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session as DbSession

from app.core.audit import AuditEvent
from courses.certificates.merkle import Frontier
from courses.enums import CertificateState
from courses.models import Certificate, CertificateLogEntry, ValidityChange
from courses.services.certificate_log import (
    ISSUE,
    REPLACE,
    REVOKE,
    VALIDITY,
    NewTerm,
    leaf_of,
)

_TAGS = {
    "courses:certificate:issue": ISSUE,
    "courses:certificate:revoke": REVOKE,
    "courses:certificate:replace": REPLACE,
    "courses:certificate:validity": VALIDITY,
}
_LOGGED = {
    CertificateState.ISSUED: (ISSUE,),
    CertificateState.REVOKED: (ISSUE, REVOKE),
    CertificateState.REPLACED: (ISSUE, REPLACE),
}


@dataclass(frozen=True)
class Finding:
    """Something that does not fit, in plain words, with the place in the log where known."""

    position: int | None
    text: str


def audit_log(session: DbSession, published: Mapping[int, str] | None = None) -> list[Finding]:
    """Return everything that does not fit; an empty list means that the log is whole.

    Args:
        published: size of the log to the root published at that size.
    """
    rows = session.scalars(select(CertificateLogEntry).order_by(CertificateLogEntry.position)).all()
    certificates = {row.id: row for row in session.scalars(select(Certificate))}
    terms = {
        row.position: row
        for row in session.scalars(select(ValidityChange).order_by(ValidityChange.position))
    }
    return [
        *_chain(rows, certificates, terms, published or {}),
        *_states(rows, certificates),
        *_terms(certificates, terms),
        *_witnessed(session, {row.position: row for row in rows}),
    ]


def _chain(
    rows: Sequence[CertificateLogEntry],
    certificates: Mapping[int, Certificate],
    terms: Mapping[int, ValidityChange],
    published: Mapping[int, str],
) -> Iterator[Finding]:
    frontier, last = Frontier(), None
    for expected, row in enumerate(rows):
        if row.position != expected:
            yield Finding(row.position, f"a row before this one is missing (expected {expected})")
        if last is not None and row.at < last:
            yield Finding(row.position, "is dated before the row in front of it")
        last = row.at
        certificate = certificates.get(row.certificate_id)
        if certificate is None:
            yield Finding(row.position, "its certificate was deleted")
        elif not _leaf_fits(row, certificate, terms.get(row.position)):
            yield Finding(row.position, f"certificate {certificate.number} or its date was changed")
        frontier = frontier.appended(bytes.fromhex(row.leaf))
        if frontier.root.hex() != row.root:
            yield Finding(row.position, "its root does not follow from the rows up to here")
        if published.get(frontier.size, row.root) != row.root:
            yield Finding(row.position, "differs from the root published at this size")
    for size in sorted(published):
        if size > frontier.size:
            yield Finding(None, f"the log was published with {size} rows and has {frontier.size}")


def _leaf_fits(
    row: CertificateLogEntry, certificate: Certificate, term: ValidityChange | None
) -> bool:
    if row.kind == VALIDITY and term is None:
        return False
    change = NewTerm(term.after, term.reason) if term is not None else None
    return leaf_of(certificate, row.kind, row.position, row.at, change).hex() == row.leaf


def _terms(
    certificates: Mapping[int, Certificate], terms: Mapping[int, ValidityChange]
) -> Iterator[Finding]:
    """Compare every last day with what was printed and what was changed on record."""
    last = {row.certificate_id: row for _, row in sorted(terms.items())}
    for number, certificate in sorted(certificates.items()):
        change = last.get(number)
        known = change.after.isoformat() if change is not None and change.after else None
        printed = certificate.facts.get("valid_until") if change is None else known
        until = certificate.valid_until.isoformat() if certificate.valid_until else None
        if until != printed:
            yield Finding(
                change.position if change is not None else None,
                f"certificate {certificate.number} ends on {until}, on record is {printed}",
            )


def _states(
    rows: Sequence[CertificateLogEntry], certificates: Mapping[int, Certificate]
) -> Iterator[Finding]:
    logged: dict[int, list[str]] = {}
    for row in rows:
        logged.setdefault(row.certificate_id, []).append(row.kind)
    for number, certificate in sorted(certificates.items()):
        if certificate.file_hash is None and certificate.enrolment_id is None:
            continue  # a record taken over from before the log
        wanted = _LOGGED.get(CertificateState(certificate.state), ())
        kinds = [kind for kind in logged.get(number, ()) if kind != VALIDITY]
        if sorted(kinds) != sorted(wanted):
            text = f"certificate {certificate.number} is {certificate.state}, the log says "
            yield Finding(None, text + (", ".join(logged.get(number, ())) or "nothing"))


def _witnessed(session: DbSession, rows: Mapping[int, CertificateLogEntry]) -> Iterator[Finding]:
    events = session.execute(
        select(AuditEvent.tag, AuditEvent.detail)
        .where(AuditEvent.tag.in_(_TAGS))
        .order_by(AuditEvent.id)
    )
    for tag, detail in events:
        facts = json.loads(detail)
        position = facts.get("log_position")
        if position is None:
            continue
        row = rows.get(position)
        if row is None:
            yield Finding(position, "the audit trail knows this row and the log does not")
        elif row.kind != _TAGS[tag] or row.root != facts["log_root"]:
            yield Finding(position, "the audit trail kept another root for this row")
