"""Many people at once: a dry run that says what becomes of each, then the same for real."""

import re
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from pathlib import Path
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session as DbSession
from sqlalchemy.orm import joinedload

from app.core import clock
from app.core.actor import Actor
from app.core.audit import record
from app.core.errors import InvalidInput
from app.core.i18n import N_, Message
from app.core.message_json import to_json
from app.core.spreadsheet.reader import Cell, read_table
from courses.enums import EnrolmentState
from courses.models import Course, Enrolment, Session, SessionSheet
from courses.queries.clashes import Clash, clashes
from courses.queries.prerequisites import missing_titles
from courses.services.enrolment import ACTIVE, enrol, first_state, registration_problem
from courses.services.prerequisite_checks import NOT_PASSED
from courses.services.seats import Quotas, lock_session, quotas_of
from skills.models import Competency, Employee, LevelInForce

MAX_PEOPLE = 1000
_NIP = re.compile(r"\d{18}")
_BROKEN = re.compile(r"^\d+([.,]\d+)?E\+?\d\d$", re.IGNORECASE)
_SEPARATORS = re.compile(r"[\n\r\t;,]+")


class BulkOutcome(StrEnum):
    """What becomes of a row."""

    SEAT = "seat"
    WAITING = "waiting"
    PROPOSED = "proposed"
    ALREADY = "already"
    REFUSED = "refused"


EXEMPTED = N_("Dikecualikan dari prasyarat: %(courses)s.")
GOES_IN = (BulkOutcome.SEAT, BulkOutcome.WAITING, BulkOutcome.PROPOSED)
Reach = Callable[[Employee], bool]


@dataclass(frozen=True)
class BulkRow:
    """One row of the list: who, what becomes of it, why, and a clash as a warning."""

    nip: str
    employee: Employee | None
    outcome: BulkOutcome
    reason: Message | None = None
    clash: Clash | None = None
    advice: Message | None = None
    exempted: Message | None = None
    lacks: bool = False  # refused for a prerequisite alone, which an organiser may lift


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
    session: DbSession,
    *,
    run: Session,
    nips: Sequence[str],
    reach: Reach,
    source: str,
    exemption: str = "",
) -> list[BulkRow]:
    """Return what would become of each row if the list were confirmed now.

    Args:
        reach: whether somebody may be enrolled by who asks.
        source: `organiser` enrols, `nomination` names people of one's own OPD or unit.
        exemption: why an organiser lets in those who have not passed the prerequisites.
    """
    people = _people(session, [nip for nip in nips if _NIP.fullmatch(nip)])
    within = {nip: person for nip, person in people.items() if reach(person)}
    ids = [row.id for row in within.values()]
    enrolled = _states(session, run, ids, source)
    overlaps = clashes(session, run=run, employee_ids=ids)
    advices = _advices(session, run.course, ids)
    missing = missing_titles(session, course=run.course, employee_ids=ids)
    exempt = source == "organiser" and bool(exemption.strip())
    seats = _Seats(run, quotas_of(session, run), first_state(run, source))
    rows: list[BulkRow] = []
    seen: set[str] = set()
    for nip in nips:
        person = within.get(nip)
        lacking = missing.get(person.id) if person is not None else None
        row = _judge(nip, person, enrolled, seen, seats, None if exempt else lacking)
        seen.add(nip)
        if lacking and row.outcome in GOES_IN:
            row = replace(row, exempted=Message(EXEMPTED, {"courses": lacking}))
        if person is not None and row.outcome in GOES_IN:
            row = replace(row, clash=overlaps.get(person.id), advice=advices.get(person.id))
        rows.append(row)
    return rows


class _Seats:
    """The seats a dry run gives away, within the capacity and the quota of each OPD."""

    def __init__(self, run: Session, quotas: Quotas, known: EnrolmentState | None) -> None:
        self._left = run.capacity - run.seats_taken
        self._known = known
        self._quotas = quotas
        self._given: Counter[int] = Counter()

    def next(self, opd_id: int) -> tuple[BulkOutcome, Message | None]:
        """Return what the next person of an OPD gets, and why not a seat."""
        if self._known is EnrolmentState.PROPOSED:
            return BulkOutcome.PROPOSED, None
        if self._known is EnrolmentState.WAITLISTED:
            return BulkOutcome.WAITING, Message(N_("Kursi dibagi setelah pendaftaran ditutup."))
        if self._left <= 0:
            return BulkOutcome.WAITING, None
        quota = self._quotas.left(opd_id)
        if quota is not None and self._given[opd_id] >= quota:
            return BulkOutcome.WAITING, Message(N_("Kuota OPD ini sudah penuh."))
        self._left -= 1
        self._given[opd_id] += 1
        return BulkOutcome.SEAT, None


