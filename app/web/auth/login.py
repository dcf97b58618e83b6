"""From the cookie to the actor: server-side sessions behind Flask-Login."""

from typing import Any

from flask import Flask, g, request
from flask import session as cookie
from flask_login import LoginManager, UserMixin, current_user, login_user

from app.core.accounts import passwords, sessions
from app.core.actor import ANONYMOUS
from app.core.db import db, transaction
from app.web.auth import gate
from app.web.auth.context import elevated_idle_minutes, settings, visitor

manager = LoginManager()
_KEPT = ("lang",)


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
    """Install the loader, and the cost of hashing for this kind of installation."""
    manager.session_protection = None  # phones change addresses; the row is checked instead
    manager.init_app(app)
    passwords.configure(cheap=app.config["TESTING"])
    app.before_request(_set_actor)


def enter(token: str) -> None:
    """Put a new session into the browser; nothing of the one before stays but the language."""
    kept = {key: cookie[key] for key in _KEPT if key in cookie}
    cookie.clear()
    cookie.update(kept)
    user = _load(token)
    if user is not None:
        login_user(user)


@manager.user_loader
def _load(token: str) -> SignedIn | None:
    view = sessions.resume(
        db.session(),
        token=token,
        address=request.remote_addr,
        request_id=g.get("request_id"),
        idle_minutes=settings().idle_minutes,
        elevated_idle_minutes=elevated_idle_minutes(),
    )
    return SignedIn(view, token) if view else None


def _set_actor() -> Any:
    g.actor = ANONYMOUS
    if request.path.startswith("/static/") or request.blueprint == "health":
        return None
    if not current_user.is_authenticated:
        g.actor = visitor()
        return None
    view = current_user.view
    step = gate.owed(view, require_second_factor=settings().require_second_factor)
    g.actor = current_user.actor if step is None else gate.restricted(current_user.actor)
    if view.is_stale:
        with transaction(g.actor) as session:
            sessions.touch(session, session_id=view.session_id)
    return gate.block(step) if step else None
