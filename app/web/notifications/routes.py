"""The notices of the signed-in person."""

from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from app.core.db import db, transaction
from app.core.mail import use_composer
from app.core.notifications import services
from app.core.notifications.models import Notification
from app.core.permissions import Permission
from app.web.access import current_actor, requires
from app.web.i18n import render
from app.web.notifications.mails import compose

bp = Blueprint("notifications", __name__, url_prefix="/notifikasi")

bp.record_once(lambda _state: use_composer(compose))

# First part of the kind of a notice -> icon.
ICONS = {
    "job": "gear",
    "evidence": "file-earmark-check",
    "claim": "patch-check",
    "certificate": "award",
    "course": "mortarboard",
    "training": "mortarboard",
    "enrolment": "person-check",
    "assignment": "file-earmark-text",
    "session": "calendar-event",
    "seat": "person-plus",
    "milestone": "trophy",
    "contest": "flag",
    "expiry": "clock",
    "account": "shield-lock",
}


@bp.app_context_processor
def _badge() -> dict[str, int]:
    """Give the frame of the pages the number of unread notices; fragments have no frame."""
    account_id = current_actor().account_id
    if account_id is None or request.headers.get("HX-Request"):
        return {}
    return {"unread": services.badge_count(db.session(), account_id=account_id)}


@bp.get("")
@requires(Permission.ACCOUNT_OWN)
def index() -> str:
    """Show the notices, newest first."""
    account_id = _account_id()
    unread_only = request.args.get("saring") == "belum"
    page = services.list_notices(
        db.session(),
        account_id=account_id,
        unread_only=unread_only,
        page=max(1, request.args.get("halaman", 1, type=int)),
    )
    return render_template(
        "notifications/index.html",
        page=page,
        items=[_shown(notice) for notice in page.items],
        unread_only=unread_only,
    )


@bp.post("/<int:notice_id>/baca")
@requires(Permission.ACCOUNT_OWN)
def read(notice_id: int) -> Any:
    """Note that a notice was read and open the page it leads to."""
    with transaction(current_actor()) as session:
        notice = services.mark_read(session, account_id=_account_id(), notice_id=notice_id)
        target = notice.url or url_for("notifications.index")
    return redirect(target, 303)


@bp.post("/baca-semua")
@requires(Permission.ACCOUNT_OWN)
def read_all() -> Any:
    """Note that all notices were read."""
    with transaction(current_actor()) as session:
        services.mark_all_read(session, account_id=_account_id())
    flash(_("Semua pemberitahuan ditandai sudah dibaca."), "success")
    return redirect(url_for("notifications.index"), 303)


def _account_id() -> int:
    account_id = current_actor().account_id
    assert account_id is not None  # the permission is given to signed-in people only
    return account_id


def _icon(notice: Notification) -> str:
    return ICONS.get(notice.kind.split(".")[0], "bell")


def _shown(notice: Notification) -> dict[str, Any]:
    return {
        "id": notice.id,
        "title": render(notice.words),
        "when": notice.created_at,
        "url": notice.url,
        "unread": notice.read_at is None,
        "icon": _icon(notice),
    }
