"""The account of hours: of people and OPD in reach, of oneself, and the queue of claims."""

from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import get_locale
from flask_babel import gettext as _

from app.core import clock
from app.core.db import db, transaction
from app.core.errors import DomainError, NotFound
from app.core.files.services import store_upload
from app.core.permissions import Permission as P
from app.core.spreadsheet.writer import ColumnKind
from app.web.access import audit_read, check, current_actor, requires
from app.web.i18n import render
from app.web.jp.forms import ClaimHoursForm
from app.web.listing import ExportColumn, export, listing
from courses.models import JpClaim
from courses.planning_access import PROOF, reach_of
from courses.planning_rules import DutyState
from courses.queries.jp import (
    Duties,
    accounts_statement,
    claims_of,
    claims_waiting,
    duties,
    forms_in_force,
    hours_by_opd,
)
from courses.queries.overview import jp_of_year
from courses.services.jp_account import claim_hours, decide_claim
from skills.models import Employee, Opd
from skills.queries.organisation import opd_in_force
from skills.queries.profile import find_employee

bp = Blueprint("jp", __name__)
ACCEPTED = frozenset({"pdf", "jpg", "jpeg", "png"})
MAX_MB = 10


def state_words() -> dict[DutyState, tuple[str, str]]:
    """Return the words and the tone of each state."""
    return {
        DutyState.MET: (_("Terpenuhi"), "success"),
        DutyState.ON_TRACK: (_("Terpenuhi bila sesi selesai"), "info"),
        DutyState.SHORT: (_("Belum terpenuhi"), "warning"),
        DutyState.ABOVE: (_("Di atas batas PPPK"), "warning"),
        DutyState.NO_TARGET: (_("Tanpa target"), "neutral"),
    }


def _year() -> int:
    year = request.args.get("tahun", clock.today().year, type=int)
    return year if 2000 <= year <= 2100 else clock.today().year


def _statement() -> Any:
    return accounts_statement(
        year=_year(),
        reach=reach_of(current_actor()),
        opd_id=request.args.get("opd", type=int),
        text=request.args.get("q", "").strip()[:100],
    )


def _sorts(statement: Any) -> dict[str, Any]:
    columns = statement.selected_columns
    return {
        "nama": (Employee.name, Employee.nip),
        "opd": (Opd.short_name, Employee.name),
        "disetujui": (columns.approved, Employee.name, Employee.id),
        "menunggu": (columns.waiting, Employee.name, Employee.id),
        "akan": (columns.coming, Employee.name, Employee.id),
    }


@bp.get("/jp")
@requires(P.JP_READ)
def index() -> str:
    """List the accounts of the people in reach, with the OPD above them."""
    session, statement = db.session(), _statement()
    page = listing(session, statement, sorts=_sorts(statement), default="disetujui")
    audit_read("courses:jp:list", [row.employee_id for row in page.rows])
    offices = hours_by_opd(
        session,
        year=_year(),
        reach=reach_of(current_actor()),
        opd_id=request.args.get("opd", type=int),
    )
    this = clock.today().year
    return render_template(
        "jp/index.html",
        page=page,
        offices=offices,
        duties=duties(session, year=_year()),
        words=state_words(),
        year=_year(),
        years=[(number, str(number)) for number in range(this - 4, this + 2)],
        opd_options=[(row.id, row.short_name) for row in opd_in_force(session)],
    )


@bp.get("/jp/unduh.xlsx")
@requires(P.JP_READ)
def download() -> Any:
    """Return the accounts of the list as a workbook."""
    session, statement = db.session(), _statement()
    known = duties(session, year=_year())
    ids = [row.employee_id for row in session.execute(statement)]
    audit_read("courses:jp:export", ids, year=_year())
    sorts = _sorts(statement)
    columns = _columns(known)
    return export(
        session, statement, columns, sorts=sorts, default="disetujui", name=f"jp-{_year()}"
    )


