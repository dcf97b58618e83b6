"""Calibration: a meeting moves people between boxes with a reason, beside the computed box."""

from datetime import date

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.core import clock
from app.core.actor import Actor
from app.core.audit import record
from app.core.errors import InvalidInput, Stale, check_version
from app.core.i18n import N_
from matching.models import CalibrationMeeting, CalibrationMove, TalentAssessment


def open_meeting(
    session: Session,
    *,
    actor: Actor,
    name: str,
    period: int,
    method_code: str,
    members: str,
    held_on: date,
) -> CalibrationMeeting:
    """Open a meeting over the boxes of a period and method.

    Raises:
        InvalidInput: no name or nobody who meets.
    """
    if not name.strip():
        raise InvalidInput(N_("Isi nama rapat."), field="name")
    if not members.strip():
        raise InvalidInput(N_("Isi peserta rapat."), field="members")
    meeting = CalibrationMeeting(
        name=name.strip()[:200],
        period=period,
        method_code=method_code,
        members=members.strip(),
        held_on=held_on,
        created_at=clock.now(),
        created_by_label=actor.label,
    )
    session.add(meeting)
    session.flush()
    record(session, "matching:calibration:open", meeting, period=period, method=method_code)
    return meeting


def move_person(
    session: Session,
    *,
    actor: Actor,
    meeting: CalibrationMeeting,
    assessment: TalentAssessment,
    to_box: int,
    reason: str,
    expected_version: int | None = None,
) -> CalibrationMove:
    """Move a person to another box; the computed box and the reason stay readable.

    Raises:
        Stale: the meeting is closed or looks at another period or method, or the box has changed.
        InvalidInput: no reason, no such box, or the box the person is in already.
    """
    same = (meeting.period, meeting.method_code) == (assessment.period, assessment.method_code)
    if meeting.state != "open" or not same:
        raise Stale(N_("Rapat kalibrasi ini sudah ditutup atau untuk periode lain."))
    check_version(assessment, expected_version)
    if not reason.strip():
        raise InvalidInput(N_("Isi alasan perpindahan kotak."), field="reason")
    if not 1 <= to_box <= 9 or to_box == assessment.box_in_force:
        raise InvalidInput(N_("Pilih kotak lain, 1 sampai 9."), field="to_box")
    return _write(session, actor, meeting, assessment, to_box, reason)


def undo_move(
    session: Session, *, actor: Actor, move: CalibrationMove, reason: str
) -> CalibrationMove:
    """Take a move back by a new row; the row that is undone stays readable.

    Raises:
        Stale: the meeting is closed, the move was undone already, or another one followed it.
        InvalidInput: no reason.
    """
    if move.meeting.state != "open":
        raise Stale(N_("Rapat kalibrasi ini sudah ditutup."))
    last = session.scalar(
        select(func.max(CalibrationMove.id)).where(
            CalibrationMove.assessment_id == move.assessment_id
        )
    )
    if last != move.id or move.undoes_id is not None:
        raise Stale(N_("Hanya perpindahan terakhir yang dapat dibatalkan."))
    if not reason.strip():
        raise InvalidInput(N_("Isi alasan pembatalan."), field="reason")
    return _write(
        session, actor, move.meeting, move.assessment, move.from_box, reason, undoes_id=move.id
    )


def _write(
    session: Session,
    actor: Actor,
    meeting: CalibrationMeeting,
    assessment: TalentAssessment,
    to_box: int | None,
    reason: str,
    undoes_id: int | None = None,
) -> CalibrationMove:
    before = assessment.box_in_force
    move = CalibrationMove(
        meeting_id=meeting.id,
        assessment_id=assessment.id,
        computed_box=assessment.box,
        from_box=before,
        to_box=to_box,
        reason=reason.strip(),
        undoes_id=undoes_id,
        moved_at=clock.now(),
        moved_by_label=actor.label,
    )
    session.add(move)
    assessment.calibrated_box = None if to_box == assessment.box else to_box
    session.flush()
    record(
        session,
        "matching:calibration:undo" if undoes_id else "matching:calibration:move",
        move,
        changes={"box": (before, to_box)},
        people=[assessment.employee_id],
        computed=assessment.box,
        reason=reason,
    )
    return move


def close_meeting(session: Session, *, meeting: CalibrationMeeting) -> None:
    """Close a meeting; its moves stand.

    Raises:
        Stale: it is closed already.
    """
    if meeting.state != "open":
        raise Stale(N_("Rapat kalibrasi ini sudah ditutup."))
    meeting.state = "closed"
    session.flush()
    record(session, "matching:calibration:close", meeting, changes={"state": ("open", "closed")})
