"""Records of learning that nobody claimed hours for: corrected and approved, or returned."""

import hashlib
from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy.orm import Session as DbSession

from app.core.audit import changed_fields, record
from app.core.errors import Conflict, InvalidInput
from app.core.i18n import N_, Message
from app.core.notifications.services import notify
from courses.outside_rules import HIGHEST_JP
from courses.queries.jp import forms_in_force
from courses.queries.open_records import OpenRecord
from courses.services.jp_account import OutsideLearning, check_learning
from skills.models import TrainingRecord
from skills.services.touch import touch_people

_BY_CALENDAR = ("PER_SESSION", "MAX_PER_DAY")
_FIELDS = ("title", "organiser", "form_code", "started_on", "ended_on", "jp", "number")


def mark_of(row: TrainingRecord) -> str:
    """Return what changes as soon as anything of a record does."""
    facts = [str(getattr(row, name)) for name in (*_FIELDS, "state", "file_id")]
    return hashlib.sha256("\n".join(facts).encode()).hexdigest()[:24]


def as_recorded(row: TrainingRecord, *, rule: str) -> OutsideLearning:
    """Return a record as it stands, to be approved without a correction.

    How many sessions or days it was is not recorded: as many as its hours need, which the bounds
    a month or a day still limit; of activities it counts one.

    Args:
        rule: the JP rule of its form.

    Raises:
        InvalidInput: it lacks the form, the dates or the hours.
    """
    if not row.form_code or row.ended_on is None or not row.jp:
        raise InvalidInput(N_("Bentuk, tanggal selesai, atau JP belum terisi."), field="form_code")
    return OutsideLearning(
        title=row.title,
        organiser=row.organiser or "",
        form_code=row.form_code,
        started_on=row.started_on or row.ended_on,
        ended_on=row.ended_on,
        jp=row.jp,
        quantity=row.jp if rule in _BY_CALENDAR else 1,
        number=row.number,
    )


def approve_record(
    session: DbSession, *, found: OpenRecord, values: OutsideLearning, mark: str
) -> None:
    """Verify a record as it is, or as corrected; its hours count, the person is told.

    Raises:
        Conflict: it has changed since it was shown.
        InvalidInput: dates, form or hours that the rules refuse; a correction without a reason.
    """
    row = found.record
    _check_unchanged(row, mark)
    check_learning(session, values, most=HIGHEST_JP)
    for name in _FIELDS:
        setattr(row, name, getattr(values, name) or None)
    changes = changed_fields(row, *_FIELDS)
    if set(changes) - {"started_on"} and not values.note.strip():
        session.expire(row)
        raise InvalidInput(N_("Tulis alasan perbaikannya."), field="note")
    row.state = "verified"
    session.flush()
    _note(session, found, "approve", values.note, changes)
    text = N_("Riwayat pelatihan %(title)s diverifikasi: %(jp)s JP.")
    _tell(session, found, Message(text, {"title": row.title, "jp": row.jp or 0}))


def return_record(session: DbSession, *, found: OpenRecord, reason: str, mark: str) -> None:
    """Return a record with a reason; it counts nowhere, the person is told.

    Raises:
        Conflict: it has changed since it was shown.
        InvalidInput: no reason.
    """
    row = found.record
    _check_unchanged(row, mark)
    if not reason.strip():
        raise InvalidInput(N_("Tulis alasannya agar pegawai tahu."), field="note")
    row.state = "returned"
    session.flush()
    _note(session, found, "return", reason, {})
    text = N_("Riwayat pelatihan %(title)s dikembalikan: %(reason)s")
    _tell(session, found, Message(text, {"title": row.title, "reason": reason.strip()}))


def approve_as_recorded(session: DbSession, *, found: OpenRecord) -> bool:
    """Verify a record that is complete and within the rules; return whether it was."""
    try:
        form = forms_in_force(session).get(found.record.form_code or "", {})
        values = as_recorded(found.record, rule=str(form.get("jp_rule")))
        approve_record(session, found=found, values=values, mark=mark_of(found.record))
    except InvalidInput:
        session.expire(found.record)
        return False
    return True


def _check_unchanged(row: TrainingRecord, mark: str) -> None:
    if mark_of(row) != mark:
        raise Conflict(N_("Riwayat ini sudah berubah. Muat ulang lalu periksa lagi."))


def _note(
    session: DbSession,
    found: OpenRecord,
    step: str,
    reason: str,
    changes: Mapping[str, Sequence[Any]],
) -> None:
    touch_people(session, employee_ids=[found.employee_id])
    record(
        session,
        f"courses:record:{step}",
        found.record,
        people=[found.employee_id],
        changes=changes,
        reason=reason.strip() or None,
    )


def _tell(session: DbSession, found: OpenRecord, message: Message) -> None:
    notify(
        session,
        employee_id=found.employee_id,
        kind="enrolment",
        message=message,
        url="/jp/saya",
        key=f"record:{found.record.id}",
    )
