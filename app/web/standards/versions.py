"""What officers do with standards: new versions, their requirements, their day, their positions."""

from datetime import date
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from app.core import clock
from app.core.db import db, transaction
from app.core.errors import Conflict, DomainError, InvalidInput, NotFound
from app.core.i18n import N_
from app.core.permissions import Permission as P
from app.web.access import current_actor, requires
from app.web.i18n import render
from app.web.standards.routes import bp, version, version_page
from skills.models import Position, Standard
from skills.queries import standard_pages as queries
from skills.queries.dictionary import competency_choices
from skills.rules import Requirement
from skills.services import standards as services
from skills.services.reference_load import reference_rows

__all__ = ["bp"]
BLANKS = 5  # empty rows at the end of the form
_NO_NUMBER = N_("Isi dengan angka.")
_NO_DATE = N_("Tanggal tidak sah.")


@bp.get("/baru")
@requires(P.REFERENCE_MANAGE)
def new() -> str:
    """Show the form of a standard for a class or a position."""
    return _new_page({}, {})


def _new_page(values: Any, errors: dict[str, str]) -> str:
    classes = reference_rows(db.session(), "position_classes")
    return render_template("standards/new.html", values=values, errors=errors, classes=classes)


@bp.post("/baru")
@requires(P.REFERENCE_MANAGE)
def create() -> Any:
    """Prepare the first version of a standard."""
    form = request.form
    try:
        with transaction(current_actor()) as session:
            row = services.create_standard(
                session,
                code=form.get("code", "").strip(),
                kind=form.get("kind", ""),
                class_code=form.get("class_code") or None,
                values=services.StandardInput(form.get("name", ""), form.get("source", "")),
            )
            made = row.id
    except InvalidInput as error:
        return _new_page(form, {error.field or "code": render(error.message)}), 422
    return redirect(url_for("standards.edit", standard_id=made), 303)


@bp.post("/<int:standard_id>/versi")
@requires(P.REFERENCE_MANAGE)
def prepare(standard_id: int) -> Any:
    """Prepare the next version as a copy of the present one."""
    with transaction(current_actor()) as session:
        made = services.prepare_version(session, standard=_locked(session, standard_id)).id
    return redirect(url_for("standards.edit", standard_id=made), 303)


def _locked(session: Any, standard_id: int) -> Standard:
    row = queries.find_standard(session, standard_id)
    if row is None:
        raise NotFound
    return row


@bp.get("/<int:standard_id>/ubah")
@requires(P.REFERENCE_MANAGE)
def edit(standard_id: int) -> Any:
    """Show the form of a version in the making."""
    row = version(standard_id)
    if row.state != "prepared":
        return redirect(url_for("standards.show", standard_id=row.id))
    return _edit_page(row, _kept_rows(row), {})


def _kept_rows(row: Standard) -> list[dict[str, Any]]:
    return [
        {
            "competency": item.competency_id,
            "level": item.level,
            "weight": f"{item.weight:g}",
            "mandatory": item.mandatory,
        }
        for item in row.items
    ]


def _edit_page(row: Standard, rows: list[dict[str, Any]], errors: dict[str, str]) -> str:
    groups = competency_choices(db.session())
    names = {item.id: item for group in groups for item in group.competencies}
    names |= {item.competency_id: item.competency for item in row.items}
    blank = {"competency": "", "level": "", "weight": "1", "mandatory": False}
    return render_template(
        "standards/edit.html",
        row=row,
        lines=[*rows, *({**blank} for _number in range(BLANKS))],
        filled=len(rows),
        groups=groups,
        names=names,
        errors=errors,
        values=request.form if request.method == "POST" else {},
        today=clock.today(),
    )


@bp.post("/<int:standard_id>/ubah")
@requires(P.REFERENCE_MANAGE)
def save(standard_id: int) -> Any:
    """Keep the requirements of a version in the making."""
    row, rows = version(standard_id), _given_rows()
    try:
        items = [_requirement(line) for line in rows]
        with transaction(current_actor()) as session:
            services.save_version(
                session,
                standard=_locked(session, standard_id),
                values=_given_values(row),
                items=items,
                expected_revision=request.form.get("revision", 0, type=int),
            )
    except InvalidInput as error:
        field = error.field or "name"
        return _edit_page(row, rows, {field: render(error.message)}), 422
    flash(_("Rancangan versi disimpan."), "success")
    return redirect(url_for("standards.show", standard_id=standard_id), 303)


