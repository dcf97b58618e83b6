"""Officials who sign certificates; their name and office are frozen into each certificate."""

from collections.abc import Sequence
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session as DbSession

from app.core.audit import record
from app.core.errors import InvalidInput
from app.core.i18n import N_
from courses.models import Signatory


def all_signatories(session: DbSession) -> Sequence[Signatory]:
    """Return the officials by name."""
    return session.scalars(select(Signatory).order_by(Signatory.name, Signatory.id)).all()


def add_signatory(
    session: DbSession,
    *,
    name: str,
    office: str,
    valid_from: date | None = None,
    valid_until: date | None = None,
) -> Signatory:
    """Add an official.

    Raises:
        InvalidInput: name or office is missing, or the dates are in the wrong order.
    """
    name, office = " ".join(name.split()), " ".join(office.split())
    if not name or name.startswith("("):
        raise InvalidInput(N_("Isi nama pejabat."), field="name")
    if not office:
        raise InvalidInput(N_("Isi jabatan pejabat."), field="office")
    if valid_from and valid_until and valid_until < valid_from:
        raise InvalidInput(N_("Tanggal akhir mendahului tanggal awal."), field="valid_until")
    row = Signatory(name=name, office=office, valid_from=valid_from, valid_until=valid_until)
    session.add(row)
    session.flush()
    record(session, "courses:signatory:add", row, name=name, office=office)
    return row
