"""The profile on paper and as data: the one-page PDF, one's own data, and who processed it."""

import io
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import pikepdf
from flask import current_app, render_template, request
from flask_babel import get_locale
from flask_babel import gettext as _

from app.core import clock, pdf
from app.core.db import db
from app.core.permissions import Permission as P
from app.web.access import audit_read, current_actor, requires
from app.web.listing import attachment
from app.web.profile import presenters
from app.web.profile.outside_words import language_choices
from app.web.profile.routes import bp, own_person, person
from matching.queries.seats import roles_in_force
from skills.models import Employee
from skills.queries.profile import profile_of

_STYLE = Path(__file__).parents[1] / "templates" / "pdf" / "talent_profile.css"


@dataclass(frozen=True)
class Room:
    """How many lines of each part the page holds, and how long a line may be."""

    levels: int
    gaps: int
    few: int  # education, languages, performance, portfolio
    many: int  # positions, trainings
    letters: int


# From roomy to tight: the first that fits on one page is taken.
_ROOMS = (Room(18, 8, 3, 5, 90), Room(14, 6, 3, 4, 70), Room(10, 5, 2, 3, 56), Room(6, 3, 1, 2, 40))


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
    facts = {
        "profile": profile,
        "employee": employee,
        "comparison": chosen,
        "levels": sorted(verified, key=lambda row: (-(row.verified or 0), row.competency.position)),
        "languages": dict(language_choices()),
        "agency": settings.agency_name,
        "printed_by": current_actor().label,
        "printed_at": clock.now(),
    }
    meta = pdf.PdfMetadata(
        title=_("Profil talenta %(name)s", name=employee.name),
        language=str(get_locale() or "id"),
        created=clock.now(),
        author=settings.agency_name,
    )
    content = _one_page(facts, meta)
    return attachment(io.BytesIO(content), "application/pdf", f"profil-talenta-{employee.id}.pdf")


def _one_page(facts: dict[str, Any], meta: pdf.PdfMetadata) -> bytes:
    """Return the page with as much of a long profile as one page holds."""
    content = b""
    for room in _ROOMS:
        html = render_template("pdf/talent_profile.html", room=room, **facts)
        content = pdf.render_pdf(html, metadata=meta, stylesheets=[_stylesheet()])
        with pikepdf.open(io.BytesIO(content)) as document:
            if len(document.pages) == 1:
                break
    return content


@lru_cache(maxsize=1)
def _stylesheet() -> pdf.Stylesheet:
    return pdf.parse_stylesheet(_STYLE.read_text(encoding="utf-8"))
