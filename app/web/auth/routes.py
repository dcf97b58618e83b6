"""Signing in and out."""

from flask import Blueprint, render_template

from app.web.access import public

bp = Blueprint("auth", __name__)


@bp.get("/masuk")
@public
def sign_in() -> str:
    """Show the sign-in form."""
    return render_template("auth/sign_in.html")
