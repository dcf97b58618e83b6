"""The audit trail for the auditor: filters, pages by key, one event, export."""

import json
from collections.abc import Iterator
from datetime import date
from typing import Any

from flask import Blueprint, Response, render_template, request, url_for
from flask_babel import gettext as _

from app.core import audit_trail, clock
from app.core.audit import AuditEvent, record
from app.core.db import db, transaction
from app.core.errors import NotFound
from app.core.permissions import Permission
from app.web.access import audit_read, current_actor, requires
from app.web.audit import sheets

bp = Blueprint("audit", __name__, url_prefix="/audit")

MOST_ROWS = 50_000  # of one export; narrower filters give the rest


@bp.get("")
@requires(Permission.AUDIT_READ)
def index() -> Any:
    """List events, newest first."""
    session, wanted = db.session(), _wanted()
    page = audit_trail.page(
        session,
        wanted,
        before=request.args.get("sebelum", type=int),
        after=request.args.get("sesudah", type=int),
    )
    return render_template(
        "audit/index.html",
        page=page,
        rows=[_row(event, page.people.get(event.id, 0)) for event in page.events],
        tags=audit_trail.tags(session),
        export=request.args.to_dict(),
    )


@bp.get("/<int:event_id>")
@requires(Permission.AUDIT_READ)
def event(event_id: int) -> Any:
    """Show one event with before and after, and the people it speaks of."""
    session = db.session()
    found = audit_trail.event(session, event_id)
    if found is None:
        raise NotFound
    people = audit_trail.people_of(session, event_id)
    detail = json.loads(found.detail)
    changes = detail.pop("changes", {})
    page = render_template(
        "audit/event.html", event=found, people=people, changes=changes, facts=detail
    )
    audit_read("audit:event:read", [key for key, *_rest in people], ("audit_event", event_id))
    return page


@bp.get("/ekspor.csv")
@requires(Permission.AUDIT_READ)
def export_csv() -> Response:
    """Give the filtered events as CSV."""
    return Response(
        sheets.csv_bytes(_export("csv")),
        mimetype="text/csv",
        headers={"Content-Disposition": f'attachment; filename="{_name("csv")}"'},
    )


@bp.get("/ekspor.xlsx")
@requires(Permission.AUDIT_READ)
def export_xlsx() -> Response:
    """Give the filtered events as a workbook."""
    return Response(
        sheets.workbook(_export("xlsx")),
        mimetype="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        headers={"Content-Disposition": f'attachment; filename="{_name("xlsx")}"'},
    )


def _export(kind: str) -> Iterator[AuditEvent]:
    wanted = _wanted()
    with transaction(current_actor()) as session:
        record(session, "audit:event:export", kind=kind, filters=request.args.to_dict())
    return audit_trail.stream(db.session(), wanted, limit=MOST_ROWS)


def _name(kind: str) -> str:
    return f"jejak-audit-{clock.today():%Y%m%d}.{kind}"


def _wanted() -> audit_trail.TrailFilter:
    given = request.args
    return audit_trail.TrailFilter(
        tag=given.get("tag", ""),
        actor=given.get("pelaku", ""),
        person=given.get("q", ""),
        subject=given.get("objek", ""),
        since=_day(given.get("dari")),
        until=_day(given.get("sampai")),
    )


def _day(text: str | None) -> date | None:
    try:
        return date.fromisoformat(text or "")
    except ValueError:
        return None


def _row(event: AuditEvent, people: int) -> dict[str, Any]:
    detail = json.loads(event.detail)
    return {
        "id": event.id,
        "at": event.at,
        "tag": event.tag,
        "actor": event.actor_label,
        "address": event.address,
        "subject": subject_words(event),
        "fields": ", ".join(detail.get("changes", {})),
        "people": people,
        "url": url_for("audit.event", event_id=event.id),
    }


def subject_words(event: AuditEvent) -> str:
    """Return the object of an event as `kind id`."""
    if event.subject_id is None:
        return event.subject_kind if event.subject_kind != "system" else _("sistem")
    return f"{event.subject_kind} {event.subject_id}"
