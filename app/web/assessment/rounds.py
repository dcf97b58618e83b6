"""Rounds: list, draft, invitations, opening, reminders, closing."""

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext

from app.core import clock
from app.core.db import db, transaction
from app.core.errors import InvalidInput, NotFound
from app.core.permissions import Permission as P
from app.web.access import audit_read, current_actor, requires
from app.web.assessment import words
from app.web.assessment.forms import RoundForm
from app.web.assessment.rating import bp
from app.web.auth.forms import show_error
from app.web.listing import listing
from app.web.people.forms import POSITION_WORDS
from skills.models import AssessmentRound
from skills.queries import assessment as queries
from skills.queries.organisation import opd_in_force
from skills.services import assessment_opening, assessment_rounds
from skills.services.assessment_closing import close_round


@bp.get("/putaran")
@requires(P.ASSESSMENT_WATCH)
def rounds() -> str:
    """List the rounds with their progress."""
    statement = queries.rounds_statement(
        state=request.args.get("status", ""), text=request.args.get("q", "")
    )
    page = listing(db.session(), statement, sorts=queries.ROUND_SORTS, default="-mulai")
    states = [(key, word) for key, (word, _tone) in words.state_words().items()]
    return render_template("assessment/rounds.html", page=page, states=states)


@bp.route("/putaran/baru", methods=["GET", "POST"])
@requires(P.ASSESSMENT_MANAGE)
def new_round() -> Any:
    """Prepare a round."""
    groups = queries.competency_groups(db.session())
    form = RoundForm().offer(groups)
    if request.method == "GET":
        _preset(form)
        return _form_page(form, groups)
    if form.validate_on_submit():
        try:
            with transaction(current_actor()) as session:
                found = assessment_rounds.create_round(
                    session, given=form.given(), actor=current_actor()
                )
                round_id = found.id
            flash(_("Putaran disimpan sebagai draf. Sekarang undang orangnya."), "success")
            return redirect(url_for(".round", round_id=round_id), 303)
        except InvalidInput as error:
            show_error(form, error)
    return _form_page(form, groups), 422


def _preset(form: RoundForm) -> None:
    settings = assessment_rounds.settings_of(db.session())
    form.double_percent.data = int(settings["double_percent"])
    form.min_raters.data = int(settings["min_raters_360"])
    form.valid_months.data = int(settings["valid_months"])
    form.sources.data = ["self", "supervisor", "assessor"]
    form.starts_on.data = clock.today()


def _form_page(
    form: RoundForm, groups: dict[str, list[Any]], round_: AssessmentRound | None = None
) -> str:
    return render_template("assessment/edit.html", form=form, groups=groups, round=round_)


@bp.route("/putaran/<int:round_id>/ubah", methods=["GET", "POST"])
@requires(P.ASSESSMENT_MANAGE)
def edit_round(round_id: int) -> Any:
    """Change a draft, or the last day of an open round."""
    round_, groups = _round(round_id), queries.competency_groups(db.session())
    if request.method == "GET":
        return _form_page(RoundForm.of(round_).offer(groups), groups, round_)
    form = RoundForm().offer(groups)
    if form.validate_on_submit():
        try:
            with transaction(current_actor()) as session:
                assessment_rounds.change_round(
                    session,
                    round_=_round(round_id),
                    given=form.given(),
                    expected_version=_version(),
                )
            flash(_("Perubahan disimpan."), "success")
            return _back(round_id)
        except InvalidInput as error:
            show_error(form, error)
    return _form_page(form, groups, _round(round_id)), 422


@bp.get("/putaran/<int:round_id>")
@requires(P.ASSESSMENT_WATCH)
def round(round_id: int) -> Any:
    """Show a round: progress, the invited people, and what can be done now."""
    return _page(_round(round_id))


def _page(round_: AssessmentRound, error: InvalidInput | None = None) -> str:
    session, args = db.session(), request.args
    statement = queries.targets_statement(
        round_id=round_.id,
        opd_id=args.get("opd", type=int),
        text=args.get("q", "")[:100],
        waiting=bool(args.get("menunggu")),
    )
    page = listing(session, statement, sorts=queries.TARGET_SORTS, default="nama")
    shown = [row.AssessmentTarget.employee_id for row in page.rows]
    if shown:
        audit_read("skills:assessment:list", shown, round_)
    draft = round_.state == "draft"
    return render_template(
        "assessment/round.html",
        round=round_,
        page=page,
        error=error,
        progress=queries.progress_of(session, round_.id),
        assessors=assessment_opening.assessors(session) if draft else [],
        opd_options=[(row.id, row.short_name) for row in opd_in_force(session)],
        unit_options=[
            (row.id, f"{row.short_name} · {row.name}") for row in queries.unit_options(session)
        ]
        if draft
        else [],
        position_options=list(POSITION_WORDS.items()),
        today=clock.today(),
    )


