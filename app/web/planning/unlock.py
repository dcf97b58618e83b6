"""Which competency, taught to how many, unlocks the most vacant seats within money and hours."""

from flask import render_template, request

from app.core.db import db
from app.core.permissions import Permission as P
from app.web.access import audit_read, can, requires
from app.web.planning.site import bp
from courses.queries.need_overview import competencies_by_id
from courses.services.unlock_seats import UnlockReport, fits_to_choose, unlock_report
from skills.queries.people import people_by_id

BUDGET, HOURS, MOST = 100_000_000, 2_000, 10**12  # what the form starts with, and its bound


@bp.get("/kebutuhan/kursi")
@requires(P.PLAN_READ)
def unlocking() -> str:
    """Rank trainings by the vacant seats they unlock; the names only for who plans."""
    budget, hours = _number("anggaran", BUDGET), _number("jam", HOURS)
    single = request.args.get("cara") != "pelatihan"
    fits = fits_to_choose(db.session())
    wanted = request.args.get("kesesuaian", fits[0], type=float)
    fit = wanted if wanted in fits else fits[0]
    report = unlock_report(db.session(), budget=budget, hours=hours, single=single, least_fit=fit)
    names = _names(report) if can(P.PLAN_MANAGE) else {}
    return render_template(
        "planning/unlock.html",
        report=report,
        budget=budget,
        hours=hours,
        single=single,
        fit=fit,
        fits=fits,
        names=names,
        competencies=competencies_by_id(db.session()),
    )


def _number(name: str, default: int) -> int:
    value = request.args.get(name, default, type=int)
    return min(max(0, value), MOST)


def _names(report: UnlockReport) -> dict[int, str]:
    ids = {person for row in (*report.ranked[:10], *report.steps) for person in row.trained}
    if ids:
        audit_read("courses:need:read", sorted(ids))
    return {row.id: row.display_name for row in people_by_id(db.session(), sorted(ids))}
