"""A claim in three steps: choose, drop the evidence, check and send; and its own page after."""

from typing import Any, BinaryIO, cast

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from app.core.db import db, transaction
from app.core.errors import DomainError, NotFound
from app.core.files.services import find_file, path_of, remove_file, store_upload
from app.core.permissions import Permission as P
from app.web.access import check, current_actor, requires
from app.web.claims.forms import ChoiceForm, ClaimForm, put_error
from app.web.i18n import render
from app.web.profile import words
from skills.models import Claim
from skills.queries.claims import evidence_files, find_claim, rejection_reasons
from skills.queries.dictionary import competency_choices, find_competency
from skills.queries.profile import held_levels
from skills.services import claims
from skills.services.evidence_text import read_evidence

bp = Blueprint("claims", __name__)
bp.context_processor(words.helpers)

ACCEPTED = frozenset({"pdf", "jpg", "png"})
MAX_MB = 10


@bp.get("/profil/klaim/baru")
@requires(P.CLAIM_EDIT)
def new() -> str:
    """Show step one: the competencies, and the behaviours of the chosen one."""
    chosen = request.args.get("kompetensi", type=int)
    return _choice_page(ChoiceForm(formdata=None), chosen, request.args.get("level", type=int))


def _choice_page(form: ChoiceForm, chosen: int | None, level: int | None) -> str:
    session = db.session()
    competency = find_competency(session, chosen) if chosen else None
    held = {
        row.competency.id: row for row in held_levels(session, current_actor().employee_id or 0)
    }
    return render_template(
        "claims/new.html",
        form=form,
        competency=competency,
        level=level,
        held=held,
        groups=competency_choices(session),
    )


@bp.post("/profil/klaim/baru")
@requires(P.CLAIM_EDIT)
def start() -> Any:
    """Keep the choice as a draft and go on to the evidence."""
    form = ChoiceForm()
    if not form.validate_on_submit():
        return _choice_page(form, form.competency_id.data, form.level.data), 422
    try:
        with transaction(current_actor()) as session:
            claim = claims.start_claim(
                session,
                actor=current_actor(),
                competency_id=form.competency_id.data or 0,
                level=form.level.data or 0,
            )
            claim_id = claim.id
    except DomainError as error:
        if not put_error(form, error):
            form.form_errors.append(render(error.message))
        return _choice_page(form, form.competency_id.data, form.level.data), 422
    return redirect(url_for(".evidence_page", claim_id=claim_id), 303)


@bp.get("/profil/klaim/<int:claim_id>/bukti")
@requires(P.CLAIM_EDIT)
def evidence_page(claim_id: int) -> Any:
    """Show step two: the files, and a place to drop one."""
    claim = _own_claim(claim_id)
    if claim.state not in claims.EDITABLE:
        return redirect(url_for(".show", claim_id=claim_id))
    return _evidence_page(claim, [])


def _evidence_page(claim: Claim, errors: list[str]) -> str:
    return render_template(
        "claims/evidence.html",
        claim=claim,
        files=evidence_files(db.session(), [claim]).get(claim.id, []),
        errors=errors,
        max_mb=MAX_MB,
        max_files=claims.MAX_FILES,
    )


@bp.post("/profil/klaim/<int:claim_id>/bukti")
@requires(P.CLAIM_EDIT)
def add_evidence(claim_id: int) -> Any:
    """Keep a dropped file and read from it what it says plainly."""
    upload = request.files.get("file")
    if upload is None or not upload.filename:
        if not _own_claim(claim_id).evidence:
            return _evidence_page(_own_claim(claim_id), [_("Pilih berkas buktinya dahulu.")]), 422
        return redirect(url_for(".check_page", claim_id=claim_id), 303)
    try:
        with transaction(current_actor()) as session:
            claim = _own_claim(claim_id)
            stored = store_upload(
                session,
                stream=cast(BinaryIO, upload.stream),
                filename=upload.filename,
                purpose="evidence",
                allowed=ACCEPTED,
                owner_employee_id=claim.employee_id,
                actor=current_actor(),
                max_mb=MAX_MB,
            )
            claims.attach_evidence(session, claim=claim, file_id=stored.id)
            path, media_type = path_of(stored), stored.media_type
    except DomainError as error:
        return _evidence_page(_own_claim(claim_id), [render(error.message)]), 422
    read = claims.unstated(_own_claim(claim_id), read_evidence(path, media_type).found)
    if read:
        with transaction(current_actor()) as session:
            claims.fill_claim(
                session, actor=current_actor(), claim=_own_claim(claim_id), found=read
            )
    return redirect(url_for(".check_page", claim_id=claim_id, terbaca=",".join(read) or "-"), 303)


