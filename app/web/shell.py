"""What every page's frame needs: navigation for the signed-in person, language, helpers."""

from dataclasses import dataclass
from typing import Any

from flask import Flask, current_app, request, url_for
from flask_babel import get_locale
from flask_babel import lazy_gettext as _l
from markupsafe import Markup

from app.core.permissions import Permission as P
from app.core.policy import may
from app.web.access import can, current_actor
from app.web.i18n import render


@dataclass(frozen=True)
class NavItem:
    """An entry of the main navigation, shown to those who hold its permission."""

    label: Any
    endpoint: str
    icon: str
    permission: P


NAV = (
    NavItem(_l("Beranda"), "home.index", "house", P.HOME),
    NavItem(_l("Kursi admin"), "seats.index", "grid", P.SEAT_READ),
    NavItem(_l("Akun"), "admin.accounts", "people", P.ACCOUNT_MANAGE),
    NavItem(_l("Jejak audit"), "audit.index", "journal-text", P.AUDIT_READ),
)


def navigation() -> list[dict[str, Any]]:
    """Return the entries open to the person, the present one marked."""
    actor = current_actor()
    blueprint = request.blueprint if request else None
    items = []
    for item in NAV:
        if item.endpoint in current_app.view_functions and may(actor, item.permission):
            active = item.endpoint.split(".")[0] == blueprint
            items.append(
                {
                    "label": item.label,
                    "url": url_for(item.endpoint),
                    "icon": item.icon,
                    "active": active,
                }
            )
    return items


def register(app: Flask) -> None:
    """Give templates the frame's values."""

    @app.context_processor
    def _frame() -> dict[str, Any]:
        settings = app.config["SETTINGS"]
        return {
            "actor": current_actor(),
            "can": can,
            "P": P,
            "nav": navigation(),
            "lang": str(get_locale() or "id"),
            "city": settings.city_name,
            "agency": settings.agency_name,
            "is_demo": not settings.is_production,
            "url_with": url_with,
        }

    app.add_template_filter(render, "words")


def url_with(**changes: Any) -> Markup | str:
    """Return this page's address with some query parameters changed (None removes one)."""
    query = request.args.to_dict(flat=False)
    for key, value in changes.items():
        if value is None:
            query.pop(key, None)
        else:
            query[key] = [str(value)]
    flat = {key: values if len(values) > 1 else values[0] for key, values in query.items()}
    return url_for(request.endpoint or "home.index", **(request.view_args or {}), **flat)  # type: ignore[arg-type]
