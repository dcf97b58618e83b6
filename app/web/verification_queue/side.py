"""Beside the queue: handing it over for some days, and what the auditor should look at."""

from typing import Any

from flask import Blueprint, flash, redirect, render_template, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import DateField, SelectField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired

from app.core import clock
from app.core.actor import ScopeKind
from app.core.db import db, transaction
from app.core.errors import DomainError
from app.core.permissions import Permission as P
from app.web.access import audit_read, current_actor, requires
from app.web.claims.forms import put_error
from app.web.forms_base import BaseForm
from app.web.i18n import render
from app.web.profile import words
from skills.queries.findings import mutual_verifications, shared_numbers
from skills.services.delegation import (
    colleagues,
    delegate,
    delegations_by,
    end_delegation,
    scope_of,
)

bp = Blueprint("verification_side", __name__)
bp.context_processor(words.helpers)


class DelegationForm(BaseForm):
    """To whom, and between which days."""

    account_id = SelectField(_l("Kepada"), coerce=int, validators=[InputRequired()])
    since = DateField(_l("Mulai"), validators=[InputRequired(_l("Isi tanggal mulai."))])
    until = DateField(_l("Sampai dengan"), validators=[InputRequired(_l("Isi tanggal akhir."))])


@bp.get("/verifikasi/delegasi")
@requires(P.CLAIM_DELEGATE)
def delegations() -> str:
    """Show the hand-overs of one's own unit, and a form for another."""
    return _delegation_page(_form(formdata=None, since=clock.today()))


@bp.post("/verifikasi/delegasi")
@requires(P.CLAIM_DELEGATE)
def hand_over() -> Any:
    """Hand the verification of the unit to a colleague."""
    form = _form()
    if not form.validate_on_submit():
        return _delegation_page(form), 422
    try:
        with transaction(current_actor()) as session:
            delegate(
                session,
                actor=current_actor(),
                account_id=form.account_id.data,
                since=form.since.data,
                until=form.until.data,
            )
    except DomainError as error:
        if not put_error(form, error):
            form.form_errors.append(render(error.message))
        return _delegation_page(form), 422
    flash(_("Verifikasi didelegasikan; rekan Anda diberi tahu."), "success")
    return redirect(url_for(".delegations"), 303)


@bp.post("/verifikasi/delegasi/<int:grant_id>/akhiri")
@requires(P.CLAIM_DELEGATE)
def take_back(grant_id: int) -> Any:
    """End a hand-over at once."""
    with transaction(current_actor()) as session:
        end_delegation(session, actor=current_actor(), grant_id=grant_id)
    flash(_("Delegasi diakhiri."), "success")
    return redirect(url_for(".delegations"), 303)


def _form(**values: Any) -> DelegationForm:
    form = DelegationForm(**values)
    form.account_id.choices = [
        SelectChoice(row.id, row.name) for row in colleagues(db.session(), current_actor())
    ]
    return form


def _delegation_page(form: DelegationForm) -> str:
    return render_template(
        "verification_queue/delegations.html",
        form=form,
        rows=delegations_by(db.session(), current_actor()),
        scope=_scope_words(),
    )


def _scope_words() -> str:
    """Return what is handed over, in words."""
    scope = scope_of(current_actor())
    if scope is None or scope.scope is ScopeKind.UNIT:
        return _("verifikasi unit Anda")
    if scope.scope is ScopeKind.OPD:
        return _("verifikasi seluruh OPD Anda")
    return _("verifikasi seluruh kota, termasuk tahap kedua")


@bp.get("/verifikasi/temuan")
@requires(P.AUDIT_READ)
def findings() -> str:
    """Show what the auditor should look at."""
    session = db.session()
    mutual, shared = mutual_verifications(session), shared_numbers(session)
    people = {person.id for row in mutual for person in (row.first, row.second)}
    people |= {claim.employee_id for row in shared for claim in row.claims}
    people |= {record.employee_id for row in shared for record in row.records}
    if people:
        audit_read("skills:finding:read", people)
    return render_template("verification_queue/findings.html", mutual=mutual, shared=shared)