@bp.post("/profil/klaim/<int:claim_id>/bukti/<int:file_id>/lepas")
@requires(P.CLAIM_EDIT)
def remove_evidence(claim_id: int, file_id: int) -> Any:
    """Take a file off a draft."""
    with transaction(current_actor()) as session:
        claim = _own_claim(claim_id)
        stored = find_file(session, file_id)
        if stored is None or all(row.file_id != file_id for row in claim.evidence):
            raise NotFound
        claims.detach_evidence(session, claim=claim, file_id=file_id)
        if claim.submitted_at is None:  # what a verifier has seen is kept
            remove_file(session, stored=stored, actor=current_actor())
    flash(_("Berkas dilepas dari klaim."), "success")
    return redirect(url_for(".evidence_page", claim_id=claim_id), 303)


@bp.get("/profil/klaim/<int:claim_id>/periksa")
@requires(P.CLAIM_EDIT)
def check_page(claim_id: int) -> Any:
    """Show step three: what the evidence says, to be confirmed and sent."""
    claim = _own_claim(claim_id)
    if claim.state not in claims.EDITABLE:
        return redirect(url_for(".show", claim_id=claim_id))
    return _check_page(claim, ClaimForm(formdata=None, obj=claim))


def _check_page(claim: Claim, form: ClaimForm) -> str:
    session = db.session()
    return render_template(
        "claims/check.html",
        claim=claim,
        form=form,
        files=evidence_files(session, [claim]).get(claim.id, []),
        reasons=rejection_reasons(session),
        read=set(request.args.get("terbaca", "").split(",")),
        behaviours=next(
            (b for n, b in words.level_choices(claim.competency) if n == claim.level), []
        ),
    )


@bp.post("/profil/klaim/<int:claim_id>/periksa")
@requires(P.CLAIM_EDIT)
def check_and_send(claim_id: int) -> Any:
    """Save the fields; with the button to send, hand the claim to the verifiers as well."""
    form = ClaimForm()
    claim = _own_claim(claim_id)
    if claim.state in claims.WAITING:  # the second click of a double click
        return redirect(url_for(".show", claim_id=claim_id), 303)
    if not form.validate_on_submit():
        return _check_page(claim, form), 422
    send = request.form.get("aksi") == "kirim"
    try:
        with transaction(current_actor()) as session:
            claim = _own_claim(claim_id)
            claims.save_claim(
                session, actor=current_actor(), values=form.values(claim), claim=claim
            )
    except DomainError as error:
        return _refused(claim_id, form, error)
    if not send:
        flash(_("Draf disimpan. Anda dapat melanjutkannya kapan saja."), "success")
        return redirect(url_for(".show", claim_id=claim_id), 303)
    try:  # the draft above is kept whatever becomes of the sending
        with transaction(current_actor()) as session:
            claims.submit_claim(session, actor=current_actor(), claim=_own_claim(claim_id))
    except DomainError as error:
        return _refused(claim_id, form, error)
    flash(_("Klaim dikirim. Kami memberi tahu Anda begitu diperiksa."), "success")
    return redirect(url_for(".show", claim_id=claim_id), 303)


def _refused(claim_id: int, form: ClaimForm, error: DomainError) -> Any:
    if error.field == "file":
        return _evidence_page(_own_claim(claim_id), [render(error.message)]), 422
    if not put_error(form, error):
        form.form_errors.append(render(error.message))
    return _check_page(_own_claim(claim_id), form), 422


@bp.get("/profil/klaim/<int:claim_id>")
@requires(P.CLAIM_EDIT)
def show(claim_id: int) -> str:
    """Show a claim of one's own: who has it, since when, and what happened so far."""
    claim = _own_claim(claim_id)
    session = db.session()
    return render_template(
        "claims/show.html",
        claim=claim,
        files=evidence_files(session, [claim]).get(claim.id, []),
        reasons={reason.code: reason for reason in rejection_reasons(session)},
        editable=claim.state in claims.EDITABLE,
        withdrawable=claim.state in (*claims.EDITABLE, *claims.WAITING),
    )


@bp.post("/profil/klaim/<int:claim_id>/tarik")
@requires(P.CLAIM_EDIT)
def withdraw(claim_id: int) -> Any:
    """Take back an undecided claim."""
    with transaction(current_actor()) as session:
        claims.withdraw_claim(session, actor=current_actor(), claim=_own_claim(claim_id))
    flash(_("Klaim ditarik dan tidak lagi dihitung."), "success")
    return redirect(url_for(".show", claim_id=claim_id), 303)


def _own_claim(claim_id: int) -> Claim:
    claim = find_claim(db.session(), claim_id)
    if claim is None:
        raise NotFound
    check(P.CLAIM_EDIT, claim)
    return claim
