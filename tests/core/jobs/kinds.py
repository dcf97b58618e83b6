"""Job kinds that only the tests know. Effects go to the table of workers' signs of life."""

import os
import time
from typing import Any

from sqlalchemy.orm import Session

from app.core import clock
from app.core.errors import InvalidInput
from app.core.i18n import N_, Message
from app.core.jobs.context import JobContext
from app.core.jobs.models import Job, JobItem, WorkerHeartbeat
from app.core.jobs.registry import ItemOutcome, item_job_kind, job_kind
from app.core.jobs.services import cancel


def leave_mark(session: Session, name: str) -> None:
    """Write a row that a second run of the same item would write twice: the key is its count."""
    row = session.get(WorkerHeartbeat, name)
    if row is None:
        session.add(WorkerHeartbeat(name=name, seen_at=clock.now(), note="1"))
    else:
        row.note = str(int(row.note or 0) + 1)
    session.flush()


def _finish(session: Session, job: Job) -> dict[str, Any]:
    return {"message": Message(N_("Selesai")), "counts": {"done": job.done}}


@item_job_kind("test.mark", finish=_finish)
def mark(session: Session, job: Job, item: JobItem) -> ItemOutcome:
    """Leave a mark; the payload says how else to behave."""
    leave_mark(session, f"mark:{job.id}:{item.key}")
    time.sleep(item.payload.get("sleep", 0))
    match item.payload.get("behave"):
        case "skip":
            return ItemOutcome("skipped", Message(N_("Sudah ada.")))
        case "refuse":
            raise InvalidInput(Message(N_("Ditolak: %(key)s"), {"key": item.key}))
        case "fault":
            raise RuntimeError("poison")
        case "fault_once" if item.attempts < 2:
            raise RuntimeError("shaky")
        case "memory":
            item.outcome = {"bytes": len(bytearray(4 << 30))}
        case "die":
            os.kill(os.getpid(), 9)
        case "cancel":
            cancel(session, job_id=job.id, actor=session.info["actor"])
    return ItemOutcome("done", data={"key": item.key})


@item_job_kind("test.slow", timeout=1)
def slow(session: Session, job: Job, item: JobItem) -> ItemOutcome:
    """Take as many seconds as the payload says."""
    time.sleep(item.payload["sleep"])
    return ItemOutcome("done")


@job_kind("test.whole")
def whole(context: JobContext) -> dict[str, Any] | None:
    """Leave one mark per step in one transaction, and report progress."""
    steps = context.params["steps"]
    for step in range(steps):
        context.raise_if_cancelled()
        with context.transaction() as session:
            leave_mark(session, f"whole:{context.job_id}:{step}")
            context.progress(step + 1, steps)
        if context.params.get("refuse_at") == step:
            raise InvalidInput(N_("Berkas tidak dapat dibaca."))
        if context.params.get("fault_at") == step:
            raise RuntimeError("fault")
    return {"counts": {"steps": steps}}
