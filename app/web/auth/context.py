"""What the pages of accounts take from the application: settings, sealer, who asks from where."""

from dataclasses import replace
from typing import TYPE_CHECKING, cast

from flask import current_app, g, request

from app.core.accounts.sealing import Sealer
from app.core.actor import ANONYMOUS, Actor

if TYPE_CHECKING:
    from config import Settings


def settings() -> "Settings":
    """Return the settings of this installation."""
    return cast("Settings", current_app.config["SETTINGS"])


def sealer() -> Sealer:
    """Return the box for secrets of accounts, made once per application."""
    found = current_app.extensions.get("account_sealer")
    if found is None:
        given = settings()
        found = Sealer([given.secret_key, *given.secret_key_fallbacks])
        current_app.extensions["account_sealer"] = found
    return cast(Sealer, found)


def elevated_idle_minutes() -> int:
    """Return the idle time of those with an elevated role."""
    return settings().elevated_idle_minutes


def visitor() -> Actor:
    """Return somebody who is not signed in, with address and request id for the audit."""
    return replace(ANONYMOUS, address=request.remote_addr, request_id=g.get("request_id"))


def agent() -> str:
    """Return what the browser calls itself."""
    return request.headers.get("User-Agent", "")[:200]
