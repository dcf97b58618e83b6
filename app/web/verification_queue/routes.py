"""The queue of claims, the review of one beside its evidence, and the decision about it."""

from typing import Any
from urllib.parse import parse_qsl

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import get_locale, ngettext
from flask_babel import gettext as _
from werkzeug.datastructures import MultiDict

from app.core import clock
from app.core.db import db, transaction
from app.core.errors import Conflict, DomainError, NotFound
from app.core.permissions import Permission as P
from app.web.access import audit_read, can, check, current_actor, requires
from app.web.claims.forms import put_error
from app.web.i18n import render
from app.web.listing import listing
from app.web.profile import words
from app.web.verification_queue.forms import AcceptForm, ReturnForm
from skills.enums import ClaimState
from skills.models import Claim
from skills.queries.claims import (
    QueueFilter,
    areas,
    claims_by_id,
    evidence_files,
    filtered_claims,
    find_claim,
    next_in_queue,
    queue_sorts,
    queue_statement,
    rejection_reasons,
    twins,
)
from skills.queries.claims_overview import queue_ages
from skills.queries.level_story import level_story
from skills.queries.organisation import opd_in_force
from skills.services.claims import WAITING, valid_until
from skills.services.verification import accept_claim, accept_claims, return_claim

bp = Blueprint("verification_queue", __name__)
bp.context_processor(words.helpers)

SLOW_DAYS = 14
MOST = 200  # claims that one click accepts; more is a matter of looking closer


@bp.get("/verifikasi")
@requires(P.CLAIM_VERIFY)
def index() -> str:
    """List the claims that wait for the signed-in verifier, the oldest first."""
    session = db.session()
    page = listing(session, _statement(request.args), sorts=queue_sorts(), default="lama")
    if page.rows:
        audit_read("skills:claim:list", {claim.employee_id for claim in page.rows})
    return render_template(
        "verification_queue/index.html",
        page=page,
        twins=twins(session, page.rows),
        area_options=[(area.id, words.named(area)) for area in areas(session)],
        opd_options=[(row.id, row.short_name) for row in opd_in_force(session)],
        slow_days=SLOW_DAYS,
        ages=queue_ages(session, actor=current_actor(), slow_days=SLOW_DAYS),
        now=int(clock.now().timestamp()),
        may_delegate=can(P.CLAIM_DELEGATE),
    )


def _statement(args: Any) -> Any:
    stage = args.get("tahap")
    return queue_statement(
        current_actor(),
        QueueFilter(
            opd_id=args.get("opd", type=int),
            area_id=args.get("bidang", type=int),
            stage=stage if stage in (ClaimState.SUBMITTED, ClaimState.UNIT_ACCEPTED) else None,
            text=args.get("q", "").strip()[:100] or None,
            older_than_days=SLOW_DAYS if args.get("lama") else None,
        ),
    )


@bp.post("/verifikasi/terima")
@requires(P.CLAIM_VERIFY)
def accept_many() -> Any:
    """Accept the ticked claims at the level claimed, or all that the filters leave.

    A ticked claim carries the version that was seen. Of the whole set only those go along that
    waited when the page was shown and of which no twin is known; the others are looked at one by
    one.
    """
    query = request.form.get("saringan", "")
    back = redirect(url_for(".index") + (f"?{query}" if query else ""), 303)
    if request.form.get("semua"):
        return _accept_all(query, back)
    versions = _versions(request.form.getlist("klaim"))
    if not versions:
        flash(_("Centang paling sedikit satu klaim."), "warning")
        return back
    _accept(versions)
    return back


def _accept_all(query: str, back: Any) -> Any:
    session, args = db.session(), MultiDict(parse_qsl(query))
    shown = request.form.get("dilihat", type=int) or 0
    waiting = filtered_claims(session, _statement(args), before=shown, most=MOST + 1)
    flagged = twins(session, waiting)
    clean = [claim for claim in waiting if not flagged.get(claim.id)]
    if len(waiting) > MOST:
        flash(
            _("Paling banyak %(most)s klaim sekali terima. Persempit saringannya.", most=MOST),
            "warning",
        )
        return back
    if clean:
        _accept({claim.id: claim.version for claim in clean})
    left = len(waiting) - len(clean)
    if left:
        flash(
            ngettext(
                "%(num)d klaim dengan bukti serupa tidak ikut; periksa satu per satu.",
                "%(num)d klaim dengan bukti serupa tidak ikut; periksa satu per satu.",
                left,
            ),
            "warning",
        )
    return back


