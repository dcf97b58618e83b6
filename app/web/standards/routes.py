"""The standards: the list, a version with its difference, and their files."""

from flask import Blueprint, render_template, request

from app.core import clock
from app.core.db import db
from app.core.errors import NotFound
from app.core.permissions import Permission as P
from app.web.access import can, requires
from app.web.listing import listing
from app.web.standards import words
from matching.queries.role_standards import seats_of_standard
from skills.models import Standard
from skills.queries import standard_pages as queries
from skills.services.reference_load import reference_rows

bp = Blueprint("standards", __name__, url_prefix="/standar")
bp.context_processor(words.helpers)


@bp.get("")
@requires(P.REFERENCE_READ)
def index() -> str:
    """List the standards by their newest version."""
    session = db.session()
    page = listing(
        session,
        queries.standards_statement(
            text=request.args.get("q", ""),
            kind=request.args.get("jenis", ""),
            state=request.args.get("keadaan", ""),
        ),
        sorts=queries.STANDARD_SORTS,
        default="jenis",
    )
    return render_template(
        "standards/index.html",
        page=page,
        people=queries.holder_counts(session),
        class_names=class_names(),
    )


def class_names() -> dict[str, str]:
    """Return the names of the position classes by code."""
    rows = reference_rows(db.session(), "position_classes")
    return {str(row["code"]): str(row["name"]) for row in rows}


@bp.get("/<int:standard_id>")
@requires(P.REFERENCE_READ)
def show(standard_id: int) -> str:
    """Show a version: what it asks, how it differs, and whom it concerns."""
    return version_page(version(standard_id))


def version(standard_id: int) -> Standard:
    """Return a version that the signed-in person may see.

    Raises:
        NotFound: no such version, or one in the making that is not theirs to see.
    """
    row = queries.find_standard(db.session(), standard_id)
    if row is None or (row.state == "prepared" and not can(P.REFERENCE_MANAGE)):
        raise NotFound
    return row


def version_page(row: Standard, errors: list[tuple[str, str | None]] | None = None) -> str:
    """Return the page of a version."""
    session = db.session()
    versions = queries.versions_of(session, row.code)
    if not can(P.REFERENCE_MANAGE):
        versions = [one for one in versions if one.state != "prepared"]
    found = queries.comparison(session, row, versions)
    manages = can(P.REFERENCE_MANAGE)
    is_position, today = row.kind == "position", clock.today()
    used = [one for one in versions if one.state in ("draft", "in_force")]
    begun = [one for one in used if one.valid_from is None or one.valid_from <= today]
    return render_template(
        "standards/show.html",
        row=row,
        versions=versions,
        found=found,
        effect=queries.effect_of(session, found.before, row) if row.kind != "role" else None,
        seats=seats_of_standard(session, row.code) if row.kind == "role" else [],
        positions=queries.positions_with(session, row.code) if is_position else [],
        free=queries.free_positions(session) if is_position and manages else [],
        manages=manages,
        class_name=class_names().get(row.class_code or ""),
        current=begun[0] if begun else None,
        today=today,
        errors=errors or [],
    )
