"""Jinja filters for the words and numbers of the interface; they read no database and no request.

The language is the one Flask-Babel has in force, Indonesian where there is none. Dates are shown
in the city's time zone.
"""

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from decimal import Decimal
from functools import lru_cache
from typing import Any
from urllib.parse import urlencode

from babel.dates import format_date, format_datetime
from babel.numbers import format_decimal
from flask import Flask, current_app, url_for
from flask_babel import get_locale, gettext

from app.core.clock import local as to_city
from app.core.clock import today as clock_today
from app.web import charts

DATE_PATTERNS = {"long": "d MMMM y", "medium": "d MMM y", "short": "dd/MM/y", "month": "MMMM y"}
EXPIRY_WINDOW_DAYS = 90
UNKNOWN_MARK = "\N{EN DASH}"

# state of any record -> (tone, icon); the word itself comes from the page, already translated
STATE_STYLES: dict[str, tuple[str, str]] = {
    "neutral": ("neutral", "circle"),
    "info": ("info", "info-circle-fill"),
    "success": ("success", "check-circle-fill"),
    "warning": ("warning", "exclamation-triangle-fill"),
    "danger": ("danger", "x-circle-fill"),
    "accent": ("accent", "stars"),
    "draft": ("neutral", "pencil"),
    "unknown": ("neutral", "question-circle"),
    "submitted": ("info", "send"),
    "pending": ("info", "hourglass-split"),
    "queued": ("neutral", "hourglass-split"),
    "running": ("info", "arrow-clockwise"),
    "open": ("info", "play-circle"),
    "verified": ("success", "patch-check-fill"),
    "approved": ("success", "check-circle-fill"),
    "done": ("success", "check-circle-fill"),
    "passed": ("success", "check-circle-fill"),
    "filled": ("success", "person-check"),
    "issued": ("success", "award-fill"),
    "active": ("success", "check-circle-fill"),
    "valid": ("success", "check-circle-fill"),
    "expiring": ("warning", "clock"),
    "returned": ("warning", "arrow-left"),
    "waitlisted": ("warning", "hourglass-split"),
    "vacant": ("warning", "person-plus"),
    "paused": ("warning", "pause-circle"),
    "rejected": ("danger", "x-circle-fill"),
    "failed": ("danger", "exclamation-circle-fill"),
    "expired": ("danger", "clock-history"),
    "revoked": ("danger", "slash-circle"),
    "cancelled": ("neutral", "slash-circle"),
    "closed": ("neutral", "lock"),
    "replaced": ("neutral", "layers"),
}


def _locale() -> str:
    return str(get_locale() or "id")


def _local(value: date | datetime) -> date | datetime:
    if isinstance(value, datetime) and value.tzinfo is not None:
        return to_city(value)
    return value


def tanggal(value: date | datetime | None, style: str = "long") -> str:
    """Return a date such as `24 November 2026`; style is long, medium, short or month."""
    if value is None:
        return UNKNOWN_MARK
    return format_date(_local(value), DATE_PATTERNS[style], locale=_locale())


def waktu(value: datetime | None, style: str = "medium") -> str:
    """Return a date with the time of day in the city, such as `24 Nov 2026 13.05 WIB`."""
    if value is None:
        return UNKNOWN_MARK
    pattern = f"{DATE_PATTERNS[style]} HH.mm 'WIB'"
    return format_datetime(_local(value), pattern, locale=_locale())


def jam(value: datetime | None) -> str:
    """Return the time of day in the city, such as `13.05`."""
    if value is None:
        return UNKNOWN_MARK
    return format_datetime(_local(value), "HH.mm", locale=_locale())


def rentang(start: date | None, end: date | None) -> str:
    """Return a range of days without repeating what both ends share: `3-5 Desember 2026`."""
    if start is None or end is None or start == end:
        return tanggal(start or end)
    dash = "\N{EN DASH}"
    if (start.year, start.month) == (end.year, end.month):
        return f"{start.day}{dash}{tanggal(end)}"
    if start.year == end.year:
        return f"{format_date(start, 'd MMMM', locale=_locale())} {dash} {tanggal(end)}"
    return f"{tanggal(start)} {dash} {tanggal(end)}"


def number(value: float | Decimal | None, digits: int | None = None) -> str:
    """Return a number in the notation of the language; digits fixes the number of decimals."""
    if value is None:
        return UNKNOWN_MARK
    pattern = "#,##0.###" if digits is None else "#,##0" + ("." + "0" * digits if digits else "")
    return _formatted(value, pattern, _locale())


@lru_cache(maxsize=4096)
def _formatted(value: float | Decimal, pattern: str, locale: Any) -> str:
    # A list writes the same few hundred numbers again and again, at 50 µs each.
    return format_decimal(value, pattern, locale=locale)


