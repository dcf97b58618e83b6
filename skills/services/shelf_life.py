"""Shelf life: levels fall back by themselves on their day, and those concerned hear of it before.

One run a day brings every ended level up to date and tells whatever passed a lead time since the
last run, so that a missed day loses no reminder and a second run repeats none.
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from app.core import clock
from app.core.accounts.grants import accounts_holding
from app.core.actor import RoleName
from app.core.audit import AuditEvent, record
from app.core.i18n import N_, Message
from app.core.notifications.services import notify
from skills.models import Competency, Employee, LevelInForce, LevelRecord
from skills.services.editions import put_due_in_force
from skills.services.levels import LevelChange, recompute_levels
from skills.services.milestones import note_milestones

LEADS = (90, 30, 7)  # days before the end
RUN_TAG = "skills:expiry:run"


@dataclass(frozen=True)
class DailyRun:
    """What a daily run did."""

    fallen: int  # levels that changed because something ended
    reminded: int  # levels that passed a lead time
    people: int  # people told of either


@dataclass(frozen=True)
class Ending:
    """A level in force that ends soon."""

    employee_id: int
    supervisor_id: int | None
    competency: str
    level: int
    until: date
    lead: int


def run_daily(session: Session, *, day: date | None = None) -> DailyRun:
    """Let ended levels fall back, and remind owners, supervisors and officers.

    Args:
        day: the day of the run; today by default.
    """
    today = day or clock.today()
    since = _last_run(session, today)
    put_due_in_force(session, day=today)
    fallen = recompute_levels(session, employee_ids=_people_due(session, today), day=today)
    _tell_fallen(session, fallen, today)
    endings = passed_leads(session, since=since, day=today)
    _remind(session, endings, today)
    note_milestones(session, day=today)
    told = {change.employee_id for change in fallen} | {one.employee_id for one in endings}
    record(session, RUN_TAG, None, day=today, fallen=len(fallen), reminded=len(endings))
    session.flush()
    return DailyRun(len(fallen), len(endings), len(told))


def _last_run(session: Session, day: date) -> date:
    last = session.scalar(select(func.max(AuditEvent.at)).where(AuditEvent.tag == RUN_TAG))
    return min(clock.local(last).date(), day) if last else day - timedelta(days=1)


def _people_due(session: Session, day: date) -> list[int]:
    """Return the people of whom a level in force, verified or claimed, has ended."""
    claimed = select(LevelRecord.id).where(LevelRecord.valid_until < day)
    return list(
        session.scalars(
            select(LevelInForce.employee_id)
            .where(
                or_(
                    LevelInForce.valid_until < day,
                    LevelInForce.claimed_record_id.in_(claimed),
                )
            )
            .distinct()
            .order_by(LevelInForce.employee_id)
        )
    )


def passed_leads(session: Session, *, since: date, day: date) -> list[Ending]:
    """Return the levels whose end came within a lead time after `since`, up to the day.

    A level that passed several leads is named with the shortest.
    """
    rows = session.execute(
        select(
            LevelInForce.employee_id,
            Employee.supervisor_id,
            Competency.name,
            LevelInForce.verified_level,
            LevelInForce.valid_until,
        )
        .join(Employee, Employee.id == LevelInForce.employee_id)
        .join(Competency, Competency.id == LevelInForce.competency_id)
        .where(
            LevelInForce.valid_until >= day,
            LevelInForce.valid_until <= day + timedelta(days=max(LEADS)),
            LevelInForce.verified_level.is_not(None),
            Employee.employment_state == "active",
        )
        .order_by(LevelInForce.valid_until, LevelInForce.employee_id, Competency.name)
    )
    found = []
    for employee_id, supervisor_id, name, level, until in rows:
        if level is None or until is None:
            continue  # the statement leaves them out
        left, before = (until - day).days, (until - since).days
        passed = [lead for lead in LEADS if left <= lead < before]
        if passed:
            found.append(Ending(employee_id, supervisor_id, name, level, until, min(passed)))
    return found


def _tell_fallen(session: Session, changes: Sequence[LevelChange], day: date) -> None:
    names = _names(session, {change.competency_id for change in changes})
    for change in changes:
        params = {"competency": names[change.competency_id], "level": change.after or 0}
        text = (
            N_("Masa berlaku %(competency)s berakhir; level yang berlaku sekarang %(level)s.")
            if change.after
            else N_("Masa berlaku %(competency)s berakhir; levelnya tidak lagi terverifikasi.")
        )
        notify(
            session,
            employee_id=change.employee_id,
            kind="expiry",
            message=Message(text, params),
            url=f"/profil#kompetensi-{change.competency_id}",
            email=True,
            key=f"fallen:{change.employee_id}:{change.competency_id}:{day.isoformat()}",
        )


def _names(session: Session, ids: set[int]) -> dict[int, str]:
    rows = session.execute(select(Competency.id, Competency.name).where(Competency.id.in_(ids)))
    return {row.id: row.name for row in rows}


def _remind(session: Session, endings: Sequence[Ending], day: date) -> None:
    by_owner: dict[tuple[int, int], list[Ending]] = defaultdict(list)
    by_chief: dict[int, list[Ending]] = defaultdict(list)
    for one in endings:
        by_owner[one.employee_id, one.lead].append(one)
        if one.supervisor_id is not None:
            by_chief[one.supervisor_id].append(one)
    for (employee_id, lead), group in by_owner.items():
        _remind_owner(session, employee_id, lead, group, day)
    for supervisor_id, group in by_chief.items():
        people = len({one.employee_id for one in group})
        text = N_("%(levels)s kompetensi dari %(people)s anggota tim Anda segera berakhir.")
        notify(
            session,
            employee_id=supervisor_id,
            kind="expiry",
            message=Message(text, {"levels": len(group), "people": people}),
            url="/tim?berakhir=1",
            key=f"expiry-team:{day.isoformat()}",
        )
    if endings:
        _tell_officers(session, endings, day)


def _remind_owner(
    session: Session, employee_id: int, lead: int, group: Sequence[Ending], day: date
) -> None:
    first = group[0]
    params: dict[str, object] = {
        "competency": first.competency,
        "level": first.level,
        "days": (first.until - day).days,
        "others": len(group) - 1,
    }
    text = (
        N_("Level %(level)s %(competency)s berakhir %(days)s hari lagi. Unggah bukti baru.")
        if len(group) == 1
        else N_(
            "Level %(level)s %(competency)s berakhir %(days)s hari lagi, dan %(others)s lainnya "
            "menyusul. Unggah bukti baru."
        )
    )
    notify(
        session,
        employee_id=employee_id,
        kind="expiry",
        message=Message(text, params),
        url="/profil#kompetensi",
        email=True,
        key=f"expiry:{lead}:{day.isoformat()}",
    )


def _tell_officers(session: Session, endings: Sequence[Ending], day: date) -> None:
    people = len({one.employee_id for one in endings})
    text = N_("%(levels)s level dari %(people)s pegawai masuk tenggat masa berlaku.")
    for account_id in accounts_holding(session, RoleName.OFFICER):
        notify(
            session,
            account_id=account_id,
            kind="expiry",
            message=Message(text, {"levels": len(endings), "people": people}),
            url="/tim?berakhir=1",
            email=True,
            key=f"expiry-digest:{day.isoformat()}",
        )
