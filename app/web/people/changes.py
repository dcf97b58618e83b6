"""Changes of employees: facts, supervisor, transfer and departure of one or many."""

from collections.abc import Mapping
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from app.core.actor import RoleName
from app.core.clock import today
from app.core.db import db, transaction
from app.core.errors import DomainError, InvalidInput, NotAllowed, NotFound
from app.core.i18n import N_
from app.core.permissions import Permission
from app.web.access import audit_read, check, current_actor, requires
from app.web.auth.forms import show_error
from app.web.i18n import render
from app.web.people.forms import CHANGE_WORDS, ChangeForm, EmployeeForm, SupervisorForm
from app.web.people.routes import bp, readable
from skills.models import Employee
from skills.queries import imports as import_queries
from skills.queries import people as queries
from skills.services import departures
from skills.services.departures import Change, ChangeKind
from skills.services.people import StaleEdit, change_supervisor, update_employee

MOST = 500
EDIT = Permission.EMPLOYEE_EDIT


@bp.route("/<int:employee_id>/ubah", methods=["GET", "POST"])
@requires(Permission.EMPLOYEE_EDIT)
def edit(employee_id: int) -> Any:
    """Change the facts of an employee."""
    person = readable(employee_id, EDIT)
    form = _edit_form(person)
    if request.method == "GET":
        audit_read("skills:employee:read", [person.id], person)
        form.version.data = str(person.version)
        return _edit_page(person, form), 200
    if not form.validate_on_submit():
        return _edit_page(person, form), 422
    try:
        changed = _save(employee_id, form)
    except StaleEdit as error:
        return _stale_page(employee_id, form, error)
    except (NotFound, NotAllowed):
        raise
    except InvalidInput as error:
        show_error(form, error)
        return _edit_page(readable(employee_id, EDIT), form), 422
    flash(_("Perubahan disimpan.") if changed else _("Tidak ada yang berubah."), "success")
    return redirect(url_for("people.show", employee_id=employee_id), 303)


def _edit_form(person: Employee) -> EmployeeForm:
    session = db.session()
    form = EmployeeForm(obj=person)
    return form.offer(
        person.employment_state,
        queries.unit_choices(session, person.opd_id),
        queries.position_choices(session),
    )


def _edit_page(person: Employee, form: EmployeeForm, mine: Any = None) -> str:
    return render_template("people/edit.html", person=person, form=form, mine=mine)


def _save(employee_id: int, form: EmployeeForm) -> bool:
    actor = current_actor()
    with transaction(actor) as session:
        person = editable(session, employee_id)
        return update_employee(
            session,
            employee=person,
            values=form.values(),
            expected_version=int(form.version.data or 0) if _is_number(form) else 0,
            actor=actor,
        )


def _is_number(form: Any) -> bool:
    return str(form.version.data or "").isdecimal()


def editable(session: Any, employee_id: int) -> Employee:
    """Return an employee inside a transaction whom the signed-in person may change."""
    person = queries.find_person(session, employee_id)
    if person is None:
        raise NotFound
    check(EDIT, person)
    return person


def _stale_page(employee_id: int, form: EmployeeForm, error: StaleEdit) -> Any:
    """Show both versions; sending the form again puts this person's version over the other."""
    person = readable(employee_id, EDIT)
    stored = _edit_form_of(person)
    pairs = [
        (field.label.text, _shown(stored[field.name]), _shown(field))
        for field in form
        if field.name in stored and field.name not in ("version", "csrf_token")
        if stored[field.name].data != field.data
    ]
    form.version.data = str(person.version)
    form.version.raw_data = None
    form.form_errors.append(render(error.message))
    return _edit_page(person, form, pairs), 409


def _edit_form_of(person: Employee) -> EmployeeForm:
    """Return a form of what is stored, without the request's data."""
    session = db.session()
    form = EmployeeForm(formdata=None, obj=person)
    return form.offer(
        person.employment_state,
        queries.unit_choices(session, person.opd_id),
        queries.position_choices(session),
    )


def _shown(field: Any) -> str:
    choices = getattr(field, "choices", None)
    if choices:
        return next((str(c.label) for c in choices if c.value == field.data), "–")
    return str(field.data) if field.data not in (None, "") else "–"


@bp.route("/<int:employee_id>/atasan", methods=["GET", "POST"])
@requires(Permission.EMPLOYEE_EDIT)
def supervisor(employee_id: int) -> Any:
    """Change who leads an employee."""
    person = readable(employee_id, EDIT)
    form = SupervisorForm()
    if request.method == "GET":
        form.version.data = str(person.version)
        form.nip.data = person.supervisor.nip if person.supervisor else ""
        return render_template("people/supervisor.html", person=person, form=form)
    try:
        if form.validate_on_submit():
            _save_supervisor(employee_id, form)
            flash(_("Atasan diperbarui."), "success")
            return redirect(url_for("people.show", employee_id=employee_id), 303)
    except InvalidInput as error:
        show_error(form, error)
        person = readable(employee_id, EDIT)
    return render_template("people/supervisor.html", person=person, form=form), 422


