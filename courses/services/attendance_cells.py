"""Saving the attendance grid beside others: nobody's change is lost, and a save can be undone."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session as DbSession

from app.core import clock
from app.core.actor import Actor
from app.core.audit import record
from app.core.errors import Conflict, InvalidTransition
from app.core.i18n import N_, Message
from courses.enums import AttendanceState
from courses.models import Attendance, Meeting, Session, SessionSheet
from courses.services.results import load_session, participants, record_attendance
from courses.services.seats import lock_session

Cells = Mapping[tuple[int, int], AttendanceState | None]


def save_cells(
    session: DbSession,
    *,
    actor: Actor,
    run: Session,
    states: Cells,
    seen: Mapping[tuple[int, int], str] | None = None,
) -> tuple[int, SessionSheet | None]:
    """Write the cells that the person changed; return how many, and the save for undoing it.

    Args:
        states: what stands in the form.
        seen: what stood there when the form was opened; a cell that is as it was then is left
            alone, even where somebody else has changed it meanwhile. None: all cells are wanted.

    Raises:
        Conflict: the person and somebody else changed the same cell differently.
    """
    lock_session(session, run.id)
    before = states_before(session, [meeting.id for meeting in run.meetings])
    wanted = {key: state for key, state in states.items() if seen is None or seen.get(key) != state}
    if seen is not None:
        _check_others(session, run, wanted, seen, before)
    count = record_attendance(session, actor=actor, run=run, states=wanted)
    if not count:
        return 0, None
    rows = [
        {"meeting_id": m, "enrolment_id": e, "before": before.get((m, e)), "after": state}
        for (m, e), state in wanted.items()
        if before.get((m, e)) != state
    ]
    return count, keep(session, actor=actor, session_id=run.id, kind="grid", rows=rows)


def _check_others(
    session: DbSession,
    run: Session,
    wanted: Cells,
    seen: Mapping[tuple[int, int], str],
    before: Mapping[tuple[int, int], str],
) -> None:
    """Refuse where the person and somebody else changed the same cell differently."""
    for key, state in wanted.items():
        if before.get(key) in (seen.get(key), state):
            continue
        names = {row.id: row.employee.name for row in participants(session, run)}
        raise Conflict(
            Message(
                N_(
                    "Kehadiran %(name)s sudah diubah orang lain sejak halaman ini dibuka. Nilai"
                    " terbaru ditampilkan di bawah; periksa lalu simpan lagi."
                ),
                {"name": names.get(key[1], "–")},
            )
        )


def states_before(session: DbSession, meeting_ids: Sequence[int]) -> dict[tuple[int, int], str]:
    """Return what is recorded of some meetings: (meeting, enrolment) to the state."""
    rows = session.execute(
        select(Attendance.meeting_id, Attendance.enrolment_id, Attendance.state)
        .where(Attendance.meeting_id.in_(meeting_ids))
        .order_by(Attendance.id)
    )
    return {(meeting, enrolment): state for meeting, enrolment, state in rows}


def keep(
    session: DbSession,
    *,
    actor: Actor,
    session_id: int | None,
    kind: str,
    rows: list[dict[str, Any]],
) -> SessionSheet:
    """Keep a list with what became of each row."""
    sheet = SessionSheet(
        session_id=session_id,
        kind=kind,
        rows=rows,
        created_at=clock.now(),
        created_by_id=actor.account_id,
    )
    session.add(sheet)
    session.flush()
    return sheet


def undo_sheet(session: DbSession, *, actor: Actor, sheet: SessionSheet) -> tuple[int, int]:
    """Put back what a save or an import changed; return (put back, changed since and left).

    Raises:
        InvalidTransition: it was undone before, or a session is closed by now.
    """
    if sheet.undone_at is not None:
        raise InvalidTransition(N_("Penyimpanan ini sudah diurungkan."))
    cells = [row for row in sheet.rows if row.get("outcome") in (None, "new", "changed")]
    by_meeting = _sessions(session, [row["meeting_id"] for row in cells])
    put_back = left = 0
    for number in sorted(set(by_meeting.values())):
        run = load_session(session, number)
        assert run is not None  # its meetings exist
        lock_session(session, number)
        now = states_before(session, [meeting.id for meeting in run.meetings])
        states: dict[tuple[int, int], AttendanceState | None] = {}
        for row in cells:
            key = (row["meeting_id"], row["enrolment_id"])
            if by_meeting.get(key[0]) != number:
                continue
            if now.get(key) != row["after"]:
                left += 1
                continue
            states[key] = AttendanceState(row["before"]) if row["before"] else None
        put_back += record_attendance(session, actor=actor, run=run, states=states)
    sheet.undone_at = clock.now()
    session.flush()
    record(session, "courses:attendance:undo", sheet, cells=put_back, left=left)
    return put_back, left


def _sessions(session: DbSession, meeting_ids: Sequence[int]) -> dict[int, int]:
    rows = session.execute(
        select(Meeting.id, Meeting.session_id)
        .where(Meeting.id.in_(meeting_ids))
        .order_by(Meeting.id)
    )
    return {row.id: row.session_id for row in rows}


def find_save(session: DbSession, sheet_id: int) -> SessionSheet | None:
    """Return a save or an import of attendance, or None."""
    sheet = session.get(SessionSheet, sheet_id)
    return sheet if sheet is not None and sheet.kind in ("grid", "attendance") else None
