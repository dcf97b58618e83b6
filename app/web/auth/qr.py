"""QR codes of pages: the activation page, the seed of the second factor."""

import base64
from io import BytesIO

import segno
from flask import url_for

from app.core.accounts import codes
from app.web.auth.context import settings


def activation_address(code: str | None = None) -> str:
    """Return the full address of the activation page.

    The code stands behind the `#`, which browsers keep to themselves: it is in no log.
    """
    base = settings().base_url + url_for("auth.activate")
    return f"{base}#{codes.grouped(codes.normalise(code))}" if code else base


def qr_picture(text: str, *, scale: int = 4) -> str:
    """Return a QR code as the address of an inline SVG picture."""
    out = BytesIO()
    segno.make(text, error="m", micro=False).save(out, kind="svg", scale=scale, border=2)
    return "data:image/svg+xml;base64," + base64.b64encode(out.getvalue()).decode()
