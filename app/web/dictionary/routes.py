"""The competency dictionary: its tree, a framework, a competency with its users, level policies."""

import json
from collections.abc import Sequence
from typing import Any

from flask import (
    Blueprint,
    Response,
    current_app,
    flash,
    redirect,
    render_template,
    request,
    url_for,
)
from flask_babel import gettext as _

from app.core import clock
from app.core.db import db, transaction
from app.core.errors import InvalidInput, NotFound
from app.core.permissions import Permission as P
from app.web.access import audit_read, can, current_actor, requires
from app.web.claims.forms import put_error
from app.web.dictionary.forms import PolicyForm
from app.web.dictionary.step_words import path_lines
from app.web.profile import words
from app.web.standards.words import helpers
from skills.models import Competency, Framework
from skills.queries import frameworks as framework_queries
from skills.queries.dictionary import dictionary_tree, frameworks, full_competency, usage_of
from skills.queries.level_paths import paths_in_force, people_on_paths
from skills.queries.profile import employees_by_id
from skills.rules import LevelPolicy
from skills.services.editions import editions_of
from skills.services.level_policy import (
    PolicyPreview,
    change_policy,
    checked_policy,
    preview_policy,
)

bp = Blueprint("dictionary", __name__)
bp.context_processor(words.helpers)
bp.context_processor(helpers)

SHOWN = 50  # changes listed in a preview; the counts are of all


@bp.get("/kamus")
@requires(P.REFERENCE_READ)
def index() -> str:
    """Show the dictionaries as a tree, narrowed by a word or a framework."""
    session = db.session()
    text = request.args.get("q", "").strip()[:100] or None
    groups = dictionary_tree(session, text=text)
    chosen = request.args.get("kamus", type=int)
    if chosen:
        groups = [group for group in groups if group.framework.id == chosen]
    return render_template(
        "dictionary/index.html",
        groups=groups,
        frameworks=frameworks(session),
        sizes=framework_queries.framework_sizes(session),
        total=sum(len(group.competencies) for group in groups),
    )


@bp.get("/kamus/kerangka/<int:framework_id>")
@requires(P.REFERENCE_READ)
def framework(framework_id: int) -> str:
    """Show a framework: source, time, tree with what is retired, and relations to others."""
    return framework_view(find_framework(framework_id))


def find_framework(framework_id: int) -> Framework:
    """Return a framework.

    Raises:
        NotFound: no such framework.
    """
    found = framework_queries.find_framework(db.session(), framework_id)
    if found is None:
        raise NotFound
    return found


def framework_view(row: Framework, errors: Sequence[tuple[str, str | None]] = ()) -> str:
    """Return the page of a framework."""
    return render_template(
        "dictionary/framework.html",
        row=row,
        page=framework_queries.framework_page(db.session(), row),
        manages=can(P.REFERENCE_MANAGE),
        errors=errors,
    )


@bp.get("/kamus/kerangka/<int:framework_id>/case.json")
@requires(P.REFERENCE_READ)
def case(framework_id: int) -> Response:
    """Give a framework as a package of 1EdTech CASE."""
    row, settings = find_framework(framework_id), current_app.config["SETTINGS"]
    package = framework_queries.case_package(
        db.session(), row, base_url=settings.base_url, creator=settings.agency_name
    )
    answer = Response(
        json.dumps(package, ensure_ascii=False, indent=1), mimetype="application/json"
    )
    name = f"{row.code}-{clock.today():%Y%m%d}.case.json"
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer


@bp.get("/kamus/<int:competency_id>")
@requires(P.REFERENCE_READ)
def show(competency_id: int) -> str:
    """Show a competency: levels, relations, who uses it, and the rule of its level."""
    return competency_view(find_competency(competency_id))


@bp.post("/kamus/<int:competency_id>/aturan")
@requires(P.REFERENCE_MANAGE)
def set_policy(competency_id: int) -> Any:
    """Show what another policy would change; confirmed, put it into force and recompute."""
    row, form = find_competency(competency_id), PolicyForm()
    if not form.validate_on_submit():
        return competency_view(row, form), 422
    try:
        policy = checked_policy(mode=form.mode.data, years=form.years.data, sources=form.sources)
    except InvalidInput as error:
        put_error(form, error)
        return competency_view(row, form), 422
    if request.form.get("aksi") != "terapkan":
        preview = preview_policy(db.session(), competency_id=row.id, policy=policy)
        return competency_view(row, form, preview)
    with transaction(current_actor()) as session:
        job_id = change_policy(
            session,
            actor=current_actor(),
            competency=find_competency(competency_id),
            policy=policy,
        )
    flash(_("Aturan baru berlaku; level semua pemilik riwayat sedang dihitung ulang."), "success")
    return redirect(url_for("jobs.show", job_id=job_id), 303)


def competency_view(
    row: Competency,
    form: PolicyForm | None = None,
    preview: PolicyPreview | None = None,
    errors: Sequence[tuple[str, str | None]] = (),
) -> str:
    """Return the page of a competency."""
    session = db.session()
    shown = preview.changes[:SHOWN] if preview else []
    if shown:
        audit_read("skills:policy:preview", [change.employee_id for change in shown], subject=row)
    paths = paths_in_force(session, row.id)
    manages = can(P.REFERENCE_MANAGE)
    return render_template(
        "dictionary/show.html",
        row=row,
        usage=usage_of(session, row.id),
        rule=words.rule_words(policy_of(row)),
        form=(form or _policy_form(row)) if manages else None,
        preview=preview,
        changes=shown,
        people=employees_by_id(session, [change.employee_id for change in shown]),
        editions=editions_of(session, row.id),
        paths=path_lines(session, paths),
        on_paths=people_on_paths(session, [path.id for path in paths]),
        here=framework_queries.targets_here(session, row),
        mapped_from=framework_queries.mapped_from(session, row),
        manages=manages,
        errors=errors,
    )


def _policy_form(row: Competency) -> PolicyForm:
    first, second, third = (*row.policy_sources, "", "", "")[:3]
    return PolicyForm(
        formdata=None,
        mode=row.policy,
        years=row.policy_years,
        source_1=first,
        source_2=second,
        source_3=third,
    )


def policy_of(row: Competency) -> LevelPolicy:
    """Return the policy that a competency keeps."""
    return LevelPolicy.stored(row.policy, row.policy_years, row.policy_sources)


def find_competency(competency_id: int) -> Competency:
    """Return a competency of any state.

    Raises:
        NotFound: no such competency, or an area.
    """
    row = full_competency(db.session(), competency_id)
    if row is None:
        raise NotFound
    return row
