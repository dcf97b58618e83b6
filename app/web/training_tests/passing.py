"""What passing a course asks: attendance, score, the filled evaluation form."""

from typing import Any

from flask import flash, redirect, render_template, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, IntegerField
from wtforms.validators import InputRequired, NumberRange
from wtforms.validators import Optional as Maybe

from app.core.db import db, transaction
from app.core.errors import DomainError, NotFound
from app.core.permissions import Permission as P
from app.web.access import current_actor, requires
from app.web.forms_base import BaseForm
from app.web.i18n import render
from app.web.training_questions.bank import find_bank
from app.web.training_tests.taking import bp
from courses.rules import PassRule
from courses.services.pass_rules import sessions_bound, set_pass_rule


class PassForm(BaseForm):
    """What passing asks."""

    attendance_min = IntegerField(
        _l("Kehadiran paling sedikit (persen)"), validators=[InputRequired(), NumberRange(0, 100)]
    )
    score_min = IntegerField(_l("Nilai paling rendah"), validators=[Maybe(), NumberRange(0, 100)])
    evaluation_required = BooleanField(_l("Formulir evaluasi harus diisi"))


@bp.route("/pelatihan/kursus/<int:course_id>/syarat-lulus", methods=["GET", "POST"])
@requires(P.COURSE_MANAGE)
def pass_rule(course_id: int) -> Any:
    """Show and change what passing a course asks."""
    course = find_bank(db.session(), course_id)
    form = PassForm(obj=course)
    if form.validate_on_submit():
        try:
            with transaction(current_actor()) as session:
                rule = PassRule(
                    form.attendance_min.data, form.score_min.data, form.evaluation_required.data
                )
                set_pass_rule(session, course=find_bank(session, course_id), rule=rule)
        except DomainError as error:
            if isinstance(error, NotFound):
                raise
            form.attendance_min.errors = [render(error.message)]
        else:
            flash(_("Syarat kelulusan tersimpan."), "success")
            return redirect(url_for("training.course", course_id=course_id), 303)
    page = render_template(
        "training_tests/passing.html",
        course=find_bank(db.session(), course_id),
        form=form,
        bound=sessions_bound(db.session(), course_id),
    )
    return page, 422 if form.errors else 200
