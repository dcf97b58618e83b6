"""Own data and rights: who looked and why, contesting a datum, consent to what is optional."""

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import HiddenField, RadioField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length

from app.core.db import db, transaction
from app.core.errors import DomainError, NotFound
from app.core.permissions import Permission as P
from app.web.access import current_actor, requires
from app.web.claims.forms import put_error
from app.web.filters import tanggal
from app.web.forms_base import BaseForm
from app.web.i18n import render
from app.web.profile import right_words
from app.web.profile.routes import bp, own_person
from skills.models import DataContest
from skills.queries.rights import consents_of, contests_of, find_contest, level_rows, visits
from skills.services.rights import (
    PURPOSES,
    answer_days,
    contest_kinds,
    file_contest,
    has_consent,
    set_consent,
    withdraw_contest,
)

PAGE = 25


class ContestForm(BaseForm):
    """Which datum is wrong, and what would be right."""

    kind = RadioField(
        _l("Data yang mana?"), validators=[InputRequired(_l("Pilih data yang Anda sanggah."))]
    )
    subject = StringField(
        _l("Data yang keliru"),
        description=_l("Misalnya: golongan, tahun lulus, atau level sebuah kompetensi."),
        validators=[Length(max=160)],
    )
    statement = TextAreaField(
        _l("Apa yang keliru, dan apa yang benar?"),
        description=_l("Sebutkan dokumen yang membuktikannya bila ada."),
        validators=[Length(max=4000)],
    )
    row = HiddenField()


@bp.get("/data-saya")
@requires(P.CLAIM_EDIT)
def rights() -> str:
    """Show what a person may ask about the own data, and what was asked so far."""
    employee, session = own_person(), db.session()
    return render_template(
        "profile/rights.html",
        visits=visits(
            session,
            employee_id=employee.id,
            own_account_id=current_actor().account_id,
            limit=5,
            people_only=True,
        ),
        contests=contests_of(session, employee.id),
        consents=[
            {
                "purpose": purpose,
                "given": has_consent(session, employee_id=employee.id, purpose=purpose),
                **right_words.consent_words(purpose),
            }
            for purpose in PURPOSES
        ],
        past=consents_of(session, employee.id),
        **right_words.helpers(),
    )


@bp.get("/profil/akses")
@requires(P.CLAIM_EDIT)
def readers() -> str:
    """Show who looked at one's data or changed it, in which role and for what."""
    employee = own_person()
    before = request.args.get("sebelum", type=int)
    rows = visits(
        db.session(),
        employee_id=employee.id,
        own_account_id=current_actor().account_id,
        before=before,
        limit=PAGE + 1,
    )
    older = rows[PAGE - 1].id if len(rows) > PAGE else None
    return render_template(
        "profile/readers.html",
        rows=rows[:PAGE],
        older=older,
        newer=before is not None,
        **right_words.helpers(),
    )


@bp.post("/data-saya/persetujuan")
@requires(P.CLAIM_EDIT)
def change_consent() -> Any:
    """Give or withdraw consent to an optional processing."""
    given = request.form.get("setuju") == "1"
    with transaction(current_actor()) as session:
        set_consent(
            session,
            employee_id=own_person().id,
            purpose=request.form.get("tujuan", ""),
            given=given,
        )
    flash(
        _("Persetujuan dicatat.") if given else _("Persetujuan dicabut dan langsung berlaku."),
        "success",
    )
    return redirect(url_for(".rights") + "#persetujuan", 303)


@bp.get("/data-saya/sanggah")
@requires(P.CLAIM_EDIT)
def new_contest() -> str:
    """Show the form of a contest; a level can be named by the row of its history."""
    row_id = request.args.get("baris", type=int)
    values: dict[str, Any] = {"kind": request.args.get("jenis"), "row": row_id}
    if row_id is not None:
        line = _level_row(row_id)
        values |= {"kind": "level", "subject": right_words.level_subject(line)}
    return _contest_page(_contest_form(formdata=None, **values), row_id)


@bp.post("/data-saya/sanggah")
@requires(P.CLAIM_EDIT)
def contest() -> Any:
    """File a contest."""
    form = _contest_form()
    row_id = int(form.row.data) if str(form.row.data or "").isdigit() else None
    if not form.validate_on_submit():
        return _contest_page(form, row_id), 422
    try:
        with transaction(current_actor()) as session:
            filed = file_contest(
                session,
                employee_id=own_person().id,
                kind=form.kind.data,
                subject=form.subject.data or "",
                statement=form.statement.data or "",
                level_record_id=row_id,
            )
            due = filed.due_on
    except NotFound:
        raise
    except DomainError as error:
        if not put_error(form, error):
            form.form_errors.append(render(error.message))
        return _contest_page(form, row_id), 422
    flash(_("Sanggahan dikirim. Jawabannya paling lambat %(date)s.", date=tanggal(due)), "success")
    return redirect(url_for(".rights") + "#sanggahan", 303)


@bp.post("/data-saya/sanggah/<int:contest_id>/tarik")
@requires(P.CLAIM_EDIT)
def take_contest_back(contest_id: int) -> Any:
    """Take back one's own contest."""
    with transaction(current_actor()) as session:
        withdraw_contest(session, contest=_contest(contest_id), actor=current_actor())
    flash(_("Sanggahan ditarik."), "success")
    return redirect(url_for(".rights") + "#sanggahan", 303)


def _contest(contest_id: int) -> DataContest:
    found = find_contest(db.session(), contest_id)
    if found is None:
        raise NotFound
    return found


def _level_row(row_id: int) -> Any:
    rows = level_rows(db.session(), [row_id])
    if row_id not in rows or rows[row_id].employee_id != own_person().id:
        raise NotFound
    return rows[row_id]


def _contest_form(**values: Any) -> ContestForm:
    form = ContestForm(**values)
    form.kind.choices = [
        (row["code"], right_words.row_name(row)) for row in contest_kinds(db.session())
    ]
    return form


def _contest_page(form: ContestForm, row_id: int | None) -> str:
    session = db.session()
    days = {row["code"]: answer_days(session, row["code"]) for row in contest_kinds(session)}
    return render_template(
        "profile/contest.html",
        form=form,
        days=max(days.values()),
        line=_level_row(row_id) if row_id is not None else None,
    )
