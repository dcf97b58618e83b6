"""What differs from person to person on the certificates of a session: role and predicate.

A sheet with the people of the session goes out, comes back filled in, is shown as a dry run and
then written; what it says is frozen when the certificates are issued.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy.orm import Session as DbSession

from app.core.audit import record
from app.core.errors import InvalidInput
from app.core.i18n import N_, Message
from app.core.spreadsheet.reader import Cell, read_table
from courses.certificates.facts import ParticipantRole
from courses.models import Enrolment, Session
from courses.services.issuing import Eligibility, eligibility
from courses.services.seats import lock_session

COLUMNS = ("NIP", "Nama", "Nilai", "Peran", "Predikat")
MAX_PREDICATE = 60
_ROLES = {role.value: role.name.lower() for role in ParticipantRole}
_WORDS = {role.name.lower(): role.value for role in ParticipantRole}


@dataclass(frozen=True)
class SheetRow:
    """What a line of the sheet does: the new values, or why it is refused."""

    line: int
    nip: str
    name: str
    before: tuple[str, str]
    after: tuple[str, str] | None
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
    enrolment.role, enrolment.predicate = row.after
    record(
        session,
        "courses:enrolment:print",
        enrolment,
        people=[enrolment.employee_id],
        changes={"role": (row.before[0], row.after[0]), "predicate": (row.before[1], row.after[1])},
    )


def _header(cells: Sequence[Sequence[Cell]]) -> tuple[int, dict[str, int]]:
    for start, row in enumerate(cells[:20]):
        names = [" ".join(str(cell or "").split()).lower() for cell in row]
        if {"nip", "peran", "predikat"} <= set(names):
            return start, {name: names.index(name) for name in ("nip", "peran", "predikat")}
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
        return SheetRow(line, nip, "", ("", ""), None, reason)
    enrolment = person.enrolment
    name, before = enrolment.employee.display_name, (enrolment.role, enrolment.predicate)
    role = _text(row, places["peran"]).lower() or _WORDS[enrolment.role]
    predicate = _text(row, places["predikat"])
    values = {"roles": ", ".join(_ROLES), "most": MAX_PREDICATE}
    problems = (
        (nip in seen, N_("NIP ini sudah ada di baris di atasnya.")),
        (person.certificate is not None, N_("Sertifikatnya sudah bernomor dan tidak berubah.")),
        (role not in _ROLES, N_("Peran harus salah satu dari: %(roles)s.")),
        (len(predicate) > MAX_PREDICATE, N_("Predikat paling panjang %(most)s huruf.")),
    )
    for wrong, text in problems:
        if wrong:
            return SheetRow(line, nip, name, before, None, Message(text, values))
    return SheetRow(line, nip, name, before, (_ROLES[role], predicate))


def _text(row: Sequence[Cell], place: int) -> str:
    value = row[place] if len(row) > place else None
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return " ".join(str(value if value is not None else "").split())
