"""Fair allocation of a session's seats: the same preview until something changes, then applied."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session as DbSession

from app.core import clock
from app.core.audit import record
from app.core.errors import Conflict, InvalidInput, InvalidTransition
from app.core.i18n import N_, Message
from app.core.notifications.services import notify
from courses.allocation import AllocationReason, Outcome, allocate
from courses.enums import EnrolmentState
from courses.models import Enrolment, Session
from courses.queries.allocation import applicants, waiting_people
from courses.services.enrolment import ACTIVE
from courses.services.enrolment_notices import tell_seat
from courses.services.prerequisite_checks import lacking_of, pass_over
from courses.services.seats import Quotas, lock_session, quotas_of, take_seat

REASONS: Mapping[str, str] = {
    AllocationReason.SEAT: N_("Mendapat kursi."),
    AllocationReason.QUOTA: N_("Kursi untuk OPD Anda sudah terisi semua."),
    AllocationReason.NEED: N_(
        "Orang terakhir yang mendapat kursi menutup %(cut_need)s tingkat kesenjangan, Anda"
        " %(need)s."
    ),
    AllocationReason.RECENT: N_(
        "Kebutuhan sama, tetapi orang terakhir yang mendapat kursi lebih lama tidak ikut pelatihan."
    ),
    AllocationReason.LOT: N_(
        "Kebutuhan dan pelatihan terakhir sama; urutan undian dari kode acak yang diumumkan"
        " menentukan."
    ),
}


@dataclass(frozen=True)
class AllocationPlan:
    """Who would get a seat now, and a mark that changes when anything of it does."""

    outcomes: Sequence[Outcome]
    rows: Mapping[int, Enrolment]  # by employee id
    seats: int
    quotas: Quotas
    digest: str
    lacking: Mapping[int, str]  # employee id to the prerequisites not passed: no seat

    @property
    def seated(self) -> int:
        """How many would get a seat."""
        return sum(one.seated for one in self.outcomes)


def plan_allocation(session: DbSession, *, run: Session) -> AllocationPlan:
    """Return who would get a seat if the seats were given away now.

    Who has not passed what the course asks before it, and is not exempt, takes no part.
    """
    asked = waiting_people(session, run.id)
    lacking = lacking_of(session, asked)
    rows = [row for row in asked if row.employee_id not in lacking]
    quotas = quotas_of(session, run)
    seats = run.capacity - run.seats_taken
    outcomes = allocate(
        applicants(session, run=run, rows=rows, day=clock.today()),
        seats=seats,
        quotas={opd: quotas.left(opd) or 0 for opd in _limited(rows, quotas)},
        default_quota=None,
        seed=run.seed or "",
    )
    return AllocationPlan(
        outcomes,
        {row.employee_id: row for row in asked},
        seats,
        quotas,
        _digest(outcomes, seats),
        lacking,
    )


def _limited(rows: Sequence[Enrolment], quotas: Quotas) -> set[int]:
    return {row.employee.opd_id for row in rows if quotas.limit(row.employee.opd_id) is not None}


def _digest(outcomes: Sequence[Outcome], seats: int) -> str:
    facts = [
        (one.applicant.key, one.applicant.need, str(one.applicant.last_attended), one.reason)
        for one in outcomes
    ]
    return hashlib.sha256(json.dumps([seats, facts]).encode()).hexdigest()[:24]


def apply_allocation(session: DbSession, *, run: Session, digest: str) -> AllocationPlan:
    """Give the seats as the preview showed, keep everybody's reason, and tell all of them.

    Raises:
        InvalidTransition: the session does not share seats out, or has done so.
        InvalidInput: registration is still running.
        Conflict: the preview no longer holds.
    """
    lock_session(session, run.id)
    if run.seat_method != "fair" or run.state not in ACTIVE:
        raise InvalidTransition(N_("Sesi ini tidak membagi kursi."))
    if run.allocated_at is not None:
        raise Conflict(N_("Kursi sesi ini sudah dibagi."))
    if run.registration_closes is not None and clock.today() <= run.registration_closes:
        raise InvalidInput(N_("Kursi dibagi setelah pendaftaran ditutup."))
    plan = plan_allocation(session, run=run)
    if plan.digest != digest:
        raise Conflict(N_("Pendaftar atau datanya berubah sejak pratinjau. Periksa lagi."))
    run.allocated_at = clock.now()
    session.flush()
    for one in plan.outcomes:
        _write(session, plan.rows[one.applicant.key], one)
    for person, courses in plan.lacking.items():
        pass_over(session, row=plan.rows[person], courses=courses)
    record(
        session,
        "courses:session:allocate",
        run,
        people=[one.applicant.key for one in plan.outcomes],
        seats=plan.seats,
        seated=plan.seated,
        seed=run.seed,
        digest=digest,
    )
    return plan


def _write(session: DbSession, row: Enrolment, one: Outcome) -> None:
    row.allocation_rank, row.allocation = one.rank, facts_of(one)
    if one.seated:
        if not take_seat(session, session_id=row.session_id, opd_id=row.employee.opd_id):
            raise Conflict(N_("Pendaftar atau datanya berubah sejak pratinjau. Periksa lagi."))
        row.state, row.waiting_since = EnrolmentState.ENROLLED, None
        session.flush()
        tell_seat(session, row)
        return
    session.flush()
    notify(
        session,
        employee_id=row.employee_id,
        kind="enrolment",
        message=Message(
            N_("Anda belum mendapat kursi di sesi %(title)s. %(reason)s"),
            {"title": row.session.title, "reason": reason_words(row.allocation)},
        ),
        url=f"/pelatihan/sesi/{row.session_id}/pembagian/saya",
        email=True,
        key=f"enrolment:{row.id}:not-seated",
    )


def facts_of(one: Outcome) -> dict[str, object]:
    """Return what decided about a person, as it is kept."""
    return {
        "reason": str(one.reason),
        "need": one.applicant.need,
        "last_attended": _day(one.applicant.last_attended),
        "lot": one.lot,
        "cut_need": one.cut.need if one.cut else None,
        "cut_last_attended": _day(one.cut.last_attended) if one.cut else None,
    }


def _day(value: object) -> str | None:
    return str(value) if value is not None else None


def reason_words(facts: Mapping[str, object]) -> Message:
    """Return the reason of a kept result in words."""
    kind = str(facts.get("reason", AllocationReason.SEAT))
    values = {"need": facts.get("need", 0), "cut_need": facts.get("cut_need") or 0}
    return Message(REASONS[kind], values)
