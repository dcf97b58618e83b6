"""Seats of a session: quotas of the OPD, fair allocation with a preview, and one's own reason."""

from datetime import date
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from app.core import clock
from app.core.db import db, transaction
from app.core.errors import DomainError, InvalidInput, NotFound
from app.core.i18n import N_
from app.core.permissions import Permission as P
from app.web.access import audit_read, current_actor, requires
from app.web.i18n import render
from app.web.training_sessions.board import back_to, bp, changed, found
from courses.models import Session
from courses.queries.board import allocated_people, figures_of, own_enrolments
from courses.services.allocation import apply_allocation, plan_allocation, reason_words
from courses.services.seats import quotas_of, set_quotas
from skills.queries.organisation import opd_in_force

_SEATS = "/pelatihan/sesi/<int:session_id>/kursi"


@bp.get(_SEATS)
@requires(P.SESSION_MANAGE)
def seats(session_id: int) -> str:
    """Show the quotas and, where seats are shared out, who would get one and why."""
    run, session = found(session_id, P.SESSION_MANAGE), db.session()
    return render_template(
        "training_sessions/seats.html",
        run=run,
        tab="kursi",
        figures=figures_of(session, [run.id])[run.id],
        quotas=quotas_of(session, run),
        offices=opd_in_force(session),
        open_until=run.registration_closes
        if run.registration_closes and clock.today() <= run.registration_closes
        else None,
        **_shared(run),
    )


def _shared(run: Session) -> dict[str, Any]:
    session = db.session()
    if run.seat_method != "fair":
        return {"plan": None, "result": ()}
    if run.allocated_at is not None:
        result = allocated_people(session, session_id=run.id)
        audit_read("courses:allocation:read", [row.employee_id for row in result], subject=run)
        return {"plan": None, "result": result}
    plan = plan_allocation(session, run=run)
    audit_read("courses:allocation:preview", list(plan.rows), subject=run)
    return {"plan": plan, "result": ()}


@bp.post(f"{_SEATS}/kuota")
@requires(P.SESSION_MANAGE)
def save_quotas(session_id: int) -> Any:
    """Write the quotas; an empty field takes the limit of an OPD away."""

    def change(session: Any, run: Session) -> None:
        numbers = {
            int(name.removeprefix("kuota-")): value
            for name, text in request.form.items()
            if name.startswith("kuota-")
            and name.removeprefix("kuota-").isdigit()
            and (value := _whole(text)) is not None
        }
        extra, seats_of_extra = request.form.get("opd", type=int), _whole(request.form.get("kursi"))
        if extra and seats_of_extra is not None:
            numbers[extra] = seats_of_extra
        set_quotas(session, run=run, seats=numbers, default=_whole(request.form.get("lainnya")))

    return changed(session_id, change, _("Kuota tersimpan."), ".seats")


def _whole(text: str | None) -> int | None:
    if not text or not text.strip():
        return None
    if not text.strip().isdigit() or len(text.strip()) > 5:
        raise InvalidInput(N_("Isi dengan bilangan bulat."))
    return int(text)


@bp.post(f"{_SEATS}/bagi")
@requires(P.SESSION_MANAGE)
def allocate_seats(session_id: int) -> Any:
    """Give the seats as previewed; a preview that no longer holds is refused."""
    try:
        with transaction(current_actor()) as session:
            plan = apply_allocation(
                session,
                run=found(session_id, P.SESSION_MANAGE),
                digest=request.form.get("tanda", ""),
            )
            counts = (plan.seated, len(plan.outcomes) - plan.seated)
    except DomainError as error:
        if isinstance(error, NotFound):
            raise
        flash(render(error.message), "danger")
        return back_to(session_id, ".seats")
    told = _(
        "%(seated)s orang mendapat kursi, %(rest)s orang menerima alasannya.",
        seated=counts[0],
        rest=counts[1],
    )
    flash(told, "success")
    return back_to(session_id, ".seats")


@bp.get("/pelatihan/sesi/<int:session_id>/pembagian/saya")
@requires(P.ENROLMENT_OWN)
def own_reason(session_id: int) -> Any:
    """Tell a person why there was a seat or none, and how anybody can recompute it."""
    run, session = found(session_id), db.session()
    number = current_actor().employee_id or 0
    mine = own_enrolments(session, employee_id=number, session_ids=[run.id]).get(run.id)
    if run.seat_method != "fair" or mine is None:
        raise NotFound
    if not mine.allocation:
        return redirect(url_for(".show", session_id=session_id), 303)
    return render_template(
        "training_sessions/own_reason.html",
        run=run,
        mine=mine,
        number=number,
        reason=reason_words(mine.allocation),
        applicants=len(allocated_people(session, session_id=run.id)),
    )


bp.app_template_filter("allocation_words")(lambda facts: render(reason_words(facts)))
bp.app_template_filter("iso_day")(lambda text: date.fromisoformat(text) if text else None)
bp.app_template_filter("opd_option")(lambda row: (row.id, row.name))
