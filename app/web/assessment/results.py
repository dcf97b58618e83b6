"""Results of a round per person and OPD, one person's sheet, agreement, and the files."""

from collections.abc import Callable
from typing import Any

from flask import Response, render_template, request
from flask_babel import gettext as _

from app.core.db import db
from app.core.errors import NotFound
from app.core.permissions import Permission as P
from app.core.spreadsheet.writer import ColumnKind
from app.web.access import audit_read, check, current_actor, requires
from app.web.assessment import words
from app.web.assessment.rating import bp
from app.web.i18n import named
from app.web.listing import ExportColumn
from app.web.memory_listing import listing_of, workbook_of
from skills.models import AssessmentRound, AssessmentTarget, Employee
from skills.queries import assessment_results as queries
from skills.queries.assessment import find_round
from skills.queries.assessment_centre import latest_match
from skills.queries.assessment_results import PersonResult
from skills.queries.organisation import opd_in_force
from skills.queries.people import matches
from skills.queries.standards import position_standard

_SORTS: dict[str, Callable[[Any], Any]] = {
    "nama": lambda row: row.target.employee.name,
    "opd": lambda row: (row.target.employee.opd.short_name, row.target.employee.name),
}
_OPD_SORTS: dict[str, Callable[[Any], Any]] = {
    "nama": lambda row: row.name,
    "pegawai": lambda row: (row.people, row.name),
}


@bp.get("/putaran/<int:round_id>/hasil")
@requires(P.ASSESSMENT_WATCH)
def round_results(round_id: int) -> str:
    """Show the levels of one kind of raters: people by competencies, or means by OPD."""
    round_ = _round(round_id)
    people = _people(round_)
    by_opd = request.args.get("menurut") == "opd"
    rows: Any = queries.by_opd(people) if by_opd else people
    page = listing_of(rows, sorts=_OPD_SORTS if by_opd else _SORTS, default="nama")
    if not by_opd:
        shown = [row.target.employee_id for row in page.rows]
        audit_read("skills:assessment:results", shown, round_)
    return render_template(
        "assessment/results.html",
        round=round_,
        page=page,
        by_opd=by_opd,
        kind=_kind(round_),
        kind_options=[(kind, words.kind_words()[kind]) for kind in round_.sources.split(",")],
        opd_options=[(row.id, row.short_name) for row in opd_in_force(db.session())],
    )


def _kind(round_: AssessmentRound) -> str:
    """Return the kind of raters that the address asks for; the assessors by default."""
    sources = round_.sources.split(",")
    wanted = request.args.get("sumber", "assessor")
    return wanted if wanted in sources else sources[0]


def _people(round_: AssessmentRound) -> list[PersonResult]:
    conditions = []
    if opd_id := request.args.get("opd", type=int):
        conditions.append(Employee.opd_id == opd_id)
    if text := request.args.get("q", "").strip()[:100]:
        conditions.append(matches(text))
    where = conditions[0] if conditions else None
    for one in conditions[1:]:
        where = where & one if where is not None else one
    return queries.results(db.session(), round_=round_, where=where, actor=current_actor())


@bp.get("/putaran/<int:round_id>/hasil.xlsx")
@requires(P.ASSESSMENT_WATCH)
def download_results(round_id: int) -> Response:
    """Give the results as a workbook: a row for each person and competency, kinds apart."""
    round_ = _round(round_id)
    people = _people(round_)
    audit_read("skills:assessment:export", [row.target.employee_id for row in people], round_)
    rows = [(person, competency) for person in people for competency in round_.competencies]
    columns = [
        ExportColumn(_("NIP"), lambda row: row[0].target.employee.nip, ColumnKind.TEXT, 22),
        ExportColumn(_("Nama"), lambda row: row[0].target.employee.display_name, width=34),
        ExportColumn(_("Perangkat daerah"), lambda row: row[0].target.employee.opd.name, width=34),
        ExportColumn(_("Kompetensi"), lambda row: named(row[1]), width=34),
    ]
    for kind in round_.sources.split(","):
        columns += _kind_columns(kind)
    return workbook_of(rows, columns, name="hasil-asesmen")


def _kind_columns(kind: str) -> list[ExportColumn]:
    word = words.kind_words()[kind]

    def level(row: Any) -> Any:
        said = row[0].of(row[1].id, kind)
        if said is None:
            return None
        return _("disembunyikan") if said.hidden else said.level

    def raters(row: Any) -> Any:
        said = row[0].of(row[1].id, kind)
        return said.raters if said else None

    return [
        ExportColumn(word, level, width=16),
        ExportColumn(_("Penilai %(kind)s", kind=word.lower()), raters, width=16),
    ]


@bp.get("/hasil/<int:target_id>")
@requires(P.ASSESSMENT_READ)
def person_result(target_id: int) -> str:
    """Show one person's results: per competency what each kind of raters says, side by side."""
    session = db.session()
    target = queries.find_target(session, target_id)
    if target is None:
        raise NotFound
    check(P.ASSESSMENT_READ, target)
    found = queries.results(session, round_=target.round, where=AssessmentTarget.id == target_id)[0]
    standard = position_standard(session, employee=target.employee, day=target.round.ends_on)
    is_own = target.employee_id == current_actor().employee_id
    if not is_own:
        audit_read("skills:assessment:result", [target.employee_id], target)
    return render_template(
        "assessment/person.html",
        target=target,
        result=found,
        sources=target.round.sources.split(","),
        required={need.competency_id: need.level for need in standard.requirements},
        is_own=is_own,
        match=latest_match(session, target.employee_id),
    )


@bp.get("/putaran/<int:round_id>/kesepakatan")
@requires(P.ASSESSMENT_WATCH)
def agreement(round_id: int) -> str:
    """Show how far two independent assessors agree, per competency and per assessor."""
    round_ = _round(round_id)
    whole, competencies, raters = queries.agreements(db.session(), round_=round_)
    return render_template(
        "assessment/agreement.html",
        round=round_,
        whole=whole,
        competencies=competencies,
        raters=raters,
    )


@bp.get("/putaran/<int:round_id>/kesepakatan.xlsx")
@requires(P.ASSESSMENT_WATCH)
def download_agreement(round_id: int) -> Response:
    """Give the agreement as a workbook."""
    _whole, competencies, raters = queries.agreements(db.session(), round_=_round(round_id))
    rows = [(_("Kompetensi"), named(line.label), line) for line in competencies]
    rows += [(_("Asesor"), line.label, line) for line in raters]
    columns = [
        ExportColumn(_("Menurut"), lambda row: row[0]),
        ExportColumn(_("Nama"), lambda row: row[1], width=40),
        ExportColumn(_("Pasangan nilai"), lambda row: row[2].found.pairs),
        ExportColumn(_("Kappa berbobot"), lambda row: row[2].found.kappa),
        ExportColumn(_("Kekuatan"), lambda row: words.band_words(row[2].band)),
        ExportColumn(_("Sama persis"), lambda row: row[2].found.same),
        ExportColumn(_("Selisih paling banyak satu"), lambda row: row[2].found.near),
    ]
    return workbook_of(rows, columns, name="kesepakatan-asesor")


def _round(round_id: int) -> AssessmentRound:
    found = find_round(db.session(), round_id)
    if found is None:
        raise NotFound
    return found