def _round(round_id: int) -> AssessmentRound:
    found = queries.find_round(db.session(), round_id)
    if found is None:
        raise NotFound
    return found


def _version() -> int:
    return request.form.get("version", 0, type=int)


def _back(round_id: int) -> Any:
    return redirect(url_for("assessment.round", round_id=round_id), 303)


@bp.post("/putaran/<int:round_id>/undang")
@requires(P.ASSESSMENT_MANAGE)
def invite(round_id: int) -> Any:
    """Invite by OPD, unit and position, or by a pasted list of NIP."""
    actor, form = current_actor(), request.form
    try:
        with transaction(actor) as session:
            round_ = _round(round_id)
            if form.get("cara") == "nip":
                found = assessment_rounds.invite_by_nip(
                    session, round_=round_, text=form.get("nips", "")[:100_000], actor=actor
                )
            else:
                found = assessment_rounds.invite_by_filter(
                    session,
                    round_=round_,
                    actor=actor,
                    opd_id=form.get("opd_id", type=int),
                    unit_id=form.get("unit_id", type=int),
                    position_kind=form.get("position_kind", ""),
                )
    except InvalidInput as error:
        return _page(_round(round_id), error), 422
    text = _("%(new)s orang diundang, %(known)s sudah ada.", new=found.added, known=found.known)
    flash(text, "success" if found.added else "info")
    if found.unknown:
        listed = ", ".join(found.unknown[:10])
        flash(
            _("%(num)s NIP tidak dikenal: %(nips)s", num=len(found.unknown), nips=listed),
            "warning",
        )
    return _back(round_id)


@bp.post("/putaran/<int:round_id>/lepas")
@requires(P.ASSESSMENT_MANAGE)
def uninvite(round_id: int) -> Any:
    """Take the ticked people off a draft."""
    with transaction(current_actor()) as session:
        count = assessment_rounds.uninvite(
            session,
            round_=_round(round_id),
            target_ids=request.form.getlist("orang", type=int),
        )
    flash(ngettext("%(num)s orang dilepas.", "%(num)s orang dilepas.", count), "success")
    return _back(round_id)


@bp.post("/putaran/<int:round_id>/buka")
@requires(P.ASSESSMENT_MANAGE)
def open_round(round_id: int) -> Any:
    """Hand out the forms."""
    try:
        with transaction(current_actor()) as session:
            count = assessment_opening.open_round(
                session,
                round_=_round(round_id),
                assessor_ids=request.form.getlist("asesor", type=int),
                expected_version=_version(),
                actor=current_actor(),
            )
    except InvalidInput as error:
        return _page(_round(round_id), error), 422
    flash(ngettext("%(num)s formulir dibagikan.", "%(num)s formulir dibagikan.", count), "success")
    return _back(round_id)


@bp.post("/putaran/<int:round_id>/ingatkan")
@requires(P.ASSESSMENT_MANAGE)
def remind(round_id: int) -> Any:
    """Remind who has not sent a form; once a day."""
    with transaction(current_actor()) as session:
        job = assessment_opening.remind(session, round_=_round(round_id), actor=current_actor())
        job_id = job.id
    flash(_("Pengingat dikirim, paling banyak sekali sehari bagi tiap penilai."), "success")
    return redirect(url_for("jobs.show", job_id=job_id), 303)


@bp.post("/putaran/<int:round_id>/tutup")
@requires(P.ASSESSMENT_MANAGE)
def close(round_id: int) -> Any:
    """End the filling and write the levels in a job."""
    with transaction(current_actor()) as session:
        job = close_round(
            session,
            round_=_round(round_id),
            expected_version=_version(),
            actor=current_actor(),
        )
        job_id = job.id
    return redirect(url_for("jobs.show", job_id=job_id), 303)


@bp.post("/putaran/<int:round_id>/buang")
@requires(P.ASSESSMENT_MANAGE)
def discard(round_id: int) -> Any:
    """Throw a draft away."""
    with transaction(current_actor()) as session:
        assessment_rounds.delete_round(session, round_=_round(round_id))
    flash(_("Draf putaran dibuang."), "success")
    return redirect(url_for(".rounds"), 303)
