"""The append-only log of certificates: a Merkle leaf for every issue and every withdrawal.

A leaf says what was issued when; the root over all leaves is kept with each row, goes into the
audit trail and is published. A row that is removed, changed or slipped in earlier gives another
root than the one that is on record elsewhere.
"""

import json
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import func, select, text
from sqlalchemy.orm import Session as DbSession

from app.core import clock
from courses.certificates.merkle import EMPTY_ROOT, Frontier, leaf_hash
from courses.models import Certificate, CertificateLogEntry

_LOCK = 4_120_111  # any constant number: the advisory lock of the log on PostgreSQL
ISSUE, REVOKE, REPLACE, VALIDITY = "issue", "revoke", "replace", "validity"


@dataclass(frozen=True)
class NewTerm:
    """What a change of validity commits to: the new last day and the reason."""

    until: date | None
    reason: str


@dataclass(frozen=True)
class TreeHead:
    """The published state of the log: how many leaves, their root, when the last was added."""

    size: int
    root: str
    at: datetime | None


@dataclass(frozen=True)
class _Known:
    """The frontier after a row, recognised by that row's leaf."""

    last_leaf: str
    frontier: Frontier


# Kept per process: rebuilding the frontier reads the whole log. A rolled-back append does no harm,
# the last leaf in the database then differs and the frontier is built anew.
_known = _Known("", Frontier())


def append(
    session: DbSession, *, certificate: Certificate, kind: str, change: NewTerm | None = None
) -> CertificateLogEntry:
    """Add a leaf for what has just happened to a certificate and return its row.

    The state of the certificate must be set and flushed before.

    Args:
        change: the new term, for the kind `validity` only.
    """
    global _known
    _lock(session)
    frontier = _frontier(session)
    # Microseconds are cut, so that both databases give back the moment that was hashed.
    moment = clock.now().replace(microsecond=0)
    leaf = leaf_of(certificate, kind, frontier.size, moment, change)
    grown = frontier.appended(leaf)
    row = CertificateLogEntry(
        position=frontier.size,
        kind=kind,
        certificate_id=certificate.id,
        at=moment,
        leaf=leaf.hex(),
        root=grown.root.hex(),
    )
    session.add(row)
    session.flush()
    _known = _Known(row.leaf, grown)
    return row


def leaf_of(
    certificate: Certificate,
    kind: str,
    position: int,
    moment: datetime,
    change: NewTerm | None = None,
) -> bytes:
    """Return the leaf of an event; what it commits to can be recomputed from the certificate."""
    content: dict[str, str | int | None] = {
        "at": moment.isoformat(),
        "code": certificate.code,
        "facts": certificate.facts_hash,
        "file": certificate.file_hash,
        "kind": kind,
        "number": certificate.number,
        "position": position,
    }
    if change is not None:
        content["reason"] = change.reason
        content["valid_until"] = change.until.isoformat() if change.until else None
    elif kind != ISSUE:
        content["reason"] = certificate.revoked_reason
    text_form = json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return leaf_hash(text_form.encode())


def tree_head(session: DbSession) -> TreeHead:
    """Return size and root of the log."""
    row = session.scalar(
        select(CertificateLogEntry).order_by(CertificateLogEntry.position.desc()).limit(1)
    )
    if row is None:
        return TreeHead(0, EMPTY_ROOT.hex(), None)
    return TreeHead(row.position + 1, row.root, row.at)


def _lock(session: DbSession) -> None:
    # SQLite has one writer at a time anyway.
    if session.get_bind().dialect.name == "postgresql":
        session.execute(text("SELECT pg_advisory_xact_lock(:number)"), {"number": _LOCK})


def _frontier(session: DbSession) -> Frontier:
    last = session.execute(
        select(CertificateLogEntry.position, CertificateLogEntry.leaf)
        .order_by(CertificateLogEntry.position.desc())
        .limit(1)
    ).first()
    if last is None:
        return Frontier()
    known = _known
    if known.last_leaf == last.leaf and known.frontier.size == last.position + 1:
        return known.frontier
    frontier = Frontier()
    leaves = session.scalars(
        select(CertificateLogEntry.leaf)
        .order_by(CertificateLogEntry.position)
        .execution_options(yield_per=1000)
    )
    for leaf in leaves:
        frontier = frontier.appended(bytes.fromhex(leaf))
    return frontier


def count_entries(session: DbSession) -> int:
    """Return how many rows the log has."""
    return session.scalar(select(func.count()).select_from(CertificateLogEntry)) or 0
