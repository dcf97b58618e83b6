"""The year plan (HCDP): editions, their items, steps from draft to adopted, drafts of sessions."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session as DbSession

from app.core import clock
from app.core.actor import Actor
from app.core.audit import changed_fields, record
from app.core.errors import Conflict, InvalidInput, InvalidTransition
from app.core.i18n import N_, Message
from courses.enums import PlanState
from courses.models import Course, Organiser, PlanItem, PlanItemSession, Session, YearPlan
from courses.plan_suggestion import Limits, suggest_courses
from courses.queries.need_overview import courses_in_force
from courses.services.plan_figures import (
    add_suggested,
    plan_cost,
    plan_hours,
    refresh_figures,
)
from courses.services.proposal_links import release_proposals
from courses.services.sessions import SessionInput, plan_session

_HOURS_A_DAY = 8
_MOVES = {
    PlanState.DRAFT: {PlanState.PROPOSED},
    PlanState.PROPOSED: {PlanState.DRAFT, PlanState.ADOPTED},
    PlanState.ADOPTED: set[PlanState](),
    PlanState.REPLACED: set[PlanState](),
}
_OPEN = (PlanState.DRAFT, PlanState.PROPOSED)


@dataclass(frozen=True)
class PlanInput:
    """Rupiah of the year and hours (JP) of sessions that can be held."""

    budget: int
    hours: int
    note: str = ""


@dataclass(frozen=True)
class ItemInput:
    """A course in the plan: sessions of so many seats, rupiah a participant, the quarter."""

    sessions: int
    seats: int
    cost: int
    quarter: int = 1
    note: str = ""


def create_plan(session: DbSession, *, actor: Actor, year: int, values: PlanInput) -> YearPlan:
    """Open a new edition; the items of the edition in force are copied into it.

    Raises:
        Conflict: an edition of the year is still open.
        InvalidInput: an unlikely year, or negative bounds.
    """
    this = clock.today().year
    if not this - 1 <= year <= this + 5:
        raise InvalidInput(N_("Tahun rencana di luar jangkauan."), field="year")
    _check_bounds(values)
    editions = session.scalars(
        select(YearPlan).where(YearPlan.year == year).order_by(YearPlan.edition)
    ).all()
    if any(row.state in _OPEN for row in editions):
        raise Conflict(N_("Masih ada edisi tahun ini yang terbuka."), field="year")
    plan = YearPlan(
        year=year,
        edition=len(editions) + 1,
        state=PlanState.DRAFT,
        created_at=clock.now(),
        created_by_id=actor.account_id,
        **vars(values),
    )
    if editions:
        plan.items = [_copied(item) for item in editions[-1].items]
    session.add(plan)
    session.flush()
    refresh_figures(session, plan)
    record(session, "courses:plan:create", plan, year=year, edition=plan.edition)
    return plan


def _copied(item: PlanItem) -> PlanItem:
    names = ("course_id", "sessions", "seats", "jp", "cost", "quarter", "note")
    return PlanItem(**{name: getattr(item, name) for name in names})


def _check_bounds(values: PlanInput) -> None:
    if values.budget < 0:
        raise InvalidInput(N_("Anggaran tidak boleh negatif."), field="budget")
    if values.hours < 0:
        raise InvalidInput(N_("Jam tidak boleh negatif."), field="hours")


def edit_plan(session: DbSession, *, plan: YearPlan, values: PlanInput, version: int) -> None:
    """Change budget, hours or note of a draft.

    Raises:
        Conflict: somebody else changed it meanwhile.
        InvalidTransition: it is no draft.
    """
    _check_draft(plan, version)
    _check_bounds(values)
    for name, value in vars(values).items():
        setattr(plan, name, value)
    changes = changed_fields(plan, *vars(values))
    session.flush()
    record(session, "courses:plan:edit", plan, changes=changes)


def _check_draft(plan: YearPlan, version: int | None) -> None:
    if version is not None and plan.version != version:
        raise Conflict(N_("Rencana ini sudah berubah. Muat ulang halaman lalu ulangi."))
    if plan.state != PlanState.DRAFT:
        raise InvalidTransition(N_("Hanya draf yang dapat diubah. Buat edisi baru."))


def find_item(plan: YearPlan, course_id: int) -> PlanItem | None:
    """Return what a plan says of a course, or None."""
    return next((row for row in plan.items if row.course_id == course_id), None)


def add_item(session: DbSession, *, plan: YearPlan, course: Course, values: ItemInput) -> PlanItem:
    """Add a course to a draft.

    Raises:
        Conflict: the course stands in the plan already.
        InvalidTransition: the plan is no draft.
        InvalidInput: no session, no seat, or a negative price.
    """
    lock_plan(session, plan)
    _check_draft(plan, None)
    _check_item(values)
    known = find_item(plan, course.id)
    if known is not None:
        raise Conflict(
            Message(
                N_("Pelatihan ini sudah ada di rencana (%(now)s). Ubah butirnya."),
                {"now": _words(known)},
            ),
            field="course_id",
        )
    item = PlanItem(course_id=course.id, jp=course.jp, **vars(values))
    plan.items.append(item)
    session.flush()
    refresh_figures(session, plan)
    changes = {name: (None, value) for name, value in vars(values).items()}
    record(session, "courses:plan:put_item", plan, course=course.code, changes=changes)
    return item


def change_item(
    session: DbSession, *, item: PlanItem, values: ItemInput, version: int | None
) -> PlanItem:
    """Change what a draft says of a course.

    Raises:
        Conflict: somebody else changed the item meanwhile.
        InvalidTransition: the plan is no draft.
        InvalidInput: no session, no seat, or a negative price.
    """
    plan = item.plan
    lock_plan(session, plan)
    _check_draft(plan, None)
    _check_unchanged(item, version)
    _check_item(values)
    for name, value in vars(values).items():
        setattr(item, name, value)
    changes = changed_fields(item, *vars(values))
    item.version += 1
    session.flush()
    refresh_figures(session, plan)
    record(session, "courses:plan:put_item", plan, course=item.course.code, changes=changes)
    return item


def lock_plan(session: DbSession, plan: YearPlan) -> None:
    """Let others who change the same plan wait, and read what they changed before."""
    session.execute(select(YearPlan.id).where(YearPlan.id == plan.id).with_for_update())
    for item in plan.items:
        session.expire(item)
    session.refresh(plan, ["state", "version", "items"])


def _check_unchanged(item: PlanItem, version: int | None) -> None:
    if item.version != version:
        raise Conflict(
            Message(
                N_(
                    "Butir %(course)s sudah diubah orang lain, kini %(now)s. "
                    "Isian Anda belum disimpan; periksa lalu ulangi."
                ),
                {"course": item.course.code, "now": _words(item)},
            )
        )


def _words(item: PlanItem) -> str:
    price = f"{item.cost:,}".replace(",", ".")
    quarter = ("I", "II", "III", "IV")[item.quarter - 1]
    return f"{item.sessions} × {item.seats}, Rp{price}, {quarter}"


def _check_item(values: ItemInput) -> None:
    if not 1 <= values.sessions <= 99:
        raise InvalidInput(N_("Jumlah sesi antara 1 dan 99."), field="sessions")
    if not 1 <= values.seats <= 2000:
        raise InvalidInput(N_("Kursi per sesi antara 1 dan 2000."), field="seats")
    if values.cost < 0:
        raise InvalidInput(N_("Biaya tidak boleh negatif."), field="cost")
    if not 1 <= values.quarter <= 4:
        raise InvalidInput(N_("Triwulan antara 1 dan 4."), field="quarter")


def drop_item(session: DbSession, *, item: PlanItem, version: int | None) -> None:
    """Take a course out of a draft; the proposals it answered wait for an answer again.

    Raises:
        Conflict: somebody else changed the item meanwhile.
        InvalidTransition: the plan is no draft.
    """
    plan = item.plan
    lock_plan(session, plan)
    _check_draft(plan, None)
    _check_unchanged(item, version)
    release_proposals(session, item=item)
    plan.items.remove(item)
    session.flush()
    refresh_figures(session, plan)
    record(session, "courses:plan:drop_item", plan, course_id=item.course_id)


def suggest_items(session: DbSession, *, plan: YearPlan) -> int:
    """Fill a draft with what closes most gaps and most JP duty within what is left.

    Returns:
        How many courses were added, in the order of their worth (see `plan_suggestion`).
    """
    lock_plan(session, plan)
    _check_draft(plan, None)
    ledger = refresh_figures(session, plan)
    budget, hours = plan.budget - plan_cost(plan), plan.hours - plan_hours(plan)
    codes = {item.course.code for item in plan.items}
    offered = {course.id: course for course in courses_in_force(session)}
    known = frozenset(
        option.course_id
        for option in ledger.options
        if option.course_id not in offered or offered[option.course_id].code in codes
    )
    chosen = suggest_courses(ledger, Limits(max(0, budget), max(0, hours)), without=known)
    add_suggested(plan, chosen, offered)
    session.flush()
    record(session, "courses:plan:suggest", plan, added=[row.course_id for row in chosen])
    return len(chosen)


def move_plan(
    session: DbSession, *, actor: Actor, plan: YearPlan, to: PlanState, version: int | None
) -> None:
    """Propose a draft, give it back, or adopt it; the edition before is then replaced.

    Raises:
        Conflict: somebody else changed it meanwhile.
        InvalidTransition: the step is not open.
        InvalidInput: nothing to propose, or beyond the budget or the hours.
    """
    if plan.version != version:
        raise Conflict(N_("Rencana ini sudah berubah. Muat ulang halaman lalu ulangi."))
    before = PlanState(plan.state)
    if to not in _MOVES[before]:
        raise InvalidTransition(N_("Langkah ini tidak tersedia pada keadaan rencana sekarang."))
    if to is not PlanState.DRAFT:
        _check_complete(plan)
    plan.state = to
    if to is PlanState.ADOPTED:
        plan.adopted_at, plan.adopted_by_label = clock.now(), actor.label
        _replace_older(session, plan)
    session.flush()
    record(session, "courses:plan:move", plan, changes={"state": (before, to)})


def _check_complete(plan: YearPlan) -> None:
    if not plan.items:
        raise InvalidInput(N_("Rencana masih kosong. Tambahkan pelatihan lebih dahulu."))
    if plan_cost(plan) > plan.budget:
        raise InvalidInput(N_("Biaya rencana melebihi anggaran."))
    if plan_hours(plan) > plan.hours:
        raise InvalidInput(N_("Jam sesi melebihi batas jam setahun."))


def _replace_older(session: DbSession, plan: YearPlan) -> None:
    older = session.scalars(
        select(YearPlan)
        .where(
            YearPlan.year == plan.year,
            YearPlan.state == PlanState.ADOPTED,
            YearPlan.id != plan.id,
        )
        .order_by(YearPlan.id)
    )
    for row in older:
        row.state = PlanState.REPLACED


def draft_session(session: DbSession, *, actor: Actor, item: PlanItem) -> Session:
    """Draft the next session of an item: in its quarter, with its seats.

    Raises:
        InvalidTransition: the plan is not adopted, or all its sessions are drafted.
    """
    if item.plan.state != PlanState.ADOPTED:
        raise InvalidTransition(N_("Sesi dibuat dari rencana yang sudah ditetapkan."))
    # One after the other, so that a double click makes one session of the last one left.
    session.execute(select(PlanItem.id).where(PlanItem.id == item.id).with_for_update())
    if drafted_sessions(session, [item.id]).get(item.id, 0) >= item.sessions:
        raise InvalidTransition(N_("Semua sesi butir ini sudah dibuat."))
    organiser = session.scalars(select(Organiser).order_by(Organiser.id)).first()
    if organiser is None:
        raise InvalidInput(N_("Belum ada penyelenggara."))
    starts = first_day(item.plan.year, item.quarter, clock.today())
    days = -(-item.jp // _HOURS_A_DAY)
    values = SessionInput(
        title=item.course.title,
        starts_on=starts,
        ends_on=last_day(starts, days),
        capacity=item.seats,
    )
    run = plan_session(session, actor=actor, course=item.course, organiser=organiser, values=values)
    session.add(PlanItemSession(item_id=item.id, session_id=run.id))
    session.flush()
    return run


def first_day(year: int, quarter: int, today: date) -> date:
    """Return the first working day of a quarter, or two weeks from now if that is past."""
    day = max(date(year, 3 * quarter - 2, 1), today + timedelta(days=14))
    while day.weekday() > 4:
        day += timedelta(days=1)
    return day


def last_day(first: date, days: int) -> date:
    """Return the last of so many working days from a day on."""
    day = first
    for _ in range(days - 1):
        day += timedelta(days=3 if day.weekday() == 4 else 1)
    return day


def drafted_sessions(session: DbSession, item_ids: Sequence[int]) -> dict[int, int]:
    """Return how many sessions were drafted, by item."""
    rows = session.execute(
        select(PlanItemSession.item_id, func.count())
        .where(PlanItemSession.item_id.in_(item_ids))
        .group_by(PlanItemSession.item_id)
    )
    return {row[0]: row[1] for row in rows}
