"""What people say is wrong about their data: the queue with deadlines, and the answer."""

from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, HiddenField, RadioField, TextAreaField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Length

from app.core import clock
from app.core.db import db, transaction
from app.core.errors import Conflict, DomainError, NotFound
from app.core.permissions import Permission as P
from app.core.spreadsheet.writer import ColumnKind
from app.web.access import audit_read, check, current_actor, requires
from app.web.claims.forms import put_error
from app.web.forms_base import BaseForm
from app.web.i18n import render
from app.web.listing import ExportColumn, export, listing
from app.web.profile import right_words, words
from skills.models import DataContest, Employee
from skills.queries.level_story import level_story
from skills.queries.rights import (
    ContestFilter,
    contested_people,
    contests_statement,
    find_contest,
    level_rows,
)
from skills.services.rights import answer_contest, contest_kinds

bp = Blueprint("contests", __name__)
bp.context_processor(words.helpers)
bp.context_processor(right_words.helpers)

SORTS = {
    "tenggat": (DataContest.due_on, DataContest.id),
    "nama": (Employee.name, DataContest.id),
    "masuk": (DataContest.filed_at, DataContest.id),
}


class AnswerForm(BaseForm):
    """The outcome with its reasons."""

    outcome = RadioField(
        _l("Hasil"),
        choices=[
            SelectChoice("corrected", _l("Sanggahan benar; data diperbaiki")),
            SelectChoice("refused", _l("Data sudah benar; sanggahan ditolak")),
        ],
        validators=[InputRequired(_l("Pilih hasilnya."))],
    )
    withdraw_level = BooleanField(
        _l("Batalkan baris level yang disanggah; level yang berlaku langsung dihitung ulang")
    )
    answer = TextAreaField(
        _l("Alasan dan tindak lanjut"),
        description=_l("Dibaca pemilik data. Sebutkan apa yang diperiksa dan diperbaiki."),
        validators=[Length(max=4000)],
    )
    version = HiddenField(validators=[InputRequired()])


@bp.get("/sanggahan")
@requires(P.CONTEST_ANSWER)
def index() -> str:
    """List the contests, the nearest deadline first."""
    session = db.session()
    page = listing(session, _statement(), sorts=SORTS, default="tenggat")
    if page.rows:
        audit_read("skills:contest:list", {row.employee_id for row in page.rows})
    return render_template(
        "contests/index.html",
        page=page,
        kinds=_kinds(),
        open_only=not request.args.get("keadaan"),
    )


@bp.get("/sanggahan/unduh.xlsx")
@requires(P.CONTEST_ANSWER)
def download() -> Any:
    """Give the contests of the list as a workbook."""
    session, statement = db.session(), _statement()
    audit_read("skills:contest:export", contested_people(session, statement))
    kinds, states = _kinds(), right_words.contest_states()
    columns = [
        ExportColumn(_("Tenggat"), lambda row: row.due_on, width=14),
        ExportColumn(_("Pegawai"), lambda row: row.employee.display_name, width=32),
        ExportColumn(_("NIP"), lambda row: row.employee.nip, ColumnKind.TEXT, 22),
        ExportColumn(_("OPD"), lambda row: row.employee.opd.short_name, width=24),
        ExportColumn(_("Jenis"), lambda row: kinds.get(row.kind, row.kind), width=28),
        ExportColumn(_("Data"), lambda row: row.subject, width=40),
        ExportColumn(_("Sanggahan"), lambda row: row.statement, width=60),
        ExportColumn(_("Keadaan"), lambda row: states[row.state][0], width=22),
        ExportColumn(_("Jawaban"), lambda row: row.answer, width=60),
    ]
    return export(
        session, statement, columns, sorts=SORTS, default="tenggat", name=_("sanggahan-data")
    )


def _statement() -> Any:
    args = request.args
    state = args.get("keadaan", "open")
    return contests_statement(
        current_actor(),
        ContestFilter(
            state=None if state == "semua" else state,
            kind=args.get("jenis") or None,
            text=args.get("q", "").strip()[:100] or None,
            overdue_on=clock.today() if args.get("lewat") else None,
        ),
    )


def _kinds() -> dict[str, str]:
    return {row["code"]: right_words.row_name(row) for row in contest_kinds(db.session())}


@bp.get("/sanggahan/<int:contest_id>")
@requires(P.CONTEST_ANSWER)
def show(contest_id: int) -> str:
    """Show a contest beside the datum it speaks of."""
    contest = _contest(contest_id)
    audit_read("skills:contest:read", [contest.employee_id], subject=contest)
    return _page(contest, AnswerForm(formdata=None, version=contest.version))


def _page(contest: DataContest, form: AnswerForm) -> str:
    session = db.session()
    row_id = contest.level_record_id
    line = level_rows(session, [row_id]).get(row_id) if row_id is not None else None
    story = level_story(session, contest.employee_id, line.competency_id) if line else None
    return render_template(
        "contests/show.html",
        contest=contest,
        kind=_kinds().get(contest.kind, contest.kind),
        form=form,
        line=line,
        story=story,
        late=contest.state == "open" and contest.due_on < clock.today(),
    )


@bp.post("/sanggahan/<int:contest_id>")
@requires(P.CONTEST_ANSWER)
def answer(contest_id: int) -> Any:
    """Answer a contest; the person is told at once."""
    contest, form = _contest(contest_id), AnswerForm()
    if not form.validate_on_submit():
        return _page(contest, form), 422
    version = str(form.version.data)
    try:
        with transaction(current_actor()) as session:
            contest = _contest(contest_id, lock=True)
            answer_contest(
                session,
                contest=contest,
                outcome=form.outcome.data,
                answer=form.answer.data or "",
                version=int(version) if version.isdigit() else 0,
                actor=current_actor(),
                withdraw_level=bool(form.withdraw_level.data),
            )
    except DomainError as error:
        if isinstance(error, Conflict):
            raise
        if not put_error(form, error):
            form.form_errors.append(render(error.message))
        return _page(_contest(contest_id), form), 422
    flash(_("Jawaban dikirim kepada pemilik data."), "success")
    return redirect(url_for(".index"), 303)


def _contest(contest_id: int, *, lock: bool = False) -> DataContest:
    found = find_contest(db.session(), contest_id, lock=lock)
    if found is None or found.state == "withdrawn":
        raise NotFound
    check(P.CONTEST_ANSWER, found)
    return found
