"""Language of a request, and the words of a Message in it."""

from typing import Any

from flask import g, has_request_context, request, session
from flask_babel import get_locale, gettext
from flask_login import current_user

from app.core.i18n import Message

LANGUAGES = ("id", "en")


def select_language() -> str:
    """Return the language chosen: for this visit, by the account, else Indonesian."""
    if not has_request_context():
        return "id"
    chosen = session.get("lang") or getattr(current_user, "language", None)
    if chosen in LANGUAGES:
        return str(chosen)
    if getattr(g, "public_page", False):
        return request.accept_languages.best_match(LANGUAGES) or "id"
    return "id"


def named(thing: Any) -> str:
    """Return the name or title of a row of the reference data in the language of the request."""
    english = str(get_locale() or "id") == "en"
    for field in ("name", "title"):
        if hasattr(thing, field):
            local = getattr(thing, field + "_en", None) if english else None
            return str(local or getattr(thing, field))
    raise TypeError(f"{type(thing).__name__} has neither name nor title")


def render(message: Message | str | None) -> str:
    """Return the message in the language of the request."""
    if message is None:
        return ""
    if isinstance(message, str):
        return gettext(message) if message else ""
    params = {k: render(v) if isinstance(v, Message) else v for k, v in message.params.items()}
    text = gettext(message.text)
    return text % params if params else text
