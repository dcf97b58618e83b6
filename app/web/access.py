"""Access of views: every endpoint declares the permission it needs, or that it is public."""

from collections.abc import Callable, Iterable
from functools import wraps
from typing import Any

from flask import g, redirect, request, url_for
from flask_login import current_user

from app.core import audit
from app.core.actor import ANONYMOUS, Actor
from app.core.db import db
from app.core.permissions import Permission
from app.core.policy import authorize, may

View = Callable[..., Any]


def current_actor() -> Actor:
    """Return who acts in this request."""
    return getattr(g, "actor", ANONYMOUS)


def public(view: View) -> View:
    """Declare that a view needs no account."""
    view.access = "public"  # type: ignore[attr-defined]
    return view


def requires(permission: Permission) -> Callable[[View], View]:
    """Declare the permission of a view and refuse those who hold it for nothing at all.

    A view that shows one object also calls `check(permission, obj)` once it has it.
    """

    def decorate(view: View) -> View:
        @wraps(view)
        def guarded(*args: Any, **kwargs: Any) -> Any:
            if not current_user.is_authenticated:
                # A deep link survives the sign-in; only GET can be repeated afterwards.
                target = request.full_path.rstrip("?") if request.method == "GET" else None
                return redirect(url_for("auth.sign_in", next=target))
            authorize(current_actor(), permission)
            return view(*args, **kwargs)

        guarded.access = permission  # type: ignore[attr-defined]
        return guarded

    return decorate


def check(permission: Permission, obj: Any) -> None:
    """Refuse the object with 404 unless the signed-in person may do this to it."""
    authorize(current_actor(), permission, obj)


def can(permission: str, obj: Any = None) -> bool:
    """Return for templates whether the signed-in person may do this."""
    return may(current_actor(), Permission(permission), obj)


def audit_read(tag: str, people: Iterable[int], subject: Any = None, **facts: Any) -> None:
    """Record in a GET that data of other people was shown: one event with their employee ids."""
    audit.record_read(db.session(), tag, subject, people=people, actor=current_actor(), **facts)
