"""The language of this visit; the lasting choice of an account is made on its own page."""

from typing import Any

from flask import Blueprint, redirect, request
from flask import session as cookie

from app.web.access import public
from app.web.auth.redirects import safe_next
from app.web.i18n import LANGUAGES

bp = Blueprint("language", __name__)


@bp.post("/bahasa")
@public
def choose() -> Any:
    """Set the language for this visit and go back to the page it was chosen on."""
    chosen = request.form.get("lang", "")
    if chosen in LANGUAGES:
        cookie["lang"] = chosen
    return redirect(safe_next(request.form.get("next")), 303)
