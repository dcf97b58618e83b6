"""The profile on paper and as data: the one-page PDF, one's own data, and who processed it."""

import io
from functools import lru_cache
from pathlib import Path
from typing import Any

from flask import current_app, render_template, request
from flask_babel import get_locale
from flask_babel import gettext as _

from app.core import clock, pdf
from app.core.db import db
from app.core.permissions import Permission as P
from app.web.access import audit_read, current_actor, requires
from app.web.listing import attachment
from app.web.profile import presenters
from app.web.profile.routes import bp, own_person, person
from matching.queries.seats import roles_in_force
from skills.models import Employee
from skills.queries.profile import profile_of

_STYLE = Path(__file__).parents[1] / "templates" / "pdf" / "talent_profile.css"
_LINES = 14  # levels on the one page, the highest first


@bp.get("/profil/talenta.pdf")
@requires(P.CLAIM_EDIT)
def own_paper() -> Any:
    """Give one's own talent profile as a page to print."""
    return _paper(own_person())


@bp.get("/profil/<int:employee_id>/talenta.pdf")
@requires(P.EMPLOYEE_READ)
def paper(employee_id: int) -> Any:
    """Give somebody's talent profile as a page to print."""
    employee = person(employee_id)
    audit_read("skills:profile:print", [employee_id], subject=employee)
    return _paper(employee)


def _paper(employee: Employee) -> Any:
    session = db.session()
    profile = profile_of(session, employee)
    settings = current_app.config["SETTINGS"]
    chosen = presenters.comparison(
        session, profile, roles_in_force(session), request.args.get("peran")
    )
    verified = [row for row in profile.levels if row.verified]
    html = render_template(
        "pdf/talent_profile.html",
        profile=profile,
        employee=employee,
        comparison=chosen,
        levels=sorted(verified, key=lambda row: (-(row.verified or 0), row.competency.position)),
        most=_LINES,
        agency=settings.agency_name,
        printed_by=current_actor().label,
        printed_at=clock.now(),
    )
    meta = pdf.PdfMetadata(
        title=_("Profil talenta %(name)s", name=employee.name),
        language=str(get_locale() or "id"),
        created=clock.now(),
        author=settings.agency_name,
    )
    content = pdf.render_pdf(html, metadata=meta, stylesheets=[_stylesheet()])
    return attachment(io.BytesIO(content), "application/pdf", f"profil-talenta-{employee.id}.pdf")


@lru_cache(maxsize=1)
def _stylesheet() -> pdf.Stylesheet:
    return pdf.parse_stylesheet(_STYLE.read_text(encoding="utf-8"))
