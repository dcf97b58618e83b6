"""Attendance by NIP for many meetings and sessions in one file: a dry run, then the same."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any

from sqlalchemy import Select, select
from sqlalchemy.orm import Session as DbSession
from sqlalchemy.orm import joinedload, selectinload

from app.core import clock
from app.core.actor import Actor
from app.core.errors import InvalidInput
from app.core.i18n import N_, Message
from app.core.message_json import to_json
from courses.attendance_file import MAX_LINES, Line
from courses.enums import AttendanceState, SessionState
from courses.models import Course, Enrolment, Meeting, Session, SessionSheet
from courses.services.attendance_cells import keep, states_before
from courses.services.results import has_begun, record_attendance
from courses.services.seats import HOLDING
from skills.models import Employee


class CellOutcome(StrEnum):
    """What becomes of a cell."""

    NEW = "new"
    CHANGED = "changed"
    SAME = "same"
    REFUSED = "refused"


@dataclass(frozen=True)
class CellRow:
    """One cell of the file: whom it means, what becomes of it, and why not."""

    line: Line
    outcome: CellOutcome
    enrolment: Enrolment | None = None
    meeting: Meeting | None = None
    before: str | None = None
    reason: Message | None = None


def plan_import(
    session: DbSession, *, lines: Sequence[Line], default_code: str = ""
) -> list[CellRow]:
    """Return what would become of each cell: four statements, however many there are.

    Args:
        default_code: session of lines that name none.

    Raises:
        InvalidInput: nothing to read, or too much.
    """
    if not lines:
        raise InvalidInput(N_("Tidak ada kehadiran yang terisi di daftar ini."), field="file")
    if len(lines) > MAX_LINES:
        words = N_("Sekali impor paling banyak %(count)s kehadiran.")
        raise InvalidInput(Message(words, {"count": MAX_LINES}), field="file")
    codes = {line.session or default_code for line in lines}
    runs = {row.code: row for row in session.scalars(_runs(codes))}
    people = _people(session, list(runs.values()))
    meetings = [meeting.id for run in runs.values() for meeting in run.meetings]
    before = states_before(session, meetings)
    rows: list[CellRow] = []
    seen: dict[tuple[int, int], int] = {}
    for line in lines:
        run = runs.get(line.session or default_code)
        rows.append(_judge(line, run, people, before, seen))
    return rows


def _runs(codes: set[str]) -> Select[Session]:
    return (
        select(Session)
        .where(Session.code.in_(codes))
        .options(selectinload(Session.meetings), joinedload(Session.course).load_only(Course.id))
        .order_by(Session.id)
    )


def _people(session: DbSession, runs: Sequence[Session]) -> dict[tuple[int, str], Enrolment]:
    rows = session.scalars(
        select(Enrolment)
        .join(Employee, Employee.id == Enrolment.employee_id)
        .where(Enrolment.session_id.in_([run.id for run in runs]), Enrolment.state.in_(HOLDING))
        .options(joinedload(Enrolment.employee).joinedload(Employee.opd))
        .order_by(Enrolment.id)
    )
    return {(row.session_id, row.employee.nip): row for row in rows}


def _judge(
    line: Line,
    run: Session | None,
    people: Mapping[tuple[int, str], Enrolment],
    before: Mapping[tuple[int, int], str],
    seen: dict[tuple[int, int], int],
) -> CellRow:
    reason = _session_problem(line, run)
    if reason is not None or run is None:
        return CellRow(line, CellOutcome.REFUSED, reason=reason)
    row = people.get((run.id, line.nip))
    meeting, reason = meeting_of(run, line.when)
    if meeting is None:
        return CellRow(line, CellOutcome.REFUSED, row, reason=reason)
    reason = _cell_problem(line, row, meeting)
    if reason is not None or row is None:
        return CellRow(line, CellOutcome.REFUSED, row, meeting, reason=reason)
    key = (meeting.id, row.id)
    if key in seen:
        words = Message(N_("Orang ini sudah ada di baris %(row)s."), {"row": seen[key]})
        return CellRow(line, CellOutcome.REFUSED, row, meeting, reason=words)
    seen[key] = line.row
    known = before.get(key)
    outcome = CellOutcome.NEW if known is None else CellOutcome.CHANGED
    return CellRow(
        line, CellOutcome.SAME if known == line.state else outcome, row, meeting, before=known
    )


def _session_problem(line: Line, run: Session | None) -> Message | None:
    if run is None:
        return Message(N_("Sesi %(code)s tidak ditemukan."), {"code": line.session or "–"})
    if run.state not in (SessionState.OPEN, SessionState.RUNNING):
        return Message(N_("Kehadiran dan nilai hanya dapat diisi selama sesi berjalan."))
    return None


def _cell_problem(line: Line, row: Enrolment | None, meeting: Meeting) -> Message | None:
    if row is None:
        return Message(N_("NIP ini bukan peserta sesi."))
    if line.state is None:
        return Message(
            N_("Kehadiran “%(word)s” tidak dikenal; isi H, I, S, atau A."), {"word": line.word}
        )
    if not has_begun(meeting):
        return Message(N_("Kehadiran dicatat paling cepat pada hari pertemuan."))
    return None


def meeting_of(run: Session, when: date | int | str) -> tuple[Meeting | None, Message | None]:
    """Return the meeting that a file names, or why it is not known."""
    if isinstance(when, int):
        if 1 <= when <= len(run.meetings):
            return run.meetings[when - 1], None
        words = N_("Sesi ini mempunyai %(count)s pertemuan.")
        return None, Message(words, {"count": len(run.meetings)})
    if isinstance(when, str):
        return None, Message(N_("Tanggal “%(text)s” tidak dikenal."), {"text": when[:30]})
    same = [m for m in run.meetings if clock.local(m.starts_at).date() == when]
    if len(same) == 1:
        return same[0], None
    if same:
        return None, Message(N_("Ada lebih dari satu pertemuan hari itu; isi nomor pertemuannya."))
    return None, Message(N_("Tidak ada pertemuan pada %(day)s."), {"day": f"{when:%d/%m/%Y}"})


def apply_import(
    session: DbSession, *, actor: Actor, lines: Sequence[Line], default_code: str = ""
) -> SessionSheet:
    """Write the cells that are new or changed; return the file as kept with each cell's result."""
    rows = plan_import(session, lines=lines, default_code=default_code)
    states: dict[int, dict[tuple[int, int], AttendanceState | None]] = {}
    runs: dict[int, Session] = {}
    for row in rows:
        if row.meeting is None or row.enrolment is None:
            continue
        if row.outcome in (CellOutcome.NEW, CellOutcome.CHANGED):
            runs[row.meeting.session_id] = row.meeting.session
            key = (row.meeting.id, row.enrolment.id)
            states.setdefault(row.meeting.session_id, {})[key] = row.line.state
    for number in sorted(states):
        record_attendance(
            session, actor=actor, run=runs[number], states=states[number], how="import"
        )
    only = next(iter(runs)) if len(runs) == 1 else None
    kept = [_kept(row) for row in rows]
    return keep(session, actor=actor, session_id=only, kind="attendance", rows=kept)


def _kept(row: CellRow) -> dict[str, Any]:
    person = row.enrolment.employee if row.enrolment else None
    return {
        "row": row.line.row,
        "nip": row.line.nip,
        "employee_id": person.id if person else None,
        "name": person.display_name if person else "",
        "opd": person.opd.name if person else "",
        "session": row.line.session or (row.meeting.session.code if row.meeting else ""),
        "meeting_id": row.meeting.id if row.meeting else None,
        "enrolment_id": row.enrolment.id if row.enrolment else None,
        "when": str(row.line.when),
        "before": row.before,
        "after": str(row.line.state) if row.line.state else row.line.word,
        "outcome": str(row.outcome),
        "remarks": [to_json(row.reason)] if row.reason else [],
    }
