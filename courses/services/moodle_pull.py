"""The job that asks a Moodle site for completions; what it brings is checked, then applied."""

from collections import Counter
from collections.abc import Mapping
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session as DbSession

from app.core.actor import Actor
from app.core.db import db
from app.core.errors import InvalidInput, NotFound
from app.core.i18n import N_, Message
from app.core.jobs.context import JobContext
from app.core.jobs.models import OPEN, Job
from app.core.jobs.registry import job_kind
from app.core.jobs.services import enqueue
from courses.models import Course, LearningImport
from courses.outside_rules import Completion
from courses.services.moodle import (
    Asked,
    MoodleRefusal,
    MoodleSite,
    completion_of_user,
    configured_site,
    users_to_ask,
)
from courses.services.outside_import import KNOWN, MOST_ROWS, NEW, REFUSED, UNKNOWN, keep_check

PULL = "courses.moodle_pull"
_COUNTED = {
    NEW: N_("Baru"),
    KNOWN: N_("Sudah tercatat"),
    UNKNOWN: N_("Orang tidak dikenal"),
    REFUSED: N_("Ditolak"),
}


def start_pull(session: DbSession, *, actor: Actor) -> Job:
    """Start the job; while one waits or runs, that one is returned.

    Raises:
        NotFound: no Moodle is set.
    """
    site = configured_site()
    if site is None:
        raise NotFound
    running = session.scalar(
        select(Job).where(Job.kind == PULL, Job.state.in_(OPEN)).order_by(Job.id).limit(1)
    )
    if running is not None:
        return running
    last = session.scalar(select(LearningImport.id).order_by(LearningImport.id.desc()).limit(1))
    return enqueue(
        session,
        kind=PULL,
        title=Message(N_("Mengambil penyelesaian dari Moodle %(host)s"), {"host": site.host}),
        actor=actor,
        key=f"{PULL}:{last or 0}",  # two clicks at once start one job
    )


@job_kind(PULL, timeout=1800)
def _pull(context: JobContext) -> dict[str, Any]:
    """Ask about every user, then keep the check in one transaction.

    Nothing is written before that, so a run that was killed starts anew; one that was killed
    after it finds what it kept.
    """
    kept = _kept(db.session(), context.job_id)
    if kept is not None:
        return kept
    site = configured_site()
    if site is None:
        raise NotFound
    found = read_completions(context, site, _catalogue(db.session()))
    with context.transaction() as session:
        keep_check(
            session,
            actor=context.actor,
            source="moodle",
            name=site.host,
            found=found,
            job_id=context.job_id,
        )
    return _kept(db.session(), context.job_id) or {}


def _catalogue(session: DbSession) -> Mapping[str, Course]:
    rows = session.scalars(
        select(Course).where(Course.state == "in_force").order_by(Course.version)
    ).all()
    found = {row.code: row for row in rows}
    for row in rows:  # the progress ends the transaction they were read in
        session.expunge(row)
    return found


def read_completions(
    context: JobContext, site: MoodleSite, courses: Mapping[str, Course]
) -> list[tuple[int, Completion | InvalidInput]]:
    """Ask about every user; return line and completion, or what is wrong with it.

    A course that Moodle refuses to tell about is said once and passed over.
    """
    asked = []
    for one in users_to_ask(site, courses):
        context.raise_if_cancelled()
        asked.append(one)
    found: list[tuple[int, Completion | InvalidInput]] = []
    refused: set[int] = set()
    for done, one in enumerate(asked, start=1):
        context.raise_if_cancelled()
        context.progress(done, len(asked))
        if one.moodle_id in refused:
            continue
        result = _told(site, one, refused)
        if result is not None:
            found.append((len(found) + 1, result))
        if len(found) >= MOST_ROWS:
            break
    return found


def _told(site: MoodleSite, one: Asked, refused: set[int]) -> Completion | InvalidInput | None:
    try:
        return completion_of_user(site, one)
    except MoodleRefusal as error:
        refused.add(one.moodle_id)
        title = one.course.title if one.course is not None else ""
        text = N_("Kursus Moodle “%(name)s” dilewati. %(why)s")
        return InvalidInput(Message(text, {"name": title, "why": error.message}))


def _kept(session: DbSession, job_id: int) -> dict[str, Any] | None:
    """Return the result of a job that has kept its check, or None."""
    batch = session.scalar(select(LearningImport).where(LearningImport.job_id == job_id))
    if batch is None:
        return None
    counted = Counter(row["verdict"] for row in batch.rows)
    return {
        "url": f"/jp/impor/{batch.id}",
        "url_label": N_("Periksa dan terapkan"),
        "message": Message(
            N_("%(rows)s penyelesaian dibaca. Belum ada yang ditulis: periksa, lalu terapkan."),
            {"rows": len(batch.rows)},
        ),
        "counts": {label: counted[key] for key, label in _COUNTED.items()},
    }
