"""Invented data for the living page of components; names belong to no one."""

from datetime import timedelta
from types import SimpleNamespace
from typing import Any

from flask_babel import gettext as _

from app.core.clock import now, today

PEOPLE = (
    ("Contoh Satu, S.Kom., M.T.", "199001012015031001", 3, 3, 86.4, 81.0, 90.5, "verified", 40),
    ("Contoh Dua Lestari, S.E.", "198807122011012002", 2, 3, 71.25, 60.0, 82.0, "submitted", 20),
    ("Tunggal", "199512302020121003", None, 3, 48.0, 30.0, 74.0, "unknown", 0),
    ("Dr. Contoh Bernama Sangat Panjang Sekali Dari Kelurahan Ujung, S.T., M.Eng.",
     "198203152006041004", 5, 3, 94.9, 94.9, 94.9, "returned", 124),
)  # fmt: skip


def context() -> dict[str, Any]:
    """Return everything that the living page shows."""
    return {
        "nav": _nav(),
        "current_user": SimpleNamespace(is_authenticated=True, name="Contoh Pegawai"),
        "unread": 3,
        "columns": _columns(),
        "rows": _rows(),
        "page": SimpleNamespace(page=3, pages=12, total=291, per_page=25),
        "filters": _filters(),
        "today": today(),
        "now": now(),
        "axes": _axes(),
        "contributions": _contributions(),
        "tiles": _tiles(),
        "events": _events(),
        "messages": _messages(),
        "in_days": lambda days: today() + timedelta(days=days),
    }


def _nav() -> list[dict[str, Any]]:
    entries = (
        (_("Beranda"), "house", None, None),
        (_("Profil saya"), "person", None, None),
        (_("Verifikasi"), "clipboard-check", 12, _("Kompetensi")),
        (_("Pencarian talenta"), "search", None, _("Talenta")),
        (_("Kursi admin"), "grid-3x3-gap", None, _("Talenta")),
        (_("Pelatihan"), "mortarboard", None, _("Pengembangan")),
        (_("Sertifikat"), "award", None, _("Pengembangan")),
    )
    return [
        {
            "label": label,
            "url": f"#nav-{index}",
            "icon": icon,
            "active": index == 0,
            "badge": badge,
            "section": section,
        }
        for index, (label, icon, badge, section) in enumerate(entries)
    ]


def _columns() -> list[dict[str, Any]]:
    return [
        {"key": "name", "label": _("Nama"), "sort": True, "primary": True},
        {"key": "level", "label": _("Level")},
        {"key": "score", "label": _("Kecocokan"), "sort": True},
        {"key": "jp", "label": _("JP"), "kind": "jp", "sort": True},
        {"key": "since", "label": _("Diperbarui"), "kind": "date", "hide_phone": True},
        {"key": "state", "label": _("Status")},
        {"key": "actions", "label": _("Tindakan"), "hide_label": True},
    ]


def _rows() -> list[dict[str, Any]]:
    keys = ("name", "nip", "level", "need", "score", "low", "high", "state", "jp")
    rows = [dict(zip(keys, person, strict=True)) for person in PEOPLE]
    return [
        dict(row, id=index, since=today() - timedelta(days=17 * index))
        for index, row in enumerate(rows, 1)
    ]


def _filters() -> list[dict[str, Any]]:
    return [
        {"name": "opd", "label": "OPD", "options": [("1", "Dinas Contoh"), ("2", "Badan Contoh")]},
        {"name": "sejak", "label": _("Sejak"), "kind": "date"},
        {"name": "kosong", "label": _("Hanya yang belum diketahui"), "kind": "checkbox"},
    ]


def _axes() -> SimpleNamespace:
    return SimpleNamespace(
        labels=[
            _("Tata kelola data"),
            _("Keamanan informasi"),
            _("Integrasi layanan"),
            _("Jaringan dan infrastruktur"),
            _("Konten situs web"),
            _("Penanganan aduan"),
        ],
        values=[3, 2, 4, None, 0, 3],
        required=[3, 3, 3, 2, 2, 4],
    )


def _contributions() -> list[dict[str, Any]]:
    return [
        {"label": _("Tata kelola data"), "value": 30.0, "most": 30.0, "state": "met"},
        {
            "label": _("Keamanan informasi"),
            "value": 16.7,
            "most": 25.0,
            "state": "short",
            "note": _("Level 2 dari 3. Satu level lagi menambah 8,3."),
        },
        {"label": _("Jaringan dan infrastruktur"), "value": 0, "most": 15.0, "state": "unknown"},
    ]


def _tiles() -> list[dict[str, Any]]:
    counts = ((4, 4), (3, 4), (2, 4), (1, 4), (0, 4), (0, 0), (5, 5), (1, 3), (2, 2), (0, 3))
    return [
        {
            "label": f"Dinas Contoh Nomor {index}",
            "short": f"Dinas {index}",
            "filled": filled,
            "seats": seats,
            "url": f"#opd-{index}",
        }
        for index, (filled, seats) in enumerate(counts, 1)
    ]


def _events() -> list[dict[str, Any]]:
    return [
        {
            "title": _("Level 3 diverifikasi"),
            "when": now(),
            "actor": _("Asesor Contoh"),
            "state": "verified",
            "text": _("Bukti sesuai: sertifikat dan laporan proyek."),
        },
        {
            "title": _("Dikembalikan untuk diperbaiki"),
            "when": now() - timedelta(days=3),
            "actor": _("Asesor Contoh"),
            "state": "returned",
        },
        {"title": _("Klaim diajukan"), "when": today() - timedelta(days=9), "state": "submitted"},
    ]


def _messages() -> list[dict[str, Any]]:
    return [
        {
            "title": _("Bukti Anda diterima"),
            "when": now(),
            "url": "#kabar-1",
            "unread": True,
            "icon": "patch-check",
            "text": _("Tata kelola data, level 3."),
        },
        {
            "title": _("Pelatihan dimulai lusa"),
            "when": now() - timedelta(days=1),
            "url": "#kabar-2",
            "icon": "calendar-event",
        },
    ]