def _accept(versions: dict[int, int]) -> None:
    with transaction(current_actor()) as session:
        claims = claims_by_id(session, list(versions), lock=True)
        for claim in claims:
            check(P.CLAIM_VERIFY, claim)
        done, refused = accept_claims(
            session, actor=current_actor(), versions=versions, claims=claims
        )
        accepted = len(done)
        reasons = [(claim.employee.name, message) for claim, message in refused]
    if accepted:
        flash(ngettext("%(num)d klaim diterima.", "%(num)d klaim diterima.", accepted), "success")
    for name, message in reasons[:5]:
        flash(f"{name}: {render(message)}", "warning")
    if len(reasons) > 5:
        flash(
            _("dan %(count)s klaim lain tidak dapat diterima.", count=len(reasons) - 5), "warning"
        )


def _versions(values: list[str]) -> dict[int, int]:
    found = {}
    for value in values:
        claim_id, _dot, version = value.partition(".")
        if claim_id.isdigit() and version.isdigit():
            found[int(claim_id)] = int(version)
    return found


@bp.get("/verifikasi/<int:claim_id>")
@requires(P.CLAIM_VERIFY)
def review(claim_id: int) -> str:
    """Show the evidence beside the behaviours of the level, and what speaks against it."""
    claim = _claim(claim_id)
    audit_read("skills:claim:read", [claim.employee_id], subject=claim)
    level = claim.decided_level or claim.level
    accept = AcceptForm(formdata=None, level=level, version=claim.version)
    back = ReturnForm(formdata=None, version=claim.version)
    return _review_page(claim, accept, back)


def _review_page(claim: Claim, accept: AcceptForm, back: ReturnForm) -> str:
    session = db.session()
    reasons = rejection_reasons(session)
    return render_template(
        "verification_queue/review.html",
        claim=claim,
        files=evidence_files(session, [claim]).get(claim.id, []),
        twins=twins(session, [claim]).get(claim.id, []),
        story=level_story(session, claim.employee_id, claim.competency_id),
        until=valid_until(claim, clock.today()),
        waits=claim.state in WAITING,
        accept_form=accept,
        return_form=back.offer(reasons, str(get_locale()) == "en"),
        level_options=range(1, claim.level + 1),
        slow_days=SLOW_DAYS,
    )


@bp.post("/verifikasi/<int:claim_id>/terima")
@requires(P.CLAIM_VERIFY)
def accept(claim_id: int) -> Any:
    """Accept a claim."""
    form = AcceptForm()
    claim = _claim(claim_id)
    if not form.validate_on_submit():
        return _review_page(claim, form, ReturnForm(formdata=None, version=claim.version)), 422
    try:
        with transaction(current_actor()) as session:
            claim = _claim(claim_id, lock=True)
            following = next_in_queue(session, actor=current_actor(), after=claim)
            accept_claim(
                session,
                actor=current_actor(),
                claim=claim,
                level=form.level.data,
                note=(form.note.data or "").strip() or None,
                expected_version=form.version.data,
            )
            handed_on = claim.state == ClaimState.UNIT_ACCEPTED
    except DomainError as error:
        if isinstance(error, Conflict) or not put_error(form, error):
            raise
        claim = _claim(claim_id)
        return _review_page(claim, form, ReturnForm(formdata=None, version=claim.version)), 422
    flash(
        _("Diterima di tahap pertama dan diteruskan ke asesor kota.")
        if handed_on
        else _("Klaim diterima. Levelnya langsung dihitung."),
        "success",
    )
    return _go_on(following)


@bp.post("/verifikasi/<int:claim_id>/kembalikan")
@requires(P.CLAIM_VERIFY)
def send_back(claim_id: int) -> Any:
    """Return a claim to its owner."""
    claim = _claim(claim_id)
    form = ReturnForm().offer(rejection_reasons(db.session()), str(get_locale()) == "en")
    accept_form = AcceptForm(formdata=None, level=claim.level, version=claim.version)
    if not form.validate_on_submit():
        return _review_page(claim, accept_form, form), 422
    try:
        with transaction(current_actor()) as session:
            claim = _claim(claim_id, lock=True)
            following = next_in_queue(session, actor=current_actor(), after=claim)
            return_claim(
                session,
                actor=current_actor(),
                claim=claim,
                reason_code=form.reason_code.data,
                text=form.text.data or "",
                expected_version=form.version.data,
            )
    except DomainError as error:
        if isinstance(error, Conflict) or not put_error(form, error):
            raise
        return _review_page(_claim(claim_id), accept_form, form), 422
    flash(_("Klaim dikembalikan kepada pemiliknya dengan alasannya."), "success")
    return _go_on(following)


def _go_on(following: int | None) -> Any:
    if following is None:
        return redirect(url_for(".index"), 303)
    return redirect(url_for(".review", claim_id=following), 303)


def _claim(claim_id: int, *, lock: bool = False) -> Claim:
    claim = find_claim(db.session(), claim_id, lock=lock)
    if claim is None or claim.submitted_at is None:
        raise NotFound
    check(P.CLAIM_VERIFY, claim)
    return claim
