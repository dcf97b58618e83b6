"""Organisers and the patterns of their certificate numbers."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import func, select
from sqlalchemy.orm import Session as DbSession

from app.core.audit import changed_fields, record
from app.core.errors import InvalidInput
from app.core.i18n import N_, Message
from courses.enums import CertificateState
from courses.models import Certificate, NumberSequence, Organiser
from courses.rules import certificate_number, check_pattern

MAX_PATTERN = 80


@dataclass(frozen=True)
class NumberBook:
    """The numbers of an organiser in a year: the last one given and how many were voided."""

    year: int
    last: int
    void: int


def organisers(session: DbSession) -> Sequence[Organiser]:
    """Return every organiser by code."""
    return session.scalars(select(Organiser).order_by(Organiser.code)).all()


def find_organiser_by_id(session: DbSession, organiser_id: int) -> Organiser | None:
    """Return an organiser, or None."""
    return session.get(Organiser, organiser_id)


def number_books(session: DbSession) -> dict[int, list[NumberBook]]:
    """Return the numbers given by each organiser, the newest year first."""
    void: dict[tuple[int, int], int] = {}
    rows = session.execute(
        select(Certificate.organiser_id, Certificate.issued_on, func.count())
        .where(Certificate.state == CertificateState.VOID)
        .group_by(Certificate.organiser_id, Certificate.issued_on)
    )
    for organiser_id, day, count in rows:
        void[organiser_id, day.year] = void.get((organiser_id, day.year), 0) + count
    found: dict[int, list[NumberBook]] = {}
    for row in session.scalars(select(NumberSequence).order_by(NumberSequence.year.desc())):
        book = NumberBook(row.year, row.last, void.get((row.organiser_id, row.year), 0))
        found.setdefault(row.organiser_id, []).append(book)
    return found


def example_of(organiser: Organiser, pattern: str, day: date, last: int) -> str:
    """Return the number that would come next by a pattern.

    Raises:
        InvalidInput: the pattern is not sound.
    """
    return certificate_number(
        checked_pattern(pattern), number=last + 1, day=day, organiser=organiser.code, course="KODE"
    )


def checked_pattern(pattern: str) -> str:
    """Return a pattern that is sound and fits its column.

    Raises:
        InvalidInput: saying what is wrong.
    """
    pattern = pattern.strip()
    if len(pattern) > MAX_PATTERN:
        raise InvalidInput(
            Message(N_("Pola paling panjang %(count)s huruf."), {"count": MAX_PATTERN}),
            field="pattern",
        )
    try:
        return check_pattern(pattern)
    except ValueError as error:
        raise InvalidInput(
            N_("Pola harus memuat {number} dan {year}, tanpa tempat lain yang tidak dikenal."),
            field="pattern",
        ) from error


def set_pattern(session: DbSession, *, organiser: Organiser, pattern: str) -> None:
    """Change the pattern of the numbers from now on; numbers that were given stay.

    Raises:
        InvalidInput: the pattern is not sound.
    """
    organiser.number_pattern = checked_pattern(pattern)
    changes = changed_fields(organiser, "number_pattern")
    session.flush()
    if changes:
        record(session, "courses:organiser:pattern", organiser, changes=changes)