def _given_values(row: Standard) -> services.StandardInput:
    form = request.form
    return services.StandardInput(
        name=form.get("name", ""),
        source=form.get("source", ""),
        reason=form.get("reason", ""),
        valid_from=_day("valid_from"),
        confidence=row.confidence,
    )


def _given_rows() -> list[dict[str, Any]]:
    """Return the rows of the form that say something and are not to be removed."""
    form, found = request.form, []
    for number in range(1, 1 + form.get("baris", 0, type=int)):
        competency = form.get(f"kompetensi-{number}", type=int)
        if not competency or f"hapus-{number}" in form:
            continue
        found.append(
            {
                "competency": competency,
                "level": form.get(f"level-{number}", "").strip(),
                "weight": form.get(f"bobot-{number}", "").strip(),
                "mandatory": f"wajib-{number}" in form,
            }
        )
    return found


def _requirement(line: dict[str, Any]) -> Requirement:
    key = line["competency"]
    try:
        level = int(line["level"])
    except ValueError as error:
        raise InvalidInput(N_("Level harus antara 1 dan 5."), field=f"level-{key}") from error
    try:
        weight = float(line["weight"].replace(",", "."))
    except ValueError as error:
        raise InvalidInput(_NO_NUMBER, field=f"weight-{key}") from error
    return Requirement(key, level, weight, line["mandatory"])


def _day(name: str) -> date | None:
    text = request.form.get(name, "").strip()
    try:
        return date.fromisoformat(text) if text else None
    except ValueError as error:
        raise InvalidInput(_NO_DATE, field=name) from error


@bp.post("/<int:standard_id>/berlakukan")
@requires(P.REFERENCE_MANAGE)
def enforce(standard_id: int) -> Any:
    """Let a version in the making count from a day."""

    def work(session: Any) -> None:
        services.put_in_force(
            session,
            standard=_locked(session, standard_id),
            valid_from=_day("valid_from") or clock.today(),
            adopted="ditetapkan" in request.form,
        )

    return _done(
        standard_id, work, _("Versi ini berlaku dengan sendirinya bagi semua pemegangnya.")
    )


@bp.post("/<int:standard_id>/tetapkan")
@requires(P.REFERENCE_MANAGE)
def adopt(standard_id: int) -> Any:
    """Mark a local draft as adopted by the city."""

    def work(session: Any) -> None:
        services.adopt_standard(session, standard=_locked(session, standard_id))

    return _done(standard_id, work, _("Standar ditandai sudah ditetapkan."))


@bp.post("/<int:standard_id>/nonaktifkan")
@requires(P.REFERENCE_MANAGE)
def retire(standard_id: int) -> Any:
    """Let a standard no longer count."""

    def work(session: Any) -> None:
        services.retire_standard(session, standard=_locked(session, standard_id))

    return _done(standard_id, work, _("Standar tidak dipakai lagi; riwayatnya tetap ada."))


@bp.post("/<int:standard_id>/jabatan")
@requires(P.REFERENCE_MANAGE)
def bind(standard_id: int) -> Any:
    """Bind a position to a standard, or release one."""

    def work(session: Any) -> None:
        standard = _locked(session, standard_id)
        if released := request.form.get("lepas", type=int):
            services.release_position(session, position=_position(session, released))
            return
        position = _position(session, request.form.get("jabatan", 0, type=int))
        services.bind_position(session, standard=standard, position=position)

    return _done(standard_id, work, _("Jabatan diperbarui; pemegangnya langsung mengikuti."))


def _position(session: Any, position_id: int) -> Position:
    position = queries.find_position(session, position_id)
    if position is None:
        raise InvalidInput(N_("Pilih jabatan dari daftar."), field="jabatan")
    return position


def _done(standard_id: int, work: Any, told: str) -> Any:
    """Do a step; a refusal is told on the page of the version."""
    try:
        with transaction(current_actor()) as session:
            work(session)
    except DomainError as error:
        if isinstance(error, NotFound):
            raise
        status = 409 if isinstance(error, Conflict) else 422
        shown = [(render(error.message), f"f-{error.field}" if error.field else None)]
        return version_page(version(standard_id), shown), status
    flash(told, "success")
    return redirect(url_for("standards.show", standard_id=standard_id), 303)


@bp.post("/<int:standard_id>/buang")
@requires(P.REFERENCE_MANAGE)
def discard(standard_id: int) -> Any:
    """Throw a version in the making away."""
    with transaction(current_actor()) as session:
        services.discard_version(session, standard=_locked(session, standard_id))
    flash(_("Rancangan versi dibuang."), "success")
    return redirect(url_for("standards.index"), 303)
