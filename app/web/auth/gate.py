"""What somebody who signed in still owes before anything else can be reached."""

from dataclasses import replace
from enum import StrEnum
from typing import Any

from flask import current_app, redirect, request, url_for

from app.core.accounts import notice, second_factor
from app.core.accounts.sessions import SessionView
from app.core.actor import Actor


class Step(StrEnum):
    """A step that is owed, in the order in which they come; the value is its endpoint."""

    CODE = "auth.second_factor"
    PASSWORD = "account.password"
    ENROL = "account.second_factor"
    NOTICE = "public.acknowledge"


_BESIDE: dict[Step, frozenset[str]] = {
    Step.ENROL: frozenset({"account.recovery_codes"}),
    Step.NOTICE: frozenset({"account.recovery_codes"}),
}
_ALWAYS = frozenset({"auth.sign_out", "static"})


def owed(view: SessionView, *, require_second_factor: bool) -> Step | None:
    """Return the first step that is owed, or None."""
    if view.owes_second_factor:
        return Step.CODE
    if view.must_change_password:
        return Step.PASSWORD
    if require_second_factor and not view.has_second_factor:
        if second_factor.is_required(view.actor):
            return Step.ENROL
    if view.notice_version != notice.VERSION:
        return Step.NOTICE
    return None


def restricted(actor: Actor) -> Actor:
    """Return who acts before the steps are done: themselves, with no role and no person."""
    return replace(actor, grants=(), employee_id=None, opd_id=None, subordinate_ids=frozenset())


def block(step: Step) -> Any:
    """Return a redirect to the step, or None where the page asked for is open all the same."""
    endpoint = request.endpoint or ""
    if endpoint == step.value or endpoint in _ALWAYS | _BESIDE.get(step, frozenset()):
        return None
    view = current_app.view_functions.get(endpoint)
    if view is None or getattr(view, "access", None) == "public":
        return None
    target = request.full_path.rstrip("?") if request.method == "GET" else None
    address = url_for(step.value, next=target)
    if request.headers.get("HX-Request"):
        return "", 204, {"HX-Redirect": address}
    return redirect(address, 303)