def _columns(known: Duties) -> list[ExportColumn]:
    words = state_words()
    return [
        ExportColumn(_("NIP"), lambda row: row.nip, ColumnKind.TEXT, 22),
        ExportColumn(_("Nama"), lambda row: row.name, width=32),
        ExportColumn(_("OPD"), lambda row: row.opd, width=24),
        ExportColumn(_("Status"), lambda row: row.kind, width=10),
        ExportColumn(_("JP disetujui"), lambda row: int(row.approved), width=14),
        ExportColumn(_("JP menunggu"), lambda row: int(row.waiting), width=14),
        ExportColumn(_("JP akan datang"), lambda row: int(row.coming), width=14),
        ExportColumn(_("Target"), lambda row: known.of(row.kind).least, width=10),
        ExportColumn(_("Keadaan"), lambda row: words[known.state(row)][0], width=26),
    ]


@bp.get("/jp/saya")
@requires(P.JP_CLAIM)
def mine() -> str:
    """Show the own claims and the hours of the year."""
    employee = _self()
    session = db.session()
    return render_template(
        "jp/mine.html",
        claims=claims_of(session, employee_id=employee.id),
        jp=jp_of_year(session, employee=employee, year=clock.today().year),
        forms=forms_in_force(session),
    )


@bp.route("/jp/klaim/baru", methods=["GET", "POST"])
@requires(P.JP_CLAIM)
def new() -> Any:
    """Claim hours for learning elsewhere with a proof."""
    form = ClaimHoursForm()
    form.offer(forms_in_force(db.session()), english=str(get_locale()) == "en")
    if form.validate_on_submit():
        try:
            _send(form)
        except DomainError as error:
            form.refuse(error)
        else:
            flash(_("Klaim JP terkirim dan menunggu pemeriksaan."), "success")
            return redirect(url_for(".mine"), 303)
    page = render_template("jp/new.html", form=form, max_mb=MAX_MB)
    return page, 422 if form.errors else 200


def _send(form: ClaimHoursForm) -> None:
    actor = current_actor()
    with transaction(actor) as session:
        employee = _self()
        upload = form.proof.data
        stored = store_upload(
            session,
            stream=upload.stream,
            filename=upload.filename or "",
            purpose=PROOF,
            allowed=ACCEPTED,
            owner_employee_id=employee.id,
            actor=actor,
            max_mb=MAX_MB,
        )
        claim_hours(
            session, actor=actor, employee=employee, values=form.values(), file_id=stored.id
        )


@bp.get("/jp/klaim")
@requires(P.JP_VERIFY)
def queue() -> str:
    """Show the claims that wait, the oldest first."""
    claims = claims_waiting(db.session())
    audit_read("courses:jp:queue", [claim.employee_id for claim in claims])
    return render_template("jp/queue.html", claims=claims, forms=forms_in_force(db.session()))


@bp.post("/jp/klaim/<int:claim_id>")
@requires(P.JP_VERIFY)
def decide(claim_id: int) -> Any:
    """Approve or return a claim."""
    approves = request.form.get("langkah") == "setuju"
    try:
        with transaction(current_actor()) as session:
            claim = session.get(JpClaim, claim_id)
            if claim is None:
                raise NotFound
            check(P.JP_VERIFY, claim)
            decide_claim(
                session,
                actor=current_actor(),
                claim=claim,
                jp=(request.form.get("jp", type=int) or 0) if approves else None,
                answer=request.form.get("answer", "")[:500],
                expected_version=request.form.get("version", type=int),
            )
    except DomainError as error:
        if isinstance(error, NotFound):
            raise
        flash(render(error.message), "danger")
    else:
        flash(_("Klaim disetujui.") if approves else _("Klaim dikembalikan."), "success")
    return redirect(url_for(".queue"), 303)


def _self() -> Employee:
    number = current_actor().employee_id
    employee = find_employee(db.session(), number) if number else None
    if employee is None:
        raise NotFound
    check(P.JP_CLAIM, employee)
    return employee
