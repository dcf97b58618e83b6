"""The catalogue for organisers: add and change courses in versions, their materials."""

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_babel import get_locale
from flask_babel import gettext as _

from app.core.db import db, transaction
from app.core.errors import DomainError, NotFound
from app.core.files.services import store_upload
from app.core.permissions import Permission as P
from app.web.access import check, current_actor, requires
from app.web.i18n import named, render
from app.web.training.course_form import CourseForm, gain_rows
from app.web.training.routes import bp
from courses.access import MATERIAL
from courses.models import Course
from courses.queries.catalogue import find_course
from courses.queries.jp import forms_in_force
from courses.queries.need_overview import competencies_by_id
from courses.services.catalogue_edit import (
    add_material,
    create_course,
    drop_material,
    is_used,
    retire_course,
    revise_course,
)

ACCEPTED = frozenset({"pdf", "png", "jpg", "jpeg", "xlsx", "csv"})
MAX_MB = 20


def _course(course_id: int) -> Course:
    found = find_course(db.session(), course_id)
    if found is None:
        raise NotFound
    check(P.COURSE_MANAGE, found)
    return found


@bp.route("/pelatihan/kursus/baru", methods=["GET", "POST"])
@requires(P.COURSE_MANAGE)
def new_course() -> Any:
    """Add a course."""
    return _edit(CourseForm(), None)


@bp.route("/pelatihan/kursus/<int:course_id>/ubah", methods=["GET", "POST"])
@requires(P.COURSE_MANAGE)
def edit_course(course_id: int) -> Any:
    """Change a course; once used, as a new version."""
    found = _course(course_id)
    form = CourseForm() if request.method == "POST" else CourseForm.of(found)
    return _edit(form, found)


def _edit(form: CourseForm, found: Course | None) -> Any:
    session, known = db.session(), competencies_by_id(db.session())
    form.offer(forms_in_force(session), english=str(get_locale()) == "en")
    rows = gain_rows(request.form, found, known)
    used = found is not None and is_used(session, found)
    if form.validate_on_submit():
        try:
            with transaction(current_actor()) as writing:
                values = form.values(rows)
                if found is None:
                    made = create_course(writing, values=values)
                else:
                    made = revise_course(writing, course=_course(found.id), values=values)
                made_id, version = made.id, made.version
        except DomainError as error:
            form.refuse(error)
        else:
            flash(_("Pelatihan tersimpan sebagai versi %(version)s.", version=version), "success")
            return redirect(url_for(".course", course_id=made_id), 303)
    page = render_template(
        "training/course_form.html",
        form=form,
        course=found,
        used=used,
        rows=rows,
        competency_options=[("", "–")]
        + [(row.id, f"{row.code} · {named(row)}") for row in known.values()],
    )
    return page, 422 if form.errors else 200


@bp.post("/pelatihan/kursus/<int:course_id>/cabut")
@requires(P.COURSE_MANAGE)
def retire(course_id: int) -> Any:
    """Take a course out of the catalogue."""
    return _changed(
        course_id,
        lambda session, found: retire_course(session, course=found),
        _("Pelatihan dikeluarkan dari katalog."),
    )


@bp.post("/pelatihan/kursus/<int:course_id>/berkas")
@requires(P.COURSE_MANAGE)
def upload_material(course_id: int) -> Any:
    """Add a file to a course."""
    upload = request.files.get("berkas")
    if upload is None or not upload.filename:
        flash(_("Pilih berkasnya lebih dahulu."), "danger")
        return redirect(url_for(".course", course_id=course_id, bagian="bahan"), 303)
    name, stream = upload.filename, upload.stream

    def change(session: Any, found: Course) -> None:
        stored = store_upload(
            session,
            stream=stream,  # type: ignore[arg-type]
            filename=name,
            purpose=MATERIAL,
            allowed=ACCEPTED,
            owner_employee_id=None,
            actor=current_actor(),
            max_mb=MAX_MB,
        )
        title = request.form.get("judul", "").strip() or name
        add_material(session, course=found, title=title, file_id=stored.id)

    return _changed(course_id, change, _("Berkas ditambahkan."), part="bahan")


@bp.post("/pelatihan/kursus/<int:course_id>/berkas/<int:material_id>/hapus")
@requires(P.COURSE_MANAGE)
def remove_material(course_id: int, material_id: int) -> Any:
    """Take a file off a course."""
    return _changed(
        course_id,
        lambda session, found: drop_material(session, course=found, material_id=material_id),
        _("Berkas dilepas dari pelatihan."),
        part="bahan",
    )


def _changed(course_id: int, change: Any, told: str, *, part: str | None = None) -> Any:
    try:
        with transaction(current_actor()) as session:
            change(session, _course(course_id))
    except DomainError as error:
        if isinstance(error, NotFound):
            raise
        flash(render(error.message), "danger")
    else:
        flash(told, "success")
    return redirect(url_for(".course", course_id=course_id, bagian=part), 303)
