"""What the landing page holds for the signed-in person, by what they may do."""

from typing import Any

from flask_babel import gettext as _

from app.core import clock
from app.core.db import db
from app.core.permissions import Permission as P
from app.web.access import can, current_actor
from app.web.filters import link_to
from courses.queries.approvals import count_waiting
from courses.queries.overview import jp_of_year, organiser_figures, upcoming_for
from matching.queries.coverage import coverage
from matching.queries.seats import vacant_seats
from matching.queries.succession import seats_without_ready
from skills.queries.assessment import waiting_forms
from skills.queries.claims_overview import waiting_claims
from skills.queries.profile import find_employee, profile_of
from skills.queries.rights import open_contests
from skills.services.ip_asn import index_for


def sections() -> dict[str, Any]:
    """Return the parts of the page, each empty for those whom it does not concern."""
    return {
        "own": _own(),
        "work": _work(),
        "figures": coverage(db.session(), day=clock.today()) if can(P.COVERAGE_READ) else None,
        "vacant": vacant_seats(db.session(), limit=6) if can(P.SEAT_DECIDE) else (),
        "day": clock.today(),
    }


def _own() -> dict[str, Any] | None:
    """Return the person's own gaps, learning and expiring items."""
    actor, session = current_actor(), db.session()
    if actor.employee_id is None:
        return None
    employee = find_employee(session, actor.employee_id)
    if employee is None:
        return None
    today = clock.today()
    return {
        "profile": profile_of(session, employee),
        "index": index_for(session, employee_id=employee.id, day=today),
        "jp": jp_of_year(session, employee=employee, year=today.year),
        "sessions": upcoming_for(session, employee_id=employee.id, day=today),
    }


def _work() -> list[dict[str, Any]]:
    """Return the tiles of what waits for the person's work, where it leads and how much it is."""
    actor, session = current_actor(), db.session()
    tiles: list[dict[str, Any]] = []
    if can(P.CLAIM_VERIFY):
        waiting = waiting_claims(session, actor=actor)
        tiles.append(
            {
                "label": _("Klaim menunggu pemeriksaan"),
                "value": waiting.count,
                "note": _("tertua %(days)s hari", days=waiting.oldest_days)
                if waiting.count
                else _("tidak ada antrean"),
                "icon": "clipboard-check",
                "tone": "warning" if waiting.oldest_days > 14 else None,
                "url": link_to("verification_queue.index"),
            }
        )
    if can(P.ASSESSMENT_RATE) and (forms := waiting_forms(session, actor)):
        tiles.append(
            {
                "label": _("Formulir asesmen menunggu"),
                "value": forms,
                "note": _("isian tersimpan sendiri sebagai draf"),
                "icon": "clipboard-data",
                "tone": "info",
                "url": link_to("assessment.mine"),
            }
        )
    if can(P.CONTEST_ANSWER):
        tiles.append(_contests_tile())
    if can(P.ENROLMENT_APPROVE):
        tiles += _approval_tiles()
    if can(P.SESSION_MANAGE):
        tiles += _organiser_tiles()
    if can(P.SUCCESSION_READ):
        tiles.append(_succession_tile())
    return [tile for tile in tiles if tile["url"]]


def _succession_tile() -> dict[str, Any]:
    without, seats = seats_without_ready(db.session())
    return {
        "label": _("Kursi tanpa pengganti yang siap"),
        "value": without,
        "note": _("dari %(all)s kursi kunci", all=seats),
        "icon": "diagram-3",
        "tone": "warning" if without else None,
        "url": link_to("succession.index", tampil="tanpa-siap"),
    }


def _contests_tile() -> dict[str, Any]:
    found = open_contests(db.session(), current_actor(), day=clock.today())
    return {
        "label": _("Sanggahan data menunggu jawaban"),
        "value": found.count,
        "note": _("%(count)s lewat tenggat", count=found.overdue)
        if found.overdue
        else _("semua dalam tenggat"),
        "icon": "flag",
        "tone": "warning" if found.overdue else None,
        "url": link_to("contests.index"),
    }


def _approval_tiles() -> list[dict[str, Any]]:
    """Return the registrations that wait for the supervisor, where there are any."""
    count = count_waiting(db.session(), current_actor())
    if not count:
        return []
    return [
        {
            "label": _("Pendaftaran pelatihan menunggu Anda"),
            "value": count,
            "note": _("orang Anda yang ingin ikut pelatihan"),
            "icon": "check2-all",
            "tone": "warning",
            "url": link_to("training_sessions.approvals"),
        }
    ]


def _organiser_tiles() -> list[dict[str, Any]]:
    figures = organiser_figures(db.session())
    url = link_to("training_sessions.board")
    return [
        {
            "label": _("Sesi berjalan dan terbuka"),
            "value": figures.active,
            "note": _("%(count)s orang menunggu kursi", count=figures.waiting),
            "icon": "calendar-event",
            "tone": None,
            "url": url,
        },
        {
            "label": _("Sertifikat siap diterbitkan"),
            "value": figures.ready,
            "note": _("%(count)s sudah terbit tahun ini", count=figures.issued),
            "icon": "award",
            "tone": "warning" if figures.ready else None,
            "url": url,
        },
    ]
