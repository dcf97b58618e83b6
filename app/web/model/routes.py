"""The model card, and the abbreviations that the model reads, edited in versions."""

from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from app.core.db import db, transaction
from app.core.errors import DomainError, NotFound
from app.core.permissions import Permission as P
from app.web.access import current_actor, requires
from app.web.i18n import render
from app.web.memory_listing import listing_of
from app.web.model.card import measured, parameters
from app.web.profile.words import source_words
from matching.services import lexicons, refit
from matching.services.assurance import assurance_rules
from matching.services.scoring_rules import scoring_rules

bp = Blueprint("model", __name__)
_SORTS = {"singkatan": lambda row: row.short, "kepanjangan": lambda row: row.indonesian}


@bp.get("/kartu-model")
@requires(P.MODEL_READ)
def card() -> str:
    """Tell everybody how fit and similarity come about, how good they are, and their limits."""
    session = db.session()
    state = refit.model_state(session)
    return render_template(
        "model/card.html",
        state=state,
        rules=scoring_rules(session),
        assurance=assurance_rules(session),
        sources=source_words(),
        parameters=parameters(),
        quality=measured(),
    )


@bp.post("/kartu-model/bangun")
@requires(P.LEXICON_MANAGE)
def rebuild() -> Any:
    """Start the job that fits the model on everybody in service."""
    with transaction(current_actor()) as session:
        job_id = refit.start_refit(session, actor=current_actor())
    flash(_("Model sedang dibangun ulang."), "success")
    return redirect(url_for("jobs.show", job_id=job_id), 303)


@bp.get("/singkatan")
@requires(P.LEXICON_MANAGE)
def abbreviations() -> str:
    """List the abbreviations in force, with the form for one more and the versions."""
    return _page({}, {})


def _page(values: dict[str, str], errors: dict[str, str]) -> str:
    session = db.session()
    text = request.args.get("q", "").strip().lower()
    rows = [
        row
        for row in lexicons.abbreviations(session)
        if text in f"{row.short} {row.indonesian} {row.english}".lower()
    ]
    return render_template(
        "model/abbreviations.html",
        page=listing_of(rows, sorts=_SORTS, default="singkatan"),
        version=lexicons.lexicon_version(session)[0],
        versions=lexicons.table_versions(session),
        state=refit.model_state(session),
        values=values,
        errors=errors,
    )


@bp.post("/singkatan")
@requires(P.LEXICON_MANAGE)
def put() -> Any:
    """Add or replace an abbreviation."""
    values = {name: request.form.get(name, "") for name in ("short", "indonesian", "english")}
    try:
        with transaction(current_actor()) as session:
            lexicons.put_abbreviation(
                session,
                actor=current_actor(),
                **values,
                expected_version=request.form.get("version", type=int),
            )
    except DomainError as error:
        db.session.rollback()
        return _page(values, {error.field or "short": render(error.message)}), 422
    flash(_("Singkatan %(short)s tersimpan sebagai versi baru.", short=values["short"]), "success")
    return redirect(url_for(".abbreviations"), 303)


@bp.post("/singkatan/hapus")
@requires(P.LEXICON_MANAGE)
def drop() -> Any:
    """Take an abbreviation out; the older version stays."""
    short, version = request.form.get("short", ""), request.form.get("version", type=int)
    return _changed(
        lambda session: lexicons.drop_abbreviation(
            session, actor=current_actor(), short=short, expected_version=version
        ),
        _("Singkatan %(short)s dikeluarkan. Versi sebelumnya dapat dipulihkan.", short=short),
    )


@bp.post("/singkatan/pulihkan")
@requires(P.LEXICON_MANAGE)
def restore() -> Any:
    """Put an older version of the table in force again."""
    number = request.form.get("number", 0, type=int)
    return _changed(
        lambda session: lexicons.restore_version(session, actor=current_actor(), number=number),
        _("Versi %(number)s berlaku lagi.", number=number),
    )


def _changed(work: Any, words: str) -> Any:
    try:
        with transaction(current_actor()) as session:
            work(session)
    except NotFound:
        raise
    except DomainError as error:
        flash(render(error.message), "warning")
    else:
        flash(words, "success")
    return redirect(url_for(".abbreviations"), 303)
