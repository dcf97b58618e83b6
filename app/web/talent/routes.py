"""The nine boxes: the grid, its people, what a box rests on, one's own box."""

from typing import Any

from flask import Blueprint, Response, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from app.core import clock
from app.core.actor import RoleName
from app.core.db import db, transaction
from app.core.errors import DomainError, NotFound
from app.core.permissions import Permission as P
from app.web.access import audit_read, can, check, current_actor, requires
from app.web.i18n import render
from app.web.listing import ExportColumn, export, listing
from app.web.talent import presenters, words
from matching.box_rules import Method, climbs
from matching.models import TalentAssessment
from matching.queries import talent as queries
from matching.services.process_rules import process_rules
from matching.services.talent_box import find_method, method_used, methods
from matching.services.talent_jobs import start_compute
from skills.queries.organisation import opd_in_force
from skills.services.reference_load import reference_rows

bp = Blueprint("talent", __name__, url_prefix="/talenta")


def helpers() -> dict[str, Any]:
    """Return the words that the pages of boxes share."""
    return {
        "method_name": words.method_name,
        "performance_words": words.performance_words(),
        "potential_words": words.potential_words(),
        "part_words": words.part_words(),
        "readiness_words": words.readiness_words(),
        "url_of": presenters.url_of,
        "period_tabs": presenters.period_tabs,
        "move_events": presenters.move_events,
        "box_options": presenters.box_options(),
    }


bp.context_processor(helpers)


def own_reach() -> frozenset[int] | None:
    """Return the OPD whose boxes the actor reads, None for the whole city."""
    actor = current_actor()
    if actor.has(RoleName.OFFICER, RoleName.EXECUTIVE, RoleName.AUDITOR):
        return None
    return actor.opd_ids(RoleName.OPD_MANAGER)


def chosen_method() -> Method:
    """Return the method in the address, the default one for an unknown code."""
    session, code = db.session(), request.args.get("cara")
    known = {method.code for method in methods(session)}
    return find_method(session, code if code in known else None)


def chosen_filter(method: Method, years: list[int]) -> queries.BoxFilter:
    """Return the assessments that the address asks for, within the actor's reach."""
    period = request.args.get("periode", type=int)
    box = request.args.get("kotak", type=int)
    reach, opd = own_reach(), request.args.get("opd", type=int)
    if opd and (reach is None or opd in reach):
        reach = frozenset({opd})
    return queries.BoxFilter(
        period=period if period in years else (years[0] if years else clock.today().year - 1),
        method_code=method.code,
        opd_ids=reach,
        box=box if box in range(10) else None,
    )


@bp.get("")
@requires(P.TALENT_READ)
def index() -> str:
    """Show the grid of a period and method; a chosen box lists its people below."""
    session, method = db.session(), chosen_method()
    years = queries.periods(session)
    wanted = chosen_filter(method, years)
    everybody = wanted.anywhere()
    page = None
    if wanted.box is not None:
        statement = queries.people_statement(wanted)
        page = listing(session, statement, sorts=queries.people_sorts(), default="-potensial")
        audit_read("matching:talent:list", [row.employee_id for row in page.rows], box=wanted.box)
    figures, computed = queries.cells(session, everybody), queries.computed_at(session, everybody)
    # The grid and its cuts are those the boxes were computed with, not those in force today.
    then = method_used(session, method.code, at=computed) if computed else method
    return render_template(
        "talent/index.html",
        method=then,
        behind=not then.computes_as(method),
        years=years,
        **presenters.choices(methods(session), years or [wanted.period]),
        filters=wanted,
        page=page,
        rows=presenters.grid(session, then, figures, queries.spots(session, everybody)),
        figures=figures,
        total=sum(cell.count for cell in figures.values()),
        computed=computed,
        third=request.args.get("sumbu") == "kualifikasi",
        opd_options=opd_options(),
        confidence=words.confidence_words(),
    )


def opd_options() -> list[tuple[int, str]]:
    """Return the OPD that the actor may choose among."""
    reach = own_reach()
    return [
        (row.id, row.short_name)
        for row in opd_in_force(db.session())
        if reach is None or row.id in reach
    ]


