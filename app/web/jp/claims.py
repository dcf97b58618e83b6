"""Hours claimed for learning elsewhere: one's own, sending one, and the queue of approval."""

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_babel import get_locale
from flask_babel import gettext as _

from app.core.db import db, find_row, transaction
from app.core.errors import DomainError, NotFound
from app.core.files.services import store_upload
from app.core.paging import total_of
from app.core.permissions import Permission as P
from app.web.access import audit_read, check, current_actor, requires
from app.web.i18n import render
from app.web.jp.forms import ClaimHoursForm
from app.web.jp.site import bp, chosen_year, own_self, year_options
from courses.models import JpClaim
from courses.planning_access import PROOF, reach_of
from courses.queries.jp import claims_of, claims_waiting, forms_in_force, person_year
from courses.queries.open_records import open_records_statement
from courses.services.jp_account import claim_hours, decide_claim

ACCEPTED = frozenset({"pdf", "jpg", "jpeg", "png"})
MAX_MB = 10


@bp.get("/jp/saya")
@requires(P.JP_CLAIM)
def mine() -> str:
    """Show one's own account of the year and the claims."""
    employee, session = own_self(), db.session()
    return render_template(
        "jp/mine.html",
        claims=claims_of(session, employee_id=employee.id),
        found=person_year(session, employee=employee, year=chosen_year()),
        forms=forms_in_force(session),
        year=chosen_year(),
        years=year_options(),
    )


@bp.route("/jp/klaim/baru", methods=["GET", "POST"])
@requires(P.JP_CLAIM)
def new() -> Any:
    """Claim hours for learning elsewhere with a proof."""
    form, forms = ClaimHoursForm(), forms_in_force(db.session())
    form.offer(forms, english=str(get_locale()) == "en")
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
        employee = own_self()
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
    actor = current_actor()
    others = open_records_statement(reach=reach_of(actor), without=actor.employee_id)
    return render_template(
        "jp/queue.html",
        claims=claims,
        forms=forms_in_force(db.session()),
        unclaimed=total_of(db.session(), others),
    )


@bp.post("/jp/klaim/<int:claim_id>")
@requires(P.JP_VERIFY)
def decide(claim_id: int) -> Any:
    """Approve or return a claim."""
    approves = request.form.get("langkah") == "setuju"
    try:
        with transaction(current_actor()) as session:
            claim = find_row(session, JpClaim, claim_id)
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
