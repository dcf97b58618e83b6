"""Certificates from before this platform, as records that the public check knows.

They have no file of ours and no leaf in the log; what they print is taken over as it was, with a
new verification code. A number that is there already is left alone, so that a file can be loaded
again.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session as DbSession

from app.core import clock
from app.core.audit import record
from app.core.errors import InvalidInput
from app.core.i18n import N_, Message
from app.core.runtime import settings
from app.core.spreadsheet.reader import Cell, read_table
from courses.certificates.codes import new_code
from courses.certificates.facts import CertificateFacts, digest, to_json
from courses.enums import CertificateState
from courses.models import Certificate, Organiser
from courses.services.certificate_records import canonical_facts
from skills.models import Employee

REQUIRED = ("nomor", "nama", "judul", "mulai", "selesai", "terbit", "jp")
OPTIONAL = ("penyelenggara", "nip", "berlaku sampai", "instansi", "tempat")


@dataclass(frozen=True)
class LegacyRow:
    """What became of a row: added, unchanged, or refused with the reason."""

    line: int
    number: str
    state: str
    code: str | None = None
    reason: Message | None = None


def import_legacy(
    session: DbSession, *, path: Path, organiser: Organiser, write: bool
) -> list[LegacyRow]:
    """Read a workbook or CSV file of old certificates; return what became of each row.

    Args:
        write: False only tells what would happen.

    Raises:
        InvalidInput: a required column is missing.
        SpreadsheetError: the file cannot be read.
    """
    rows = [list(row) for row in read_table(path)]
    start, columns = _header(rows)
    known = set(session.scalars(select(Certificate.number)))
    listed = session.execute(select(Employee.nip, Employee.id))
    people = {row.nip: row.id for row in listed}
    found = []
    for line, cells in enumerate(rows[start + 1 :], start=start + 2):
        if not any(str(cell or "").strip() for cell in cells):
            continue
        values = {name: _text(cells, place) for name, place in columns.items()}
        found.append(_one(session, line, values, known, people, organiser, write))
        known.add(values["nomor"])
    if write:
        session.flush()
        added = sum(row.state == "added" for row in found)
        record(session, "courses:certificate:import_legacy", None, rows=len(found), added=added)
    return found


def _header(rows: Sequence[Sequence[Cell]]) -> tuple[int, dict[str, int]]:
    for place, row in enumerate(rows[:20]):
        names = [re.sub(r"[_\s]+", " ", str(cell or "")).strip().lower() for cell in row]
        columns = {name: names.index(name) for name in (*REQUIRED, *OPTIONAL) if name in names}
        if all(name in columns for name in REQUIRED):
            return place, columns
    raise InvalidInput(
        Message(N_("Kolom yang harus ada: %(names)s."), {"names": ", ".join(REQUIRED)})
    )


def _text(cells: Sequence[Cell], place: int) -> str:
    value = cells[place] if len(cells) > place else ""
    if isinstance(value, datetime | date):
        return value.isoformat()[:10]
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return " ".join(str(value if value is not None else "").split())


def _one(
    session: DbSession,
    line: int,
    values: Mapping[str, str],
    known: set[str],
    people: Mapping[str, int],
    organiser: Organiser,
    write: bool,
) -> LegacyRow:
    number = values["nomor"]
    if number in known:
        return LegacyRow(line, number, "unchanged", reason=Message(N_("Nomor sudah tercatat.")))
    try:
        facts = _facts(values, organiser)
    except InvalidInput as error:
        return LegacyRow(line, number, "refused", reason=error.message)
    if write:
        session.add(_certificate(facts, people.get(values.get("nip", "")), organiser))
    return LegacyRow(line, number, "added", code=facts.code if write else None)


def _facts(values: Mapping[str, str], organiser: Organiser) -> CertificateFacts:
    until = values.get("berlaku sampai")
    return CertificateFacts(
        number=values["nomor"],
        code=new_code(),
        holder=values["nama"],
        holder_unit=values.get("instansi", ""),
        title=values["judul"],
        form="",
        jp=_hours(values["jp"]),
        starts_on=_day(values["mulai"]),
        ends_on=_day(values["selesai"]),
        organiser=values.get("penyelenggara") or organiser.name,
        agency=settings().city_name,
        issued_on=_day(values["terbit"]),
        base_url=settings().base_url,
        place=values.get("tempat", ""),
        valid_until=_day(until) if until else None,
    )


def _certificate(
    facts: CertificateFacts, employee_id: int | None, organiser: Organiser
) -> Certificate:
    content: dict[str, Any] = canonical_facts(to_json(facts))
    return Certificate(
        number=facts.number,
        code=facts.code,
        employee_id=employee_id,
        organiser_id=organiser.id,
        state=CertificateState.ISSUED,
        facts=content,
        facts_hash=digest(facts),
        issued_on=facts.issued_on,
        valid_until=facts.valid_until,
        created_at=clock.now(),
    )


def _hours(text: str) -> Decimal:
    try:
        return Decimal(text.replace(",", "."))
    except InvalidOperation as error:
        raise InvalidInput(Message(N_("JP “%(text)s” bukan angka."), {"text": text})) from error


def _day(text: str) -> date:
    """Return a date written as 2024-12-31, 31-12-2024 or 31/12/2024."""
    for pattern in ("%Y-%m-%d", "%d-%m-%Y", "%d/%m/%Y"):
        try:
            return datetime.strptime(text, pattern).date()
        except ValueError:
            continue
    raise InvalidInput(Message(N_("Tanggal “%(text)s” tidak dikenal."), {"text": text}))
