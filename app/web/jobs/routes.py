"""List, progress and steering of background jobs."""

from functools import partial
from typing import Any

from flask import Blueprint, Response, flash, redirect, render_template, request, send_file, url_for
from flask_babel import gettext as _

from app.core.db import db, transaction
from app.core.errors import NotFound
from app.core.jobs import queries, services
from app.core.jobs.models import ItemState, Job, JobState
from app.core.permissions import Permission
from app.web.access import can, check, current_actor, requires
from app.web.jobs.report import STATE_WORDS, outcome_of, write_report

bp = Blueprint("jobs", __name__, url_prefix="/pekerjaan")


@bp.get("")
@requires(Permission.JOB_READ)
def index() -> str:
    """Show the jobs of the person, or of all for who may see them."""
    everything = can(Permission.JOB_READ, _SOMEBODY_ELSES)
    actor = current_actor()
    mine = request.args.get("milik") == "saya" or not everything
    page = queries.list_jobs(
        db.session(),
        account_id=actor.account_id if mine else None,
        state=_chosen(JobState),
        page=_page_number(),
    )
    return render_template(
        "jobs/index.html",
        page=page,
        everything=everything,
        mine=mine,
        state_words=STATE_WORDS,
        states=[(state.value, STATE_WORDS[state]) for state in JobState],
    )


@bp.get("/<int:job_id>")
@requires(Permission.JOB_READ)
def show(job_id: int) -> str:
    """Show one job: progress while it runs, then the report."""
    job = _readable(job_id)
    session = db.session()
    items = queries.list_items(
        session, job_id=job_id, state=_chosen(ItemState), page=_page_number()
    )
    return render_template(
        "jobs/show.html",
        job=job,
        progress=services.progress(job),
        items=items,
        item_tabs=_item_tabs(job_id, queries.count_items(session, job_id=job_id)),
        creator=queries.creator_name(session, job),
        outcome=outcome_of(job),
        state_words=STATE_WORDS,
        may_steer=can(Permission.JOB_MANAGE, job),
        may_retry=services.can_retry(job),
    )


@bp.get("/<int:job_id>/kemajuan")
@requires(Permission.JOB_READ)
def advance(job_id: int) -> Any:
    """Answer the polling of the page; at the end ask it to load the report."""
    job = _readable(job_id)
    if not job.is_open:
        return Response(headers={"HX-Refresh": "true"})
    return render_template(
        "jobs/_progress.html",
        job=job,
        progress=services.progress(job),
        may_steer=can(Permission.JOB_MANAGE, job),
    )


@bp.post("/<int:job_id>/batalkan")
@requires(Permission.JOB_MANAGE)
def cancel(job_id: int) -> Any:
    """Ask a job to end."""
    _steerable(job_id)
    with transaction(current_actor()) as session:
        job = services.cancel(session, job_id=job_id, actor=current_actor())
        ended = job.state == JobState.CANCELLED
    words = _("Pekerjaan dibatalkan.") if ended else _("Pekerjaan berhenti setelah bagian ini.")
    flash(words, "success")
    return redirect(url_for("jobs.show", job_id=job_id), 303)


@bp.post("/<int:job_id>/ulangi")
@requires(Permission.JOB_MANAGE)
def retry(job_id: int) -> Any:
    """Start again what failed or was cancelled."""
    _steerable(job_id)
    with transaction(current_actor()) as session:
        services.retry(session, job_id=job_id, actor=current_actor())
    flash(_("Pekerjaan dijalankan lagi untuk bagian yang belum berhasil."), "success")
    return redirect(url_for("jobs.show", job_id=job_id), 303)


@bp.get("/<int:job_id>/laporan.xlsx")
@requires(Permission.JOB_READ)
def report(job_id: int) -> Any:
    """Give the report of a job as a workbook."""
    job = _readable(job_id)
    return send_file(
        write_report(db.session(), job),
        mimetype="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        as_attachment=True,
        download_name=f"pekerjaan-{job_id}.xlsx",
    )


def _item_tabs(job_id: int, counts: dict[str, int]) -> list[dict[str, Any]]:
    chosen = _chosen(ItemState)
    address = partial(url_for, "jobs.show", job_id=job_id)
    every = {"label": _("Semua"), "url": address(), "active": chosen is None}
    return [every | {"count": sum(counts.values())}] * bool(counts) + [
        {
            "label": STATE_WORDS[state],
            "url": address(status=state),
            "active": state == chosen,
            "count": number,
        }
        for state, number in counts.items()
    ]


class _SomebodyElses:
    """A job of nobody: who may read it may read all."""

    created_by_id = 0


_SOMEBODY_ELSES = _SomebodyElses()


def _readable(job_id: int) -> Job:
    job = queries.find_job(db.session(), job_id)
    if job is None:
        raise NotFound
    check(Permission.JOB_READ, job)
    return job


def _steerable(job_id: int) -> None:
    check(Permission.JOB_MANAGE, _readable(job_id))


def _chosen(states: type[JobState] | type[ItemState]) -> str | None:
    wanted = request.args.get("status", "")
    return wanted if wanted in set(states) else None


def _page_number() -> int:
    return max(1, request.args.get("halaman", 1, type=int))