def _save_supervisor(employee_id: int, form: SupervisorForm) -> None:
    actor = current_actor()
    with transaction(actor) as session:
        person, wanted = editable(session, employee_id), (form.nip.data or "").strip()
        boss = queries.find_by_nip(session, wanted) if wanted else None
        if wanted and boss is None:
            raise InvalidInput(N_("Tidak ada pegawai dengan NIP ini."), field="nip")
        change_supervisor(
            session,
            employee=person,
            supervisor=boss,
            expected_version=int(form.version.data or 0) if _is_number(form) else 0,
            actor=actor,
        )


@bp.get("/perubahan")
@requires(Permission.EMPLOYEE_EDIT)
def change() -> Any:
    """Ask what happens to the chosen people, and show what it closes."""
    people = _chosen(request.args.getlist("id"))
    form = _change_form(request.args if "kind" in request.args else None)
    effects: dict[int, Any] | None = None
    status = 200
    if "kind" in request.args:
        if form.validate():
            effects, status = _preview(form, people)
        else:
            status = 422
    audit_read("skills:employee:change_preview", [person.id for person in people])
    return _change_page(form, people, effects), status


def _chosen(given: list[str]) -> list[Employee]:
    ids = sorted({int(text) for text in given if text.isdecimal()})[:MOST]
    people = list(queries.people_by_id(db.session(), ids))
    if not people or len(people) != len(ids):
        raise NotFound
    for person in people:
        check(EDIT, person)
        if person.id == current_actor().employee_id:
            raise NotAllowed(N_("Data kepegawaian sendiri tidak dapat diubah. Minta petugas lain."))
    return people


def _change_form(given: Any) -> ChangeForm:
    session = db.session()
    form = ChangeForm(given, meta={} if request.method == "POST" else {"csrf": False})
    if given is None:
        form.on.data = today()
        form.kind.data = request.args.get("jenis", "transfer")
    return form.offer(
        _reachable_opds(import_queries.opd_choices(session)),
        queries.unit_choices(session),
        queries.position_choices(session),
    )


def _reachable_opds(opds: list[tuple[int, str]]) -> list[tuple[int, str]]:
    reach = current_actor().opd_ids(RoleName.OFFICER)
    if reach is None and current_actor().has(RoleName.OFFICER):
        return opds
    own = current_actor().opd_ids(RoleName.OPD_MANAGER) or frozenset()
    return [(key, name) for key, name in opds if key in own]


def _change_of(form: ChangeForm) -> Change:
    transfer = form.kind.data == ChangeKind.TRANSFER
    return Change(
        kind=ChangeKind(form.kind.data),
        on=form.on.data or today(),
        reason=form.reason.data or "",
        opd_id=form.opd_id.data if transfer else None,
        unit_id=form.unit_id.data if transfer else None,
        position_id=form.position_id.data if transfer else None,
    )


def _preview(form: ChangeForm, people: list[Employee]) -> tuple[dict[int, Any] | None, int]:
    session, wanted = db.session(), _change_of(form)
    try:
        departures.check_change(session, wanted)
    except DomainError as error:
        show_error(form, error)
        return None, 422
    ids = [person.id for person in people]
    return departures.preview_change(session, employee_ids=ids, change=wanted), 200


def _change_page(form: ChangeForm, people: list[Employee], effects: Any) -> str:
    return render_template(
        "people/change.html", form=form, people=people, effects=effects, words=CHANGE_WORDS
    )


@bp.post("/perubahan")
@requires(Permission.EMPLOYEE_EDIT)
def execute() -> Any:
    """Do what the preview showed, in one transaction."""
    versions = _versions(request.form)
    form = _change_form(request.form)
    people = _chosen([str(key) for key in versions])
    if not form.validate():
        return _change_page(form, people, None), 422
    actor = current_actor()
    try:
        with transaction(actor) as session:
            departures.execute_change(
                session, versions=versions, change=_change_of(form), actor=actor
            )
    except InvalidInput as error:
        show_error(form, error)
        return _change_page(form, _chosen([str(key) for key in versions]), None), 422
    flash(_("Perubahan dicatat untuk %(count)s pegawai.", count=len(versions)), "success")
    if len(versions) == 1:
        return redirect(url_for("people.show", employee_id=next(iter(versions))), 303)
    return redirect(url_for("people.index"), 303)


def _versions(given: Any) -> Mapping[int, int]:
    """Return id and version of the people in a form: `orang=12:3`."""
    found: dict[int, int] = {}
    for text in given.getlist("orang")[:MOST]:
        number, _colon, version = text.partition(":")
        if not (number.isdecimal() and version.isdecimal()):
            raise NotFound
        found[int(number)] = int(version)
    return found
