"""From the cookie to the actor: server-side sessions behind Flask-Login."""

from typing import Any

from flask import Flask, g, request
from flask_login import LoginManager, UserMixin

from app.core.accounts import sessions
from app.core.actor import ANONYMOUS
from app.core.db import db

manager = LoginManager()


class SignedIn(UserMixin):
    """The signed-in account as Flask-Login and the templates see it."""

    def __init__(self, view: sessions.SessionView, token: str) -> None:
        self.token = token
        self.view = view
        self.id = view.account_id
        self.name = view.name
        self.language = view.language
        self.actor = view.actor

    def get_id(self) -> str:
        """Return the session token: ending its row signs the browser out at once."""
        return self.token


def init_app(app: Flask) -> None:
    """Install the loader."""
    manager.session_protection = None  # phones change addresses; the row is checked instead
    manager.init_app(app)
    app.before_request(_set_actor)


@manager.user_loader
def _load(token: str) -> SignedIn | None:
    view = sessions.resume(db.session(), token=token, address=request.remote_addr, request_id=g.get("request_id"))
    return SignedIn(view, token) if view else None


def _set_actor() -> Any:
    if request.path.startswith("/static/") or request.endpoint in ("health.healthz", "health.readyz"):
        g.actor = ANONYMOUS
        return
    from flask_login import current_user

    g.actor = current_user.actor if current_user.is_authenticated else ANONYMOUS
