"""Paths to a level: an officer builds one, sees whom it would raise, and puts it into force."""

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from app.core.db import db, transaction
from app.core.errors import InvalidInput, NotFound
from app.core.permissions import Permission as P
from app.web.access import current_actor, requires
from app.web.dictionary.keeping import bp
from app.web.dictionary.routes import find_competency
from app.web.i18n import render
from courses.queries.catalogue import course_titles
from skills.models import Competency
from skills.path_rules import StepKind
from skills.queries.dictionary import competency_choices
from skills.queries.level_paths import find_path
from skills.services.level_paths import (
    PathPreview,
    StepInput,
    keep_path,
    new_path,
    preview_path,
    retire_path,
)

__all__ = ["bp"]
STEPS = 6


@bp.get("/kamus/<int:competency_id>/jalur")
@requires(P.REFERENCE_MANAGE)
def new_level_path(competency_id: int) -> str:
    """Show the form of a path."""
    return _page(find_competency(competency_id), {}, {}, None)


def _page(row: Competency, values: Any, errors: dict[str, str], preview: PathPreview | None) -> str:
    session = db.session()
    return render_template(
        "dictionary/path_form.html",
        row=row,
        values=values,
        errors=errors,
        preview=preview,
        numbers=range(1, STEPS + 1),
        kinds={
            StepKind.COURSE: _("Lulus pelatihan"),
            StepKind.EVIDENCE: _("Bukti diterima pada kompetensi ini"),
            StepKind.ASSESSMENT: _("Asesmen atau asesor pada kompetensi ini"),
            StepKind.LEVEL: _("Level terverifikasi pada kompetensi lain"),
        },
        courses=course_titles(session),
        groups=competency_choices(session),
    )


def _steps() -> list[StepInput]:
    form, found = request.form, []
    for number in range(1, STEPS + 1):
        kind = form.get(f"jenis-{number}", "")
        if kind:
            found.append(
                StepInput(
                    group=form.get(f"kelompok-{number}", number, type=int),
                    kind=kind,
                    course_code=form.get(f"pelatihan-{number}") or None,
                    competency_id=form.get(f"kompetensi-{number}", type=int),
                    level=form.get(f"level-{number}", type=int),
                )
            )
    return found


@bp.post("/kamus/<int:competency_id>/jalur")
@requires(P.REFERENCE_MANAGE)
def add_level_path(competency_id: int) -> Any:
    """Show whom a path would raise; confirmed, put it into force and recompute."""
    row, session = find_competency(competency_id), db.session()
    form = request.form
    try:
        path = new_path(
            session,
            competency=row,
            level=form.get("level", 0, type=int),
            name=form.get("nama", ""),
            steps=_steps(),
        )
    except InvalidInput as error:
        return _page(row, form, {error.field or "nama": render(error.message)}, None), 422
    if form.get("aksi") != "terapkan":
        preview = preview_path(session, path=path)
        return _page(row, form, {}, preview)
    actor = current_actor()
    with transaction(actor) as own:
        row = find_competency(competency_id)
        job_id = keep_path(own, path=path, competency=row, actor=actor)
    flash(_("Jalur berlaku; level sedang dihitung ulang."), "success")
    return redirect(url_for("jobs.show", job_id=job_id), 303)


@bp.post("/kamus/<int:competency_id>/jalur/<int:path_id>/nonaktifkan")
@requires(P.REFERENCE_MANAGE)
def retire_level_path(competency_id: int, path_id: int) -> Any:
    """Let a path no longer lead to its level."""
    actor = current_actor()
    with transaction(actor) as session:
        path = find_path(session, path_id)
        if path is None or path.competency_id != competency_id:
            raise NotFound
        row = find_competency(competency_id)
        job_id = retire_path(session, path=path, competency=row, actor=actor)
    flash(_("Jalur tidak dipakai lagi; level sedang dihitung ulang."), "success")
    return redirect(url_for("jobs.show", job_id=job_id), 303)