def _judge(
    nip: str,
    person: Employee | None,
    enrolled: Mapping[int, str],
    seen: set[str],
    seats: _Seats,
    lacking: str | None,
) -> BulkRow:
    reason = _refusal(nip, person, seen)
    if reason is not None or person is None:
        return BulkRow(nip, person, BulkOutcome.REFUSED, reason)
    state = enrolled.get(person.id)
    if state in (EnrolmentState.ENROLLED, EnrolmentState.WAITLISTED):
        return BulkRow(nip, person, BulkOutcome.ALREADY, Message(N_("Sudah terdaftar.")))
    if state == EnrolmentState.PROPOSED:
        return BulkRow(nip, person, BulkOutcome.ALREADY, Message(N_("Sudah diusulkan.")))
    if state in (EnrolmentState.PASSED, EnrolmentState.FAILED):
        return BulkRow(nip, person, BulkOutcome.REFUSED, Message(N_("Hasilnya sudah ditetapkan.")))
    if lacking:
        reason = Message(NOT_PASSED, {"courses": lacking})
        return BulkRow(nip, person, BulkOutcome.REFUSED, reason, lacks=True)
    return BulkRow(nip, person, *seats.next(person.opd_id))


def _refusal(nip: str, person: Employee | None, seen: set[str]) -> Message | None:
    if _BROKEN.match(nip):
        return Message(
            N_("NIP rusak oleh program lembar kerja. Ubah kolomnya menjadi teks lalu isi lagi.")
        )
    if not _NIP.fullmatch(nip):
        return Message(N_("NIP terdiri dari 18 angka."))
    if nip in seen:
        return Message(N_("Orang ini sudah ada di baris sebelumnya."))
    if person is None:
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
    reach: Reach,
    source: str,
    exemption: str = "",
) -> SessionSheet:
    """Enrol everybody of the list who can be; return the list as kept, with each row's result.

    Args: as `plan_bulk`.

    Raises:
        InvalidInput: registration of the session is closed.
    """
    lock_session(session, run.id)
    closed = registration_problem(run, clock.today()) if source != "organiser" else None
    if run.state not in ACTIVE or closed is not None:
        raise InvalidInput(closed or N_("Pendaftaran sesi ini tidak dibuka."))
    rows = plan_bulk(session, run=run, nips=nips, reach=reach, source=source, exemption=exemption)
    done = [row for row in rows if row.outcome in GOES_IN]
    for row in done:
        if row.employee:
            enrol(
                session,
                actor=actor,
                run=run,
                employee=row.employee,
                source=source,
                exemption=exemption,
            )
    sheet = SessionSheet(
        session_id=run.id,
        kind="people",
        rows=[_kept(row) for row in rows],
        created_at=clock.now(),
        created_by_id=actor.account_id,
    )
    session.add(sheet)
    session.flush()
    record(
        session,
        "courses:enrolment:bulk",
        run,
        people=[row.employee.id for row in done if row.employee],
        rows=len(rows),
        enrolled=len(done),
        sheet_id=sheet.id,
    )
    return sheet


def _kept(row: BulkRow) -> dict[str, Any]:
    person = row.employee
    return {
        "nip": row.nip,
        "employee_id": person.id if person else None,
        "name": person.display_name if person else "",
        "opd": person.opd.name if person else "",
        "outcome": str(row.outcome),
        "remarks": [to_json(text) for text in remarks(row)],
    }


def remarks(row: BulkRow) -> list[Message]:
    """Return everything there is to say about a row."""
    found = [text for text in (row.reason, row.exempted, row.advice) if text]
    if row.clash:
        words = N_("Bertabrakan dengan %(title)s, %(day)s")
        day = f"{row.clash.starts_on:%d/%m}–{row.clash.ends_on:%d/%m/%Y}"
        found.append(Message(words, {"title": row.clash.session_title, "day": day}))
    return found


def find_sheet(session: DbSession, sheet_id: int) -> SessionSheet | None:
    """Return a list as kept, or None."""
    return session.get(SessionSheet, sheet_id)


def _people(session: DbSession, nips: Sequence[str]) -> dict[str, Employee]:
    rows = session.scalars(
        select(Employee)
        .where(Employee.nip.in_(set(nips)))
        .options(joinedload(Employee.opd), joinedload(Employee.position))
    )
    return {row.nip: row for row in rows}


def _states(session: DbSession, run: Session, ids: Sequence[int], source: str) -> dict[int, str]:
    """Return where people stand; the organiser approves a proposal by enrolling."""
    rows = session.execute(
        select(Enrolment.employee_id, Enrolment.state).where(
            Enrolment.session_id == run.id, Enrolment.employee_id.in_(ids)
        )
    )
    return {
        person: state
        for person, state in rows
        if source != "organiser" or state != EnrolmentState.PROPOSED
    }


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
