"""Employees: the list with its export, and one person."""

from typing import Any

from flask import Blueprint, current_app, render_template, request
from flask_babel import gettext as _

from app.core.db import db
from app.core.errors import NotFound
from app.core.permissions import Permission
from app.core.spreadsheet.writer import ColumnKind
from app.web.access import audit_read, check, current_actor, requires
from app.web.listing import ExportColumn, chosen_sort, export, listing
from app.web.people.forms import (
    KIND_WORDS,
    POSITION_WORDS,
    SEVERITY_WORDS,
    STATE_TONES,
    STATE_WORDS,
)
from app.web.profile.words import skp_words
from skills.models import Employee
from skills.queries import imports as import_queries
from skills.queries import people as queries

bp = Blueprint("people", __name__, url_prefix="/pegawai")
_DEFAULT = "nama"


@bp.get("")
@requires(Permission.EMPLOYEE_LIST)
def index() -> Any:
    """List the employees that the signed-in person may read."""
    session = db.session()
    page = listing(session, _statement(), sorts=queries.SORTS, default=_DEFAULT)
    audit_read("skills:employee:list", [person.id for person in page.rows])
    return render_template(
        "people/index.html",
        page=page,
        opds=import_queries.opd_choices(session),
        golongan=[(code, code) for code in queries.golongan_choices(session)],
        kinds=list(KIND_WORDS.items()),
        positions=list(POSITION_WORDS.items()),
        states=STATE_WORDS,
        tones=STATE_TONES,
    )


def _statement() -> Any:
    given = request.args
    wanted = queries.PeopleFilter(
        q=given.get("q", ""),
        opd_id=given.get("opd", type=int),
        kind=given.get("jenis", ""),
        golongan=given.get("golongan", ""),
        position_kind=given.get("jabatan", ""),
        state=given.get("status", ""),
        no_supervisor="tanpa_atasan" in given,
    )
    return queries.people_statement(current_actor(), wanted)


@bp.get("/unduh.<any(xlsx, csv):file_format>")
@requires(Permission.EMPLOYEE_LIST)
def download(file_format: str) -> Any:
    """Give exactly the filtered list as a file; the audit trail names everybody in it."""
    session, statement = db.session(), _statement()
    sort = chosen_sort(queries.SORTS, _DEFAULT)
    people = queries.ids_of(session, statement)
    audit_read("skills:employee:export", people, sort=sort)
    return export(
        session,
        statement,
        _columns(),
        sorts=queries.SORTS,
        default=_DEFAULT,
        name=_("pegawai"),
        file_format=file_format,
    )


def _columns() -> list[ExportColumn]:
    text, date = ColumnKind.TEXT, ColumnKind.DATE
    return [
        ExportColumn(_("NIP"), lambda p: p.nip, text, 22),
        ExportColumn(_("Nama"), lambda p: p.display_name, width=34),
        ExportColumn(_("Perangkat daerah"), lambda p: p.opd.name, width=34),
        ExportColumn(_("Unit kerja"), lambda p: p.unit.name if p.unit else None, width=30),
        ExportColumn(_("Jabatan"), lambda p: p.position.name if p.position else None, width=34),
        ExportColumn(_("Jenis jabatan"), lambda p: _word(POSITION_WORDS, p.position_kind)),
        ExportColumn(_("TMT jabatan"), lambda p: p.position_since, date),
        ExportColumn(_("Eselon"), lambda p: p.eselon),
        ExportColumn(_("Jenis pegawai"), lambda p: p.employment_kind),
        ExportColumn(_("Golongan"), lambda p: p.golongan),
        ExportColumn(_("TMT golongan"), lambda p: p.golongan_since, date),
        ExportColumn(_("Tingkat pendidikan"), lambda p: p.education_level),
        ExportColumn(_("Pendidikan"), lambda p: p.education_field, width=30),
        ExportColumn(_("TMT CPNS/PPPK"), lambda p: p.service_start, date),
        ExportColumn(_("Status"), lambda p: _word(STATE_WORDS, p.employment_state)),
    ]


def _word(words: Any, key: str | None) -> str | None:
    return str(words.get(key, key)) if key else None


@bp.get("/<int:employee_id>")
@requires(Permission.EMPLOYEE_READ)
def show(employee_id: int) -> Any:
    """Show one employee."""
    person = readable(employee_id)
    records = queries.records_of(db.session(), person.id)
    audit_read("skills:employee:read", [person.id], person)
    return render_template(
        "people/show.html",
        person=person,
        records=records,
        states=STATE_WORDS,
        tones=STATE_TONES,
        positions=POSITION_WORDS,
        severity_words=SEVERITY_WORDS,
        skp_words=skp_words(),
        has_profile="profile.show" in current_app.view_functions,
    )


def readable(employee_id: int, permission: Permission = Permission.EMPLOYEE_READ) -> Employee:
    """Return an employee of the page whom the signed-in person may read (or edit)."""
    person = queries.find_person(db.session(), employee_id)
    if person is None:
        raise NotFound
    check(permission, person)
    return person