@bp.get("/unduh.xlsx")
@requires(P.TALENT_READ)
def download() -> Response:
    """Give the people of the grid, or of the chosen box, as a workbook."""
    session, method = db.session(), chosen_method()
    wanted = chosen_filter(method, queries.periods(session))
    statement = queries.people_statement(wanted)
    ids = queries.people_ids(session, wanted)
    audit_read("matching:talent:export", ids, period=wanted.period, method=method.code)
    return export(
        session,
        statement,
        _columns(),
        sorts=queries.people_sorts(),
        default="nama",
        name=f"kotak-talenta-{wanted.period}",
    )


def _columns() -> list[ExportColumn]:
    return [
        ExportColumn(_("Nama"), lambda row: row.employee.display_name, width=34),
        ExportColumn(_("Perangkat daerah"), lambda row: row.employee.opd.name, width=36),
        ExportColumn(_("Kinerja"), lambda row: _rounded(row.performance)),
        ExportColumn(_("Potensial"), lambda row: _rounded(row.potential)),
        ExportColumn(_("Kualifikasi dan kompetensi"), lambda row: _rounded(row.qualification)),
        ExportColumn(_("Kotak dihitung"), lambda row: row.box),
        ExportColumn(_("Kotak setelah kalibrasi"), lambda row: row.box_in_force),
        ExportColumn(
            _("Kotak yang mungkin"),
            lambda row: ", ".join(str(box) for box in row.possible_boxes),
        ),
        ExportColumn(_("Cara penilaian"), lambda row: row.method_code),
    ]


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(value, 1)


@bp.post("/hitung")
@requires(P.TALENT_MANAGE)
def compute() -> Any:
    """Start the job that computes a period by a method."""
    form = request.form
    try:
        with transaction(current_actor()) as session:
            job_id = start_compute(
                session,
                actor=current_actor(),
                period=form.get("periode", 0, type=int),
                method_code=form.get("cara", ""),
            )
    except DomainError as error:
        flash(render(error.message), "danger")
        return redirect(url_for(".index"), 303)
    return redirect(url_for("jobs.show", job_id=job_id), 303)


@bp.get("/<int:assessment_id>")
@requires(P.TALENT_READ)
def person(assessment_id: int) -> str:
    """Show what the box of a person rests on, its moves, and what would lead further."""
    row = assessment_or_404(assessment_id)
    audit_read("matching:talent:read", [row.employee_id], row)
    return render_template("talent/person.html", **facts_of(row), own=False)


def assessment_or_404(assessment_id: int, permission: P = P.TALENT_READ) -> TalentAssessment:
    """Return an assessment that the signed-in person may do this to.

    Raises:
        NotFound: there is none, or not for this person.
    """
    row = queries.find_assessment(db.session(), assessment_id)
    if row is None:
        raise NotFound
    check(permission, row)
    return row


def facts_of(row: TalentAssessment) -> dict[str, Any]:
    """Return what the page of one box shows."""
    session = db.session()
    method = method_used(session, row.method_code, at=row.computed_at)
    least_known = process_rules(session, at=row.computed_at).box.least_known
    told = {
        int(item["box"]): words.treatments(item)
        for item in reference_rows(session, "nine_box")
        if item["numbering"] == method.numbering
    }
    return {
        "row": row,
        "method": method,
        "rows": presenters.grid(session, method, {}),
        "treatments": told.get(row.box_in_force or 0, []),
        "axes": {
            axis: presenters.contributions(
                presenters.parts_of(row.parts, axis), words.part_words(), words.part_note
            )
            for axis in ("performance", "potential")
        },
        "climbs": {
            axis: climbs(presenters.parts_of(row.parts, axis), method, least_known)
            for axis in ("performance", "potential")
            if axis == "potential" or not method.from_predicate
        },
        "moves": queries.moves_of(session, row.id),
        "meetings": [
            item
            for item in queries.meetings(session, period=row.period, method_code=row.method_code)
            if item.state == "open"
        ]
        if can(P.TALENT_MANAGE)
        else [],
        "others": [
            item for item in queries.assessments_of(session, row.employee_id) if item.id != row.id
        ],
    }