def persen(value: float | None, digits: int = 0) -> str:
    """Return a share between 0 and 1 as a percentage, such as `72%`."""
    return UNKNOWN_MARK if value is None else f"{number(value * 100, digits)}%"


def jp(value: float | Decimal | None) -> str:
    """Return training hours, such as `20 JP`."""
    return UNKNOWN_MARK if value is None else f"{number(value)} JP"


def rupiah(value: int | Decimal | None) -> str:
    """Return an amount of money, such as `Rp1.500.000`, in both languages."""
    return UNKNOWN_MARK if value is None else "Rp" + format_decimal(value, "#,##0", locale="id")


def ukuran(size: int | None) -> str:
    """Return a file size given in bytes, such as `1,2 MB`."""
    if size is None:
        return UNKNOWN_MARK
    amount = float(size)
    for unit in ("B", "KB", "MB"):
        if amount < 1000:
            return f"{number(amount, 0 if unit == 'B' or amount >= 10 else 1)} {unit}"
        amount /= 1000
    return f"{number(amount, 1)} GB"


def nip(value: str | None) -> str:
    """Return the 18 digits of an NIP in its four official groups; other text comes back as is."""
    if not value or len(value) != 18 or not value.isdigit():
        return value or UNKNOWN_MARK
    return f"{value[:8]} {value[8:14]} {value[14]} {value[15:]}"


def initials(name: str | None) -> str:
    """Return up to two initials of a name, leaving out titles before and after it."""
    bare = (name or "").split(",")[0]
    words = [word for word in bare.split() if not word.endswith(".") and word[0].isalnum()]
    words = words or bare.split()
    letters = [word[0].upper() for word in words]
    return "".join(letters[:1] + letters[-1:] if len(letters) > 1 else letters) or "?"


def avatar_tone(name: str | None) -> int:
    """Return a number from 1 to 6 that is always the same for the same name."""
    return sum(ord(letter) for letter in name or "") % 6 + 1


def level_name(level: int | None) -> str:
    """Return the official name of a proficiency level (PermenPANRB 38/2017); None is unknown."""
    names = {
        1: gettext("Paham/dalam pengembangan"),
        2: gettext("Dasar"),
        3: gettext("Menengah"),
        4: gettext("Mumpuni"),
        5: gettext("Ahli"),
    }
    if level is None:
        return gettext("Belum diketahui")
    return names.get(level, gettext("Belum ada"))


def state_style(state: object) -> tuple[str, str]:
    """Return (tone, icon) for a state, given as text or as an enum member with a text value."""
    key = str(getattr(state, "value", state)).lower()
    return STATE_STYLES.get(key, STATE_STYLES["neutral"])


def validity_state(
    until: date | None, today: date | None = None, window: int = EXPIRY_WINDOW_DAYS
) -> tuple[str, int | None]:
    """Return (valid | expiring | expired | forever, days left) for something valid until a day."""
    if until is None:
        return "forever", None
    left = (until - (today or clock_today())).days
    if left < 0:
        return "expired", left
    return ("expiring" if left < window else "valid"), left


def _pairs(args: Any) -> Iterable[tuple[str, Any]]:
    if hasattr(args, "items"):
        try:
            return list(args.items(multi=True))
        except TypeError:
            return list(args.items())
    return list(args)


def query_with(args: Mapping[str, Any] | None, **changes: Any) -> str:
    """Return `?…` with some parameters of the present address changed; None drops a parameter.

    A list as value repeats the parameter. Changing anything but `halaman` goes back to page one.
    """
    if "halaman" not in changes:
        changes["halaman"] = None
    pairs = [(key, value) for key, value in _pairs(args or {}) if key not in changes]
    for key, value in changes.items():
        values = value if isinstance(value, list | tuple) else [value]
        pairs += [(key, item) for item in values if item is not None and item != ""]
    return "?" + urlencode(pairs)


FILTERS = {
    "tanggal": tanggal,
    "waktu": waktu,
    "jam": jam,
    "rentang": rentang,
    "number": number,
    "persen": persen,
    "jp": jp,
    "rupiah": rupiah,
    "ukuran": ukuran,
    "nip": nip,
    "initials": initials,
    "avatar_tone": avatar_tone,
    "level_name": level_name,
    "state_style": state_style,
    "validity_state": validity_state,
    "query_with": query_with,
}


def link_to(endpoint: str, **values: Any) -> str | None:
    """Return the address of an endpoint, or None where this installation does not have it."""
    return url_for(endpoint, **values) if endpoint in current_app.view_functions else None


def register(app: Flask) -> None:
    """Add the filters, the chart geometry and `link_to` to the templates of an application."""
    app.jinja_env.filters.update(FILTERS)
    app.jinja_env.globals.update(charts=charts, link_to=link_to)
