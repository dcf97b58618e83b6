"""Reading jobs for lists and reports."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from sqlalchemy import func, select

from app.core.accounts.models import Account
from app.core.db import AnySession
from app.core.jobs.models import ItemState, Job, JobItem

T = TypeVar("T")


@dataclass(frozen=True)
class Page(Generic[T]):
    """One page of rows; fields as the pagination component reads them."""

    items: Sequence[T]
    page: int
    per_page: int
    total: int

    @property
    def pages(self) -> int:
        """Number of pages, at least one."""
        return max(1, -(-self.total // self.per_page))


@dataclass(frozen=True)
class JobRow:
    """A job with the name of who started it."""

    job: Job
    creator: str | None


def find_job(session: AnySession, job_id: int) -> Job | None:
    """Return a job, or None."""
    return session.get(Job, job_id)


def list_jobs(
    session: AnySession,
    *,
    account_id: int | None,
    state: str | None = None,
    page: int = 1,
    size: int = 25,
) -> Page[JobRow]:
    """Return jobs, newest first.

    Args:
        account_id: only those started by this account; None for all.
        state: only those in this state.
        page: from 1. size: rows on a page.
    """
    wanted = []
    if account_id is not None:
        wanted.append(Job.created_by_id == account_id)
    if state is not None:
        wanted.append(Job.state == state)
    total = session.scalar(select(func.count()).select_from(Job).where(*wanted)) or 0
    rows = session.execute(
        select(Job, Account.name)
        .outerjoin(Account, Account.id == Job.created_by_id)
        .where(*wanted)
        .order_by(Job.created_at.desc(), Job.id.desc())
        .limit(size)
        .offset((page - 1) * size)
    )
    return Page([JobRow(job, name) for job, name in rows], page, size, total)


def list_items(
    session: AnySession, *, job_id: int, state: str | None = None, page: int = 1, size: int = 50
) -> Page[JobItem]:
    """Return the items of a job in their order."""
    wanted = [JobItem.job_id == job_id]
    if state is not None:
        wanted.append(JobItem.state == state)
    total = session.scalar(select(func.count()).select_from(JobItem).where(*wanted)) or 0
    rows = session.scalars(
        select(JobItem)
        .where(*wanted)
        .order_by(JobItem.position)
        .limit(size)
        .offset((page - 1) * size)
    ).all()
    return Page(rows, page, size, total)


def all_items(session: AnySession, *, job_id: int, batch: int = 1000) -> Iterator[JobItem]:
    """Yield every item of a job in its order, with flat memory."""
    last = 0
    while True:
        rows = session.scalars(
            select(JobItem)
            .where(JobItem.job_id == job_id, JobItem.position > last)
            .order_by(JobItem.position)
            .limit(batch)
        ).all()
        if not rows:
            return
        last = rows[-1].position
        yield from rows
        session.expunge_all()


def count_items(session: AnySession, *, job_id: int) -> dict[str, int]:
    """Return how many items of a job are in each state; states without items are left out."""
    rows = session.execute(
        select(JobItem.state, func.count()).where(JobItem.job_id == job_id).group_by(JobItem.state)
    )
    found = {row[0]: row[1] for row in rows}
    return {state.value: found[state] for state in ItemState if state in found}


def creator_name(session: AnySession, job: Job) -> str | None:
    """Return the name of who started a job; None for the system."""
    if job.created_by_id is None:
        return None
    return session.scalar(select(Account.name).where(Account.id == job.created_by_id))
