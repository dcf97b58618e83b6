"""The signed list for the offline check: what is not, or no longer, as a certificate prints it."""

from collections.abc import Iterator
from datetime import timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session as DbSession
from sqlalchemy.orm import aliased

from app.core import clock
from courses.certificates.seal import NewLastDay, Withdrawal, sign_revocations
from courses.enums import CertificateState
from courses.models import Certificate, ValidityChange
from courses.services.certificate_log import tree_head
from courses.services.public_check import keystore

# How long a saved list may be trusted before a newer one is asked for.
LIST_LIFETIME = timedelta(days=7)


def revocation_token(session: DbSession) -> str:
    """Return the signed list: when the next one comes, and how much of the log it covers."""
    store, moment = keystore(), clock.now()
    return sign_revocations(
        _withdrawals(session),
        _new_last_days(session),
        sequence=tree_head(session).size,
        issued_at=moment,
        next_update=moment + LIST_LIFETIME,
        key=store.seal_key,
        sign=store.seal,
    )


def _withdrawals(session: DbSession) -> Iterator[Withdrawal]:
    follower = aliased(Certificate)
    rows = session.execute(
        select(Certificate.code, Certificate.state, Certificate.revoked_at, follower.number)
        .outerjoin(follower, follower.id == Certificate.replaced_by_id)
        .where(Certificate.state.in_((CertificateState.REVOKED, CertificateState.REPLACED)))
        .order_by(Certificate.id)
    )
    for code, state, moment, number in rows:
        day = clock.local(moment).date() if moment else clock.today()
        yield Withdrawal(code, str(state), day, number or "")


def _new_last_days(session: DbSession) -> Iterator[NewLastDay]:
    """Yield the certificates in force whose last day differs from the one in their QR code."""
    latest = select(func.max(ValidityChange.position)).group_by(ValidityChange.certificate_id)
    rows = session.execute(
        select(Certificate.code, Certificate.facts["valid_until"].as_string(), ValidityChange.after)
        .join(ValidityChange, ValidityChange.certificate_id == Certificate.id)
        .where(Certificate.state == CertificateState.ISSUED, ValidityChange.position.in_(latest))
        .order_by(Certificate.id)
    )
    for code, printed, until in rows:
        if (until.isoformat() if until else None) != printed:
            yield NewLastDay(code, until)
