"""A message to the people of a session, chosen by their state."""

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from app.core.db import db, transaction
from app.core.errors import InvalidInput
from app.core.permissions import Permission as P
from app.web.access import current_actor, requires
from app.web.i18n import render
from app.web.training_sessions.board import bp, found
from courses.queries.board import figures_of
from courses.services.session_messages import MAX_TEXT, audience_of, send_message


@bp.get("/pelatihan/sesi/<int:session_id>/pesan")
@requires(P.SESSION_MANAGE)
def message(session_id: int) -> str:
    """Offer the states with how many people are in each, and a text."""
    return _page(session_id, request.args.getlist("keadaan"), "", {})


@bp.post("/pelatihan/sesi/<int:session_id>/pesan")
@requires(P.SESSION_MANAGE)
def send(session_id: int) -> Any:
    """Tell everybody in the chosen states."""
    states, text = request.form.getlist("keadaan"), request.form.get("text", "")
    try:
        with transaction(current_actor()) as session:
            run = found(session_id, P.SESSION_MANAGE)
            count = send_message(session, run=run, states=states, text=text)
    except InvalidInput as error:
        return _page(session_id, states, text, {error.field: render(error.message)}), 422
    if count:
        flash(_("Pesan terkirim kepada %(count)s orang.", count=count), "success")
    else:
        flash(_("Semua yang dipilih sudah menerima pesan ini."), "info")
    return redirect(url_for(".participants", session_id=session_id), 303)


def _page(session_id: int, states: list[str], text: str, errors: dict[Any, str]) -> str:
    run, session = found(session_id, P.SESSION_MANAGE), db.session()
    return render_template(
        "training_sessions/message.html",
        run=run,
        tab="peserta",
        figures=figures_of(session, [run.id])[run.id],
        audience=audience_of(session, run),
        chosen=states,
        text=text,
        errors=errors,
        most=MAX_TEXT,
    )
