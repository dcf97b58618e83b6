"""The boxes of a period as a job, so that a big city sees how far it is."""

from typing import Any

from sqlalchemy.orm import Session

from app.core import clock
from app.core.actor import Actor
from app.core.errors import InvalidInput
from app.core.i18n import N_, Message
from app.core.jobs.context import JobContext
from app.core.jobs.registry import job_kind
from app.core.jobs.services import enqueue
from matching.services.talent_box import compute_period, find_method

COMPUTE = "matching.talent"


def start_compute(session: Session, *, actor: Actor, period: int, method_code: str) -> int:
    """Start computing the boxes of a year by a method; return the id of the job.

    Raises:
        InvalidInput: no such method, or a year that has not begun.
    """
    method = find_method(session, method_code)
    if not 2000 <= period <= clock.today().year:
        raise InvalidInput(N_("Periode tidak sah."), field="period")
    job = enqueue(
        session,
        kind=COMPUTE,
        title=Message(N_("Hitung kotak talenta %(period)s"), {"period": period}),
        actor=actor,
        params={"period": period, "method": method.code},
    )
    return job.id


@job_kind(COMPUTE, timeout=1800)
def run_compute(context: JobContext) -> dict[str, Any]:
    """Compute everybody in one transaction: running it twice writes the same boxes."""
    period, method = int(context.params["period"]), str(context.params["method"])
    with context.transaction() as session:
        count = compute_period(session, actor=context.actor, period=period, method_code=method)
        context.progress(count, count)
    return {
        "message": Message(N_("Kotak %(count)s orang dihitung."), {"count": count}),
        "url": f"/talenta?periode={period}&cara={method}",
        "url_label": Message(N_("Lihat peta talenta")),
    }
