"""Tell organisers once a day what was handed in and waits for grading; not one notice each."""

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session as DbSession

from app.core import clock
from app.core.accounts.grants import accounts_holding
from app.core.actor import RoleName
from app.core.audit import record
from app.core.i18n import N_, Message
from app.core.jobs.context import JobContext
from app.core.jobs.daily import daily
from app.core.jobs.registry import job_kind
from app.core.notifications.models import Notification
from app.core.notifications.services import notify
from courses.enums import SessionState
from courses.models import Assignment, Session, Submission

DIGEST = "courses.hand_ins"
BOARD = "/pelatihan/sesi"
_KEY = "hand_ins:"


@dataclass
class _Waiting:
    """What waits for one organiser: the assignments, and when each hand-in came."""

    assignments: set[int] = field(default_factory=set)
    moments: list[datetime] = field(default_factory=list)


@job_kind(DIGEST, timeout=300)
def tell_daily(context: JobContext) -> dict[str, Any]:
    """Tell whoever has something new to grade; telling again on the same day changes nothing."""
    with context.transaction() as session:
        count = tell_organisers(session, day=clock.today())
    return {"message": Message(N_("%(count)s penyelenggara diberi tahu."), {"count": count})}


daily(DIGEST, N_("Ringkasan tugas yang menunggu dinilai"))


def tell_organisers(session: DbSession, *, day: date) -> int:
    """Write one notice for each organiser with new hand-ins; return how many are new.

    New is what came after the organiser's last notice of this kind, however many days ago that
    was: a platform that was silent for a while leaves nothing out.
    """
    told, count = _last_told(session), 0
    for account_id, waiting in sorted(_by_receiver(session).items()):
        last = told.get(account_id)
        fresh = sum(1 for moment in waiting.moments if last is None or moment > last)
        if fresh:
            count += _tell(session, account_id, waiting, fresh, day)
    if count:
        record(session, "courses:submission:digest", None, receivers=count)
    return count


def _tell(session: DbSession, account_id: int, waiting: _Waiting, fresh: int, day: date) -> int:
    only = next(iter(waiting.assignments)) if len(waiting.assignments) == 1 else None
    address = f"/pelatihan/tugas/{only}/peserta?status=submitted" if only else BOARD
    facts = {"fresh": fresh, "all": len(waiting.moments), "tasks": len(waiting.assignments)}
    text = N_(
        "%(fresh)s tugas peserta baru dikumpulkan. Yang menunggu dinilai: %(all)s, "
        "dari %(tasks)s tugas."
    )
    notice = notify(
        session,
        account_id=account_id,
        kind="assignment",
        message=Message(text, facts),
        url=address,
        email=True,
        key=f"{_KEY}{day}",
    )
    return int(notice is not None)


def _by_receiver(session: DbSession) -> dict[int, _Waiting]:
    """Return what waits, by the account that set the session up, else by every organiser."""
    organisers = accounts_holding(session, RoleName.ORGANISER)
    found: dict[int, _Waiting] = {}
    rows = session.execute(
        select(Submission.assignment_id, Submission.submitted_at, Session.created_by_id)
        .join(Assignment, Assignment.id == Submission.assignment_id)
        .join(Session, Session.id == Assignment.session_id)
        .where(
            Submission.state == "submitted",
            Session.state.in_((SessionState.OPEN, SessionState.RUNNING)),
        )
        .order_by(Submission.id)
    )
    for assignment_id, moment, owner in rows:
        for account_id in [owner] if owner and owner in organisers else organisers:
            waiting = found.setdefault(account_id, _Waiting())
            waiting.assignments.add(assignment_id)
            waiting.moments.append(moment)
    return found


def _last_told(session: DbSession) -> dict[int, datetime]:
    rows = session.execute(
        select(Notification.account_id, func.max(Notification.created_at))
        .where(Notification.key.startswith(_KEY))
        .group_by(Notification.account_id)
    )
    return {account_id: moment for account_id, moment in rows if moment is not None}
