"""Many people at once: a dry run that says what becomes of each, then the same for real."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session as DbSession
from sqlalchemy.orm import joinedload

from app.core.actor import Actor
from app.core.audit import record
from app.core.errors import InvalidInput
from app.core.i18n import N_, Message
from app.core.spreadsheet.reader import Cell, read_table
from courses.enums import EnrolmentState
from courses.models import Course, Enrolment, Session
from courses.services.enrolment import ACTIVE, Clash, clashes, enrol, lock_session
from skills.models import Competency, Employee, LevelInForce

MAX_PEOPLE = 1000
_NIP = re.compile(r"\d{18}")
_BROKEN = re.compile(r"^\d+([.,]\d+)?E\+?\d\d$", re.IGNORECASE)
_SEPARATORS = re.compile(r"[\n\r\t;,]+")


class BulkOutcome(StrEnum):
    """What becomes of a row."""

    SEAT = "seat"
    WAITING = "waiting"
    ALREADY = "already"
    REFUSED = "refused"


@dataclass(frozen=True)
class BulkRow:
    """One row of the list: who, what becomes of it, why, and a clash as a warning."""

    nip: str
    employee: Employee | None
    outcome: BulkOutcome
    reason: Message | None = None
    clash: Clash | None = None
    advice: Message | None = None


def read_nips(text: str) -> list[str]:
    """Return the entries of a pasted list in order, blanks inside a number taken out."""
    rows = (re.sub(r"[\s'.\-]", "", part) for part in _SEPARATORS.split(text))
    return _bounded([row for row in rows if row])


def read_nip_file(path: Path) -> list[str]:
    """Return the NIP column of a workbook or CSV file.

    The column is the one headed NIP, or the first that holds one.

    Raises:
        SpreadsheetError: the file cannot be read.
        InvalidInput: no column of NIPs.
    """
    rows = [list(row) for row in read_table(path, max_rows=MAX_PEOPLE * 2)]
    for start, row in enumerate(rows[:20]):
        for column, cell in enumerate(row):
            if re.fullmatch(r"nip( baru)?", str(cell).strip(), re.IGNORECASE):
                return _bounded(_column(rows[start + 1 :], column))
    for column in range(max(map(len, rows), default=0)):
        found = _column(rows, column)
        if any(_NIP.fullmatch(value) for value in found):
            return _bounded(found)
    raise InvalidInput(N_("Berkas ini tidak memuat kolom NIP."), field="file")


def _column(rows: Sequence[Sequence[Cell]], column: int) -> list[str]:
    values = (_as_nip(row[column]) for row in rows if len(row) > column)
    return [value for value in values if value]


def _as_nip(cell: Cell) -> str:
    if isinstance(cell, float):
        return f"{cell:.5E}"  # a number has lost digits of its NIP: shown, never guessed
    return re.sub(r"[\s'.\-]", "", str(cell or ""))


def _bounded(rows: list[str]) -> list[str]:
    if not rows:
        raise InvalidInput(N_("Daftar NIP masih kosong."), field="nips")
    if len(rows) > MAX_PEOPLE:
        raise InvalidInput(
            Message(N_("Sekali daftar paling banyak %(count)s orang."), {"count": MAX_PEOPLE}),
            field="nips",
        )
    return rows


def plan_bulk(
    session: DbSession, *, run: Session, nips: Sequence[str], opd_ids: frozenset[int] | None
) -> list[BulkRow]:
    """Return what would become of each row if the list were confirmed now.

    Args:
        opd_ids: the OPD whose people may be enrolled, None for the whole city.
    """
    people = _people(session, [nip for nip in nips if _NIP.fullmatch(nip)])
    ids = [row.id for row in people.values()]
    enrolled = _states(session, run, ids)
    overlaps = clashes(session, run=run, employee_ids=ids)
    advices = _advices(session, run.course, ids)
    left = run.capacity - run.seats_taken
    rows: list[BulkRow] = []
    seen: set[str] = set()
    for nip in nips:
        person = people.get(nip)
        row = _judge(nip, person, enrolled, seen, left, opd_ids)
        seen.add(nip)
        if person is not None and row.outcome in (BulkOutcome.SEAT, BulkOutcome.WAITING):
            left -= row.outcome is BulkOutcome.SEAT
            clash, advice = overlaps.get(person.id), advices.get(person.id)
            row = BulkRow(nip, person, row.outcome, clash=clash, advice=advice)
        rows.append(row)
    return rows


def _judge(
    nip: str,
    person: Employee | None,
    enrolled: Mapping[int, str],
    seen: set[str],
    left: int,
    opd_ids: frozenset[int] | None,
) -> BulkRow:
    reason = _refusal(nip, person, seen, opd_ids)
    if reason is not None or person is None:
        shown = person if opd_ids is None or (person and person.opd_id in opd_ids) else None
        return BulkRow(nip, shown, BulkOutcome.REFUSED, reason)
    state = enrolled.get(person.id)
    if state in (EnrolmentState.ENROLLED, EnrolmentState.WAITLISTED):
        return BulkRow(nip, person, BulkOutcome.ALREADY, Message(N_("Sudah terdaftar.")))
    if state in (EnrolmentState.PASSED, EnrolmentState.FAILED):
        return BulkRow(nip, person, BulkOutcome.REFUSED, Message(N_("Hasilnya sudah ditetapkan.")))
    return BulkRow(nip, person, BulkOutcome.SEAT if left > 0 else BulkOutcome.WAITING)


def _refusal(
    nip: str, person: Employee | None, seen: set[str], opd_ids: frozenset[int] | None
) -> Message | None:
    if _BROKEN.match(nip):
        return Message(
            N_("NIP rusak oleh program lembar kerja. Ubah kolomnya menjadi teks lalu isi lagi.")
        )
    if not _NIP.fullmatch(nip):
        return Message(N_("NIP terdiri dari 18 angka."))
    if nip in seen:
        return Message(N_("Orang ini sudah ada di baris sebelumnya."))
    if person is None or (opd_ids is not None and person.opd_id not in opd_ids):
        return Message(N_("NIP tidak ditemukan di data pegawai Anda."))
    if person.employment_state != "active":
        return Message(N_("Tidak berstatus aktif."))
    return None


def apply_bulk(
    session: DbSession,
    *,
    actor: Actor,
    run: Session,
    nips: Sequence[str],
    opd_ids: frozenset[int] | None,
) -> list[BulkRow]:
    """Enrol everybody of the list who can be; return what became of each row.

    Raises:
        InvalidInput: registration of the session is closed.
    """
    lock_session(session, run.id)
    if run.state not in ACTIVE:
        raise InvalidInput(N_("Pendaftaran sesi ini tidak dibuka."))
    rows = plan_bulk(session, run=run, nips=nips, opd_ids=opd_ids)
    for row in rows:
        if row.employee and row.outcome in (BulkOutcome.SEAT, BulkOutcome.WAITING):
            enrol(session, actor=actor, run=run, employee=row.employee, source="organiser")
    done = [row for row in rows if row.outcome in (BulkOutcome.SEAT, BulkOutcome.WAITING)]
    record(
        session,
        "courses:enrolment:bulk",
        run,
        people=[row.employee.id for row in done if row.employee],
        rows=len(rows),
        enrolled=len(done),
    )
    return rows


def _people(session: DbSession, nips: Sequence[str]) -> dict[str, Employee]:
    rows = session.scalars(
        select(Employee)
        .where(Employee.nip.in_(set(nips)))
        .options(joinedload(Employee.opd), joinedload(Employee.position))
    )
    return {row.nip: row for row in rows}


def _states(session: DbSession, run: Session, ids: Sequence[int]) -> dict[int, str]:
    rows = session.execute(
        select(Enrolment.employee_id, Enrolment.state).where(
            Enrolment.session_id == run.id, Enrolment.employee_id.in_(ids)
        )
    )
    return {person: state for person, state in rows if state != EnrolmentState.PROPOSED}


def _advices(session: DbSession, course: Course, ids: Sequence[int]) -> dict[int, Message]:
    """Return a remark where somebody has the level of the course already, or not its entry level.

    A remark never blocks: the organiser knows more about people than a table of levels.
    """
    items = {item.competency_id: item for item in course.competencies}
    rows = session.execute(
        select(
            LevelInForce.employee_id, LevelInForce.competency_id, LevelInForce.verified_level
        ).where(LevelInForce.employee_id.in_(ids), LevelInForce.competency_id.in_(items))
    )
    held = {(person, item): level or 0 for person, item, level in rows}
    listed = session.execute(select(Competency.id, Competency.name).where(Competency.id.in_(items)))
    names = {row.id: row.name for row in listed}
    found: dict[int, Message] = {}
    for person in ids:
        levels = {key: held.get((person, key), 0) for key in items}
        if items and all(levels[key] >= item.to_level for key, item in items.items()):
            found[person] = Message(N_("Sudah memiliki level yang dituju pelatihan ini."))
            continue
        short = [key for key, item in items.items() if levels[key] < item.from_level]
        if short:
            told = {"name": names[short[0]], "level": items[short[0]].from_level}
            found[person] = Message(N_("Belum terverifikasi %(name)s level %(level)s."), told)
    return found
