"""The landing page of each kind of user: what waits for them, then what they may want next."""

from flask import Blueprint, render_template

from app.core.permissions import Permission
from app.web.access import requires
from app.web.home.sections import sections

bp = Blueprint("home", __name__)


@bp.get("/")
@requires(Permission.HOME)
def index() -> str:
    """Show the page the signed-in person starts from."""
    return render_template("home/index.html", **sections())
