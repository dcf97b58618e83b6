"""The professionalism index: one's own, of a person, of each OPD, with files of both lists."""

from collections.abc import Callable
from functools import partial
from typing import Any

from flask import Blueprint, Response, render_template, request
from flask_babel import gettext as _

from app.core import clock
from app.core.db import db
from app.core.errors import NotFound
from app.core.permissions import Permission as P
from app.web.access import audit_read, can, check, current_actor, requires
from app.web.index_asn import words
from app.web.listing import ExportColumn
from app.web.memory_listing import listing_of, sorted_rows, workbook_of
from skills.ip_asn_rules import DIMENSIONS
from skills.queries.organisation import find_opd
from skills.queries.people import find_person
from skills.services import ip_asn

bp = Blueprint("index_asn", __name__, url_prefix="/ip-asn")
bp.context_processor(words.helpers)


def _by_part(name: str, row: Any) -> tuple[Any, str]:
    return row.parts[name], row.name


_OPD_SORTS: dict[str, Callable[[Any], Any]] = {
    "nama": lambda row: row.name,
    "pegawai": lambda row: row.people,
    "total": lambda row: (row.total, row.name),
    "belum": lambda row: (row.incomplete, row.name),
    **{name.lower(): partial(_by_part, name) for name in DIMENSIONS},
}
_PEOPLE_SORTS: dict[str, Callable[[Any], Any]] = {
    "nama": lambda row: row.name,
    "total": lambda row: (row.index.total, row.name),
}


@bp.get("")
@requires(P.EMPLOYEE_READ)
def index() -> str:
    """Show one's own index and, to those who read others, the mean of each OPD."""
    session, actor = db.session(), current_actor()
    own = None
    if actor.employee_id is not None:
        own = ip_asn.index_for(session, employee_id=actor.employee_id, day=clock.today())
    offices = _offices() if can(P.EMPLOYEE_LIST) else []
    return render_template(
        "index_asn/index.html",
        own=own,
        year=clock.today().year - 1,
        dimensions=DIMENSIONS,
        page=listing_of(offices, sorts=_OPD_SORTS, default="total") if offices else None,
        people=sum(row.people for row in offices),
    )


@bp.get("/unduh.xlsx")
@requires(P.EMPLOYEE_LIST)
def download() -> Response:
    """Give the table of OPD as a workbook; it holds means only."""
    columns = [
        ExportColumn(_("Perangkat daerah"), lambda row: row.name, width=44),
        ExportColumn(_("Pegawai"), lambda row: row.people),
        *(_part_column(place) for place in range(len(DIMENSIONS))),
        ExportColumn(_("IP ASN"), lambda row: row.total),
        ExportColumn(_("Belum lengkap"), lambda row: row.incomplete),
    ]
    rows = sorted_rows(_offices(), sorts=_OPD_SORTS, default="total")
    return workbook_of(rows, columns, name="ip-asn-opd")


def _part_column(place: int) -> ExportColumn:
    name = DIMENSIONS[place]
    return ExportColumn(words.part_name(name), lambda row: row.parts[name])


def _offices() -> list[ip_asn.OpdIndex]:
    session = db.session()
    scope = ip_asn.visible_scope(current_actor())
    return ip_asn.by_opd(session, ip_asn.indices(session, day=clock.today(), where=scope))


@bp.get("/opd/<int:opd_id>")
@requires(P.EMPLOYEE_LIST)
def office(opd_id: int) -> str:
    """List the people of an OPD that one may read, the lowest first."""
    name, people = _people(opd_id)
    people = _narrowed(people)
    page = listing_of(people, sorts=_PEOPLE_SORTS, default="total")
    audit_read("skills:ip_asn:list", [row.employee_id for row in page.rows])
    return render_template(
        "index_asn/office.html",
        page=page,
        name=name,
        opd_id=opd_id,
        dimensions=DIMENSIONS,
        bands=[(str(band["order"]), words.band_label(band)) for band in _bands()],
    )


def _bands() -> list[Any]:
    return list(ip_asn.current_table(db.session()).bands)


def _narrowed(people: list[ip_asn.PersonIndex]) -> list[ip_asn.PersonIndex]:
    """Return the people that the address asks for: by name, by band, or with unknown parts."""
    text, band = request.args.get("q", "").strip().lower(), request.args.get("kategori", type=int)
    return [
        person
        for person in people
        if text in person.name.lower()
        and (not band or (person.index.band or {}).get("order") == band)
        and (not request.args.get("belum") or person.index.unknown)
    ]


@bp.get("/opd/<int:opd_id>/unduh.xlsx")
@requires(P.EMPLOYEE_LIST)
def download_office(opd_id: int) -> Response:
    """Give the people of an OPD as a workbook."""
    _name, people = _people(opd_id)
    rows = sorted_rows(_narrowed(people), sorts=_PEOPLE_SORTS, default="total")
    audit_read("skills:ip_asn:export", [row.employee_id for row in rows], opd_id=opd_id)
    columns = [
        ExportColumn(_("Nama"), lambda row: row.name, width=36),
        *(_person_part(place) for place in range(len(DIMENSIONS))),
        ExportColumn(_("IP ASN"), lambda row: row.index.total),
        ExportColumn(_("Kategori"), lambda row: words.band_name(row.index)),
        ExportColumn(
            _("Belum diketahui"),
            lambda row: ", ".join(words.part_name(part) for part in row.index.unknown),
            width=30,
        ),
    ]
    return workbook_of(rows, columns, name="ip-asn-pegawai")


def _person_part(place: int) -> ExportColumn:
    return ExportColumn(
        words.part_name(DIMENSIONS[place]), lambda row: row.index.parts[place].points
    )


def _people(opd_id: int) -> tuple[str, list[ip_asn.PersonIndex]]:
    session = db.session()
    opd = find_opd(session, opd_id)
    scope = ip_asn.visible_scope(current_actor(), opd_id=opd_id)
    people = ip_asn.indices(session, day=clock.today(), where=scope)
    if opd is None or not people:
        raise NotFound
    return opd.name, people


@bp.get("/pegawai/<int:employee_id>")
@requires(P.EMPLOYEE_READ)
def person(employee_id: int) -> Any:
    """Show the index of a person with the fact behind each point."""
    session = db.session()
    employee = find_person(session, employee_id)
    if employee is None:
        raise NotFound
    check(P.EMPLOYEE_READ, employee)
    found = ip_asn.index_for(session, employee_id=employee_id, day=clock.today())
    if found is None:
        raise NotFound
    audit_read("skills:ip_asn:read", [employee_id], employee)
    return render_template(
        "index_asn/person.html", employee=employee, index=found, year=clock.today().year - 1
    )
