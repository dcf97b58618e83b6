"""Scenarios: set constraints, solve all seats at once, compare, and propose."""

from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from app.core.db import db, transaction
from app.core.errors import DomainError, NotFound, Stale
from app.core.permissions import Permission as P
from app.web.access import audit_read, current_actor, requires
from app.web.i18n import render
from app.web.scenarios import presenters
from app.web.scenarios.flow_map import flow_map
from app.web.scenarios.forms import ProposalForm, ScenarioForm
from matching.models import AssignmentScenario
from matching.queries.scenarios import find_scenarios, locked_pairs, scenarios
from matching.services.process_rules import process_rules
from matching.services.scenario_proposals import propose
from matching.services.scenarios import delete_scenario, solve_scenario

bp = Blueprint("scenarios", __name__)
MOST_COMPARED = 4


@bp.get("/skenario")
@requires(P.SCENARIO_READ)
def index() -> str:
    """List the scenarios, with the form for a new one; `dari` takes over those of another."""
    found = find_scenarios(db.session(), [request.args.get("dari", 0, type=int)])
    usual = process_rules(db.session()).scenario_least_fit
    return _index(ScenarioForm.like(found[0]) if found else ScenarioForm(least_fit=usual))


def _index(form: ScenarioForm) -> str:
    return render_template(
        "scenarios/index.html",
        form=form,
        rows=scenarios(db.session()),
        states=presenters.state_words(),
    )


@bp.post("/skenario")
@requires(P.SCENARIO_MANAGE)
def solve() -> Any:
    """Solve a scenario and keep it."""
    form = ScenarioForm()
    if not form.validate_on_submit():
        return _index(form), 422
    try:
        with transaction(current_actor()) as session:
            pairs = locked_pairs(session, form.locked.data or "")
            scenario = solve_scenario(
                session, actor=current_actor(), name=form.name.data, settings=form.settings(pairs)
            )
            scenario_id = scenario.id
    except DomainError as error:
        form.refuse(error)
        return _index(form), 422
    return redirect(url_for(".show", scenario_id=scenario_id), 303)


@bp.get("/skenario/<int:scenario_id>")
@requires(P.SCENARIO_READ)
def show(scenario_id: int) -> str:
    """Show the answer: gain, price of each constraint, who moves where."""
    scenario = _scenario(scenario_id)
    session = db.session()
    shown = [key for row in scenario.rows for key in (row.employee_id, row.backup_id) if key]
    if shown:
        audit_read("matching:scenario:read", shown, subject=scenario)
    pairs = presenters.moves(scenario.rows)
    return render_template(
        "scenarios/show.html",
        scenario=scenario,
        figures=scenario.figures,
        settings=presenters.settings_rows(scenario.settings),
        words=presenters.constraint_words(),
        states=presenters.state_words(),
        ways=presenters.ways_out(session, scenario),
        gain=presenters.gain_words(scenario.figures) if scenario.rows else "",
        matrix=presenters.matrix(pairs),
        map=flow_map(pairs, focus=request.args.get("sorot")),
        form=ProposalForm(),
    )


@bp.post("/skenario/<int:scenario_id>/usulan")
@requires(P.SCENARIO_MANAGE)
def make_proposals(scenario_id: int) -> Any:
    """Put the people of the ticked places on the shortlists of their seats."""
    form = ProposalForm()
    back = redirect(url_for(".show", scenario_id=scenario_id), 303)
    if not form.validate_on_submit():
        flash(_("Pilih paling sedikit satu kursi dan isi alasannya."), "danger")
        return back
    try:
        with transaction(current_actor()) as session:
            made = propose(
                session,
                actor=current_actor(),
                scenario=_scenario(scenario_id),
                numbers=set(form.numbers.data or ()),
                reason=form.reason.data,
                expected_version=_version(),
            )
            notes = [f"{row.seat.code}: {render(why)}" for row, why in made.skipped]
    except DomainError as error:
        if isinstance(error, (NotFound, Stale)):
            raise
        flash(render(error.message), "danger")
        return back
    flash(_("%(count)s orang masuk daftar pendek.", count=made.added), "success")
    if notes:
        flash(_("Tidak diusulkan: %(notes)s", notes="; ".join(notes)), "warning")
    return back


@bp.post("/skenario/<int:scenario_id>/hapus")
@requires(P.SCENARIO_MANAGE)
def delete(scenario_id: int) -> Any:
    """Delete a scenario that has not become proposals."""
    try:
        with transaction(current_actor()) as session:
            delete_scenario(session, scenario=_scenario(scenario_id), expected_version=_version())
    except DomainError as error:
        if isinstance(error, (NotFound, Stale)):
            raise
        flash(render(error.message), "danger")
    else:
        flash(_("Skenario dihapus."), "success")
    return redirect(url_for(".index"), 303)


@bp.get("/skenario/banding")
@requires(P.SCENARIO_READ)
def compare() -> Any:
    """Show up to four scenarios side by side."""
    ids = request.args.getlist("id", type=int)[:MOST_COMPARED]
    found = find_scenarios(db.session(), ids)
    if len(found) < 2:
        flash(_("Pilih paling sedikit dua skenario."), "warning")
        return redirect(url_for(".index"), 303)
    lines = presenters.comparison(found)
    shown = [row.employee_id for line in lines for row in line["rows"] if row and row.employee_id]
    if shown:
        audit_read("matching:scenario:read", shown, compared=[item.id for item in found])
    return render_template(
        "scenarios/compare.html",
        found=found,
        lines=lines,
        settings=[presenters.settings_rows(item.settings) for item in found],
        states=presenters.state_words(),
    )


def _version() -> int:
    """Return the version that the form showed; a form without one is a stale form."""
    return request.form.get("version", 0, type=int)


def _scenario(scenario_id: int) -> AssignmentScenario:
    found = find_scenarios(db.session(), [scenario_id])
    if not found:
        raise NotFound
    return found[0]
