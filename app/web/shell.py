"""What every page's frame needs: navigation for the signed-in person, language, helpers."""

from dataclasses import dataclass
from typing import Any

from flask import Flask, current_app, request, url_for
from flask_babel import get_locale
from flask_babel import lazy_gettext as _l
from markupsafe import Markup

from app.core.db import db
from app.core.notifications.services import unread_count
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
    section: Any = None


_KOMPETENSI, _TALENTA = _l("Kompetensi"), _l("Talenta")
_PENGEMBANGAN, _DATA, _SISTEM = _l("Pengembangan"), _l("Kepegawaian"), _l("Sistem")

NAV = (
    NavItem(_l("Beranda"), "home.index", "house", P.HOME),
    NavItem(_l("Profil saya"), "profile.mine", "person-badge", P.CLAIM_EDIT),
    NavItem(_l("Peluang saya"), "seats.mine", "briefcase", P.INTEREST_OWN),
    NavItem(_l("Belajar saya"), "learning.mine", "mortarboard", P.ENROLMENT_OWN),
    NavItem(_l("Talenta saya"), "own_talent.mine", "stars", P.TALENT_OWN),
    NavItem(
        _l("Verifikasi"), "verification_queue.index", "clipboard-check", P.CLAIM_VERIFY, _KOMPETENSI
    ),
    NavItem(_l("Sanggahan data"), "contests.index", "flag", P.CONTEST_ANSWER, _KOMPETENSI),
    NavItem(_l("Tim saya"), "team.index", "grid-3x3-gap", P.TEAM_READ, _KOMPETENSI),
    NavItem(_l("Asesmen"), "assessment.mine", "clipboard-data", P.ASSESSMENT_RATE, _KOMPETENSI),
    NavItem(
        _l("Kamus kompetensi"), "dictionary.index", "journal-text", P.REFERENCE_READ, _KOMPETENSI
    ),
    NavItem(
        _l("Standar kompetensi"), "standards.index", "list-check", P.REFERENCE_READ, _KOMPETENSI
    ),
    NavItem(_l("IP ASN"), "index_asn.index", "speedometer2", P.EMPLOYEE_READ, _KOMPETENSI),
    NavItem(_l("Peran admin"), "roles.index", "person-badge", P.SEAT_READ, _TALENTA),
    NavItem(_l("Kursi admin"), "seats.index", "grid", P.SEAT_READ, _TALENTA),
    NavItem(_l("Pencarian talenta"), "scouting.search", "search", P.SEAT_REVIEW, _TALENTA),
    NavItem(_l("Cakupan kota"), "seats.show_coverage", "building-check", P.COVERAGE_READ, _TALENTA),
    NavItem(_l("Peta talenta"), "talent.index", "table", P.TALENT_READ, _TALENTA),
    NavItem(_l("Kelompok talenta"), "pools.index", "trophy", P.TALENT_READ, _TALENTA),
    NavItem(_l("Suksesi"), "succession.index", "diagram-3", P.SUCCESSION_READ, _TALENTA),
    NavItem(_l("Keputusan"), "seats.decisions_list", "clipboard-check", P.DECISION_READ, _TALENTA),
    NavItem(_l("Masa berlaku"), "forecast.index", "hourglass-split", P.COVERAGE_READ, _TALENTA),
    NavItem(_l("Skenario"), "scenarios.index", "sliders", P.SCENARIO_READ, _TALENTA),
    NavItem(_l("Kartu model"), "model.card", "info-circle", P.MODEL_READ, _TALENTA),
    NavItem(_l("Aturan talenta"), "talent_rules.index", "gear", P.RULES_READ, _TALENTA),
    NavItem(_l("Katalog pelatihan"), "training.catalogue", "list-ul", P.COURSE_READ, _PENGEMBANGAN),
    NavItem(
        _l("Sesi pelatihan"),
        "training_sessions.board",
        "calendar-event",
        P.COURSE_READ,
        _PENGEMBANGAN,
    ),
    NavItem(_l("Kebutuhan"), "planning.overview", "graph-up-arrow", P.NEED_READ, _PENGEMBANGAN),
    NavItem(_l("Usulan"), "planning.proposals", "inbox", P.NEED_READ, _PENGEMBANGAN),
    NavItem(_l("Rencana tahunan"), "planning.plans", "calendar-check", P.PLAN_READ, _PENGEMBANGAN),
    NavItem(_l("Akun JP"), "jp.index", "clock", P.JP_READ, _PENGEMBANGAN),
    NavItem(
        _l("Persetujuan pelatihan"),
        "training_sessions.approvals",
        "check2-all",
        P.ENROLMENT_APPROVE,
        _PENGEMBANGAN,
    ),
    NavItem(
        _l("Minat pelatihan"),
        "training_sessions.demand_list",
        "graph-up-arrow",
        P.SESSION_MANAGE,
        _PENGEMBANGAN,
    ),
    NavItem(_l("Pegawai"), "people.index", "people", P.EMPLOYEE_LIST, _DATA),
    NavItem(_l("OPD dan unit"), "opd.index", "diagram-3", P.OPD_MANAGE, _DATA),
    NavItem(_l("Mutu data"), "quality.index", "check2-all", P.QUALITY_READ, _DATA),
    NavItem(_l("Impor data"), "imports.index", "cloud-upload", P.EMPLOYEE_IMPORT, _DATA),
    NavItem(_l("Akun"), "admin.accounts", "key", P.ACCOUNT_MANAGE, _SISTEM),
    NavItem(_l("Pekerjaan"), "jobs.index", "hourglass-split", P.SETTINGS_MANAGE, _SISTEM),
    NavItem(_l("Temuan verifikasi"), "verification_side.findings", "flag", P.AUDIT_READ, _SISTEM),
    NavItem(_l("Jejak audit"), "audit.index", "shield-check", P.AUDIT_READ, _SISTEM),
)


def navigation() -> list[dict[str, Any]]:
    """Return the entries open to the person, the present one marked."""
    actor = current_actor()
    items = []
    for item in NAV:
        if item.endpoint in current_app.view_functions and may(actor, item.permission):
            items.append(
                {
                    "label": item.label,
                    "url": url_for(item.endpoint),
                    "icon": item.icon,
                    "active": _is_active(item),
                    "section": item.section,
                }
            )
    return items


def _is_active(item: NavItem) -> bool:
    """An entry is active on its own page; the first of its blueprint also on the others."""
    if request.endpoint == item.endpoint:
        return True
    listed = {other.endpoint for other in NAV}
    if request.endpoint in listed or request.blueprint is None:
        return False
    same = [other for other in NAV if other.endpoint.split(".")[0] == request.blueprint]
    main = [other for other in same if other.endpoint.endswith(".index")] or same
    return bool(main) and main[0] is item


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
            "unread": _unread(),
            "url_with": url_with,
        }

    app.add_template_filter(render, "words")


def _unread() -> int:
    actor = current_actor()
    if actor.account_id is None:
        return 0
    return unread_count(db.session(), account_id=actor.account_id)


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
