"""What differs from person to person on a session's certificates: role, predicate and note.

A sheet with the people of the session goes out, comes back filled in, is shown as a dry run and
then written; what it says is frozen when the certificates are issued.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

from sqlalchemy.orm import Session as DbSession

from app.core.audit import record
from app.core.errors import InvalidInput
from app.core.i18n import N_, Message
from app.core.pdf import missing_glyphs
from app.core.spreadsheet.reader import Cell, read_table
from courses.certificates.facts import MAX_NOTE, ParticipantRole
from courses.certificates.render import unprintable
from courses.models import Enrolment, Session
from courses.services.issuing import Eligibility, eligibility
from courses.services.seats import lock_session

COLUMNS = ("NIP", "Nama", "Nilai", "Peran", "Predikat", "Catatan")
MAX_PREDICATE = 60
_NEEDED, _OPTIONAL = ("nip", "peran", "predikat"), ("catatan",)
# The note is printed and shown to everybody who checks the certificate.
_PRIVATE = re.compile(r"\d{18}|\S@\S")
_ROLES = {role.value: role.name.lower() for role in ParticipantRole}
_WORDS = {role.name.lower(): role.value for role in ParticipantRole}


class Printed(NamedTuple):
    """What the sheet says about one person."""

    role: str
    predicate: str
    note: str


@dataclass(frozen=True)
class SheetRow:
    """What a line of the sheet does: the new values, or why it is refused."""

    line: int
    nip: str
    name: str
    before: Printed
    after: Printed | None
    reason: Message | None = None

    @property
    def state(self) -> str:
        """change, unchanged or refused."""
        if self.after is None:
            return "refused"
        return "unchanged" if self.before == self.after else "change"


def sheet_of(rows: Sequence[Eligibility]) -> list[list[Cell]]:
    """Return the lines of the sheet for those who have no certificate yet."""
    return [
        [
            row.enrolment.employee.nip,
            row.enrolment.employee.display_name,
            row.enrolment.score,
            _WORDS[row.enrolment.role],
            row.enrolment.predicate,
            row.enrolment.printed_note,
        ]
        for row in rows
        if row.certificate is None
    ]


def plan_sheet(session: DbSession, *, run: Session, path: Path) -> list[SheetRow]:
    """Return what a filled sheet would change.

    Raises:
        SpreadsheetError: the file cannot be read.
        InvalidInput: the columns NIP, Peran and Predikat are missing.
    """
    cells = [list(row) for row in read_table(path, max_rows=5000)]
    start, places = _header(cells)
    people = {row.enrolment.employee.nip: row for row in eligibility(session, run=run)}
    found: list[SheetRow] = []
    seen: set[str] = set()
    for line, row in enumerate(cells[start + 1 :], start=start + 2):
        nip = _text(row, places["nip"]).lstrip("'")
        if nip:
            found.append(_judge(line, nip, row, places, people, seen))
            seen.add(nip)
    return found


def apply_sheet(session: DbSession, *, run: Session, path: Path) -> int:
    """Write what the sheet changes; return for how many people.

    Raises:
        InvalidInput: a line is refused; nothing is written then.
    """
    lock_session(session, run.id)
    rows = plan_sheet(session, run=run, path=path)
    refused = next((row for row in rows if row.after is None), None)
    if refused is not None:
        raise InvalidInput(
            Message(
                N_("Baris %(line)s: %(reason)s"),
                {"line": refused.line, "reason": refused.reason},
            )
        )
    people = {row.enrolment.employee.nip: row.enrolment for row in eligibility(session, run=run)}
    changed = [row for row in rows if row.state == "change"]
    for row in changed:
        _write(session, people[row.nip], row)
    session.flush()
    return len(changed)


def _write(session: DbSession, enrolment: Enrolment, row: SheetRow) -> None:
    assert row.after is not None  # refused rows are sorted out above
    enrolment.role, enrolment.predicate, enrolment.printed_note = row.after
    record(
        session,
        "courses:enrolment:print",
        enrolment,
        people=[enrolment.employee_id],
        changes={
            name: (before, after)
            for name, before, after in zip(Printed._fields, row.before, row.after, strict=True)
            if before != after
        },
    )


def _header(cells: Sequence[Sequence[Cell]]) -> tuple[int, dict[str, int]]:
    for start, row in enumerate(cells[:20]):
        names = [" ".join(str(cell or "").split()).lower() for cell in row]
        if set(_NEEDED) <= set(names):
            wanted = (name for name in (*_NEEDED, *_OPTIONAL) if name in names)
            return start, {name: names.index(name) for name in wanted}
    raise InvalidInput(N_("Kolom NIP, Peran, dan Predikat harus ada."), field="file")


def _judge(
    line: int,
    nip: str,
    row: Sequence[Cell],
    places: Mapping[str, int],
    people: Mapping[str, Eligibility],
    seen: set[str],
) -> SheetRow:
    person = people.get(nip)
    if person is None:
        reason = Message(N_("NIP ini bukan peserta sesi."))
        return SheetRow(line, nip, "", Printed("", "", ""), None, reason)
    enrolment = person.enrolment
    name = enrolment.employee.display_name
    before = Printed(enrolment.role, enrolment.predicate, enrolment.printed_note)
    role = _text(row, places["peran"]).lower() or _WORDS[enrolment.role]
    predicate = _text(row, places["predikat"])
    # A sheet without the column leaves the notes as they are.
    note = _text(row, places["catatan"]) if "catatan" in places else before.note
    values = {"roles": ", ".join(_ROLES), "most": MAX_PREDICATE, "note": MAX_NOTE}
    problems = (
        (nip in seen, N_("NIP ini sudah ada di baris di atasnya.")),
        (person.certificate is not None, N_("Sertifikatnya sudah bernomor dan tidak berubah.")),
        (role not in _ROLES, N_("Peran harus salah satu dari: %(roles)s.")),
        (len(predicate) > MAX_PREDICATE, N_("Predikat paling panjang %(most)s huruf.")),
        (_PRIVATE.search(note), N_("Catatan dibaca umum: jangan memuat NIP atau alamat surel.")),
        (len(note) > MAX_NOTE, N_("Catatan paling panjang %(note)s huruf.")),
    )
    for wrong, text in problems:
        if wrong:
            return SheetRow(line, nip, name, before, None, Message(text, values))
    letters = missing_glyphs(f"{predicate} {note}")
    if letters:
        return SheetRow(line, nip, name, before, None, unprintable(letters))
    return SheetRow(line, nip, name, before, Printed(_ROLES[role], predicate, note))


def _text(row: Sequence[Cell], place: int) -> str:
    value = row[place] if len(row) > place else None
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return " ".join(str(value if value is not None else "").split())
