"""Public pages of record: the privacy notice and where to report weaknesses."""

from datetime import timedelta
from typing import Any

from flask import Blueprint, Response, redirect, render_template, request, url_for
from flask_login import current_user

from app.core import clock
from app.core.accounts import notice, own
from app.core.accounts.models import Account
from app.core.db import find_row, transaction
from app.core.permissions import Permission
from app.web.access import current_actor, public, requires
from app.web.auth.context import settings
from app.web.auth.forms import NoticeForm
from app.web.auth.redirects import safe_next

bp = Blueprint("public", __name__)


@bp.get("/privasi")
@public
def privacy() -> Any:
    """Show what is stored about people, why, who sees it, and their rights."""
    return render_template("auth/privacy.html", version=notice.VERSION, since=notice.SINCE)


@bp.route("/privasi/setuju", methods=["GET", "POST"])
@requires(Permission.ACCOUNT_OWN)
def acknowledge() -> Any:
    """Show the notice at the first sign-in and store that it was read."""
    form = NoticeForm()
    target = safe_next(request.args.get("next"))
    if current_user.view.notice_version == notice.VERSION:
        return redirect(target, 303)
    if not form.validate_on_submit():
        page = render_template(
            "auth/acknowledge.html", form=form, version=notice.VERSION, since=notice.SINCE
        )
        return page, 422 if request.method == "POST" else 200
    with transaction(current_actor()) as session:
        account = find_row(session, Account, current_user.id)
        own.acknowledge_notice(session, account=account, version=notice.VERSION)
    return redirect(target, 303)


@bp.get("/.well-known/security.txt")
@public
def security_txt() -> Response:
    """Say where weaknesses are reported (RFC 9116)."""
    given = settings()
    expires = (clock.now() + timedelta(days=365)).strftime("%Y-%m-%dT00:00:00Z")
    sender = given.mail_sender.rpartition("<")[2].rstrip(">")
    contact = given.security_contact or f"mailto:{sender}"
    lines = [
        f"Contact: {contact}",
        f"Expires: {expires}",
        "Preferred-Languages: id, en",
        f"Canonical: {given.base_url}{url_for('public.security_txt')}",
        f"Policy: {given.base_url}{url_for('public.privacy')}",
    ]
    return Response("\n".join(lines) + "\n", mimetype="text/plain")
