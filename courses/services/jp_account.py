"""Hours claimed for learning elsewhere: sent with a proof, then approved or returned."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session as DbSession

from app.core import clock
from app.core.actor import Actor
from app.core.audit import record
from app.core.errors import Conflict, InvalidInput, InvalidTransition
from app.core.i18n import N_, Message
from app.core.notifications.services import notify
from courses.models import JpClaim
from courses.planning_rules import most_hours
from courses.queries.jp import forms_in_force
from skills.models import Employee, TrainingRecord
from skills.services.touch import touch_people

HIGHEST = 400  # JP of one claim; more is a slip of the keyboard


@dataclass(frozen=True)
class OutsideLearning:
    """What somebody says about learning outside the platform."""

    title: str
    organiser: str
    form_code: str
    started_on: date
    ended_on: date
    jp: int
    quantity: int = 1
    number: str | None = None
    note: str = ""


def claim_hours(
    session: DbSession, *, actor: Actor, employee: Employee, values: OutsideLearning, file_id: int
) -> JpClaim:
    """Send a claim with its proof; the record appears in the profile as claimed.

    Raises:
        InvalidInput: dates, form or hours that the rules refuse.
        Conflict: the same learning was sent before.
    """
    check_learning(session, values)
    _refuse_twice(session, employee, values)
    row = TrainingRecord(
        employee_id=employee.id,
        title=values.title,
        organiser=values.organiser,
        form_code=values.form_code,
        number=values.number or None,
        started_on=values.started_on,
        ended_on=values.ended_on,
        jp=values.jp,
        file_id=file_id,
        state="claimed",
        source="self",
    )
    session.add(row)
    session.flush()
    claim = JpClaim(
        record_id=row.id,
        employee_id=employee.id,
        jp_claimed=values.jp,
        quantity=values.quantity,
        note=values.note,
        submitted_at=clock.now(),
    )
    session.add(claim)
    session.flush()
    touch_people(session, employee_ids=[employee.id])
    record(session, "courses:jp:claim", claim, people=[employee.id], jp=values.jp, actor=actor)
    return claim


def check_learning(session: DbSession, values: OutsideLearning, *, most: int = HIGHEST) -> None:
    """Refuse dates, form or hours that the rules do not allow.

    Args:
        most: the most hours of one learning; more is a slip.

    Raises:
        InvalidInput: what is wrong, at its field.
    """
    if values.ended_on < values.started_on:
        raise InvalidInput(N_("Tanggal selesai mendahului tanggal mulai."), field="ended_on")
    if values.ended_on > clock.today():
        raise InvalidInput(
            N_("Klaim JP hanya untuk pembelajaran yang sudah selesai."), field="ended_on"
        )
    if not 1 <= values.jp <= most:
        raise InvalidInput(Message(N_("JP antara 1 dan %(most)s."), {"most": most}), field="jp")
    form = forms_in_force(session).get(values.form_code)
    if form is None:
        raise InvalidInput(N_("Pilih bentuk pembelajaran."), field="form_code")
    length = (values.ended_on - values.started_on).days + 1
    months = (
        (values.ended_on.year - values.started_on.year) * 12
        + values.ended_on.month
        - values.started_on.month
        + 1
    )
    bound = most_hours(form, values.quantity, months=months, days=length)
    if bound is not None and values.jp > bound:
        raise InvalidInput(
            Message(N_("Bentuk ini memberi paling banyak %(most)s JP."), {"most": bound}),
            field="jp",
        )


def _refuse_twice(session: DbSession, employee: Employee, values: OutsideLearning) -> None:
    same = session.scalar(
        select(TrainingRecord.id)
        .where(
            TrainingRecord.employee_id == employee.id,
            TrainingRecord.title == values.title,
            TrainingRecord.ended_on == values.ended_on,
            TrainingRecord.state != "returned",
        )
        .limit(1)
    )
    if same is not None:
        raise Conflict(N_("Pembelajaran ini sudah ada di riwayat Anda."), field="title")


def decide_claim(
    session: DbSession,
    *,
    actor: Actor,
    claim: JpClaim,
    jp: int | None,
    answer: str,
    expected_version: int | None,
) -> JpClaim:
    """Approve so many hours, or return the claim (jp None) with a reason; the person is told.

    Raises:
        InvalidTransition: it was decided before, or has changed since it was shown.
        InvalidInput: no reason for a return or a cut, or more hours than claimed.
    """
    if claim.decided_at is not None or claim.version != expected_version:
        raise InvalidTransition(N_("Klaim ini sudah berubah. Muat ulang lalu periksa lagi."))
    if jp is not None and not 1 <= jp <= claim.jp_claimed:
        raise InvalidInput(N_("JP yang disetujui antara 1 dan JP yang diklaim."), field="jp")
    if (jp is None or jp < claim.jp_claimed) and not answer.strip():
        raise InvalidInput(N_("Tulis alasannya agar pegawai tahu."), field="answer")
    claim.record.state = "returned" if jp is None else "verified"
    if jp is not None:
        claim.record.jp = jp
    claim.answer = answer.strip()
    claim.decided_at, claim.decided_by_id = clock.now(), actor.account_id
    claim.decided_by_label = actor.label
    session.flush()
    touch_people(session, employee_ids=[claim.employee_id])
    step = "return" if jp is None else "approve"
    record(session, f"courses:jp:{step}", claim, people=[claim.employee_id], jp=jp, actor=actor)
    _tell(session, claim, jp)
    return claim


def _tell(session: DbSession, claim: JpClaim, jp: int | None) -> None:
    if jp is None:
        text = N_("Klaim JP %(title)s dikembalikan: %(answer)s")
    else:
        text = N_("Klaim JP %(title)s disetujui: %(jp)s JP.")
    notify(
        session,
        employee_id=claim.employee_id,
        kind="enrolment",
        message=Message(text, {"title": claim.record.title, "answer": claim.answer, "jp": jp or 0}),
        url="/jp/saya",
        email=True,
        key=f"jp:{claim.id}",
    )
