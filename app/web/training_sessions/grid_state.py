"""The attendance grid as a form: cells, scores, and what stood there when it was opened."""

from collections.abc import Mapping
from typing import Any

from app.core.errors import InvalidInput
from app.core.i18n import N_, Message
from courses.enums import AttendanceState

Key = tuple[int, int]  # meeting, enrolment
_LONGEST = 200_000


def cells(form: Mapping[str, str]) -> dict[Key, AttendanceState | None]:
    """Return the cells of the form.

    Raises:
        InvalidInput: a name or a value that the grid does not have.
    """
    found: dict[Key, AttendanceState | None] = {}
    for name, value in form.items():
        kind, _sep, rest = name.partition("-")
        if kind != "hadir":
            continue
        key = _key(rest)
        if key is None or value not in ("", *AttendanceState):
            raise InvalidInput(N_("Isian kehadiran tidak dikenal."))
        found[key] = AttendanceState(value) if value else None
    return found


def raw_cells(form: Mapping[str, str]) -> dict[Key, str]:
    """Return the known cells as they were sent, to show them again."""
    found = {}
    for name, value in form.items():
        key = _key(name.removeprefix("hadir-")) if name.startswith("hadir-") else None
        if key is not None and value in ("", *AttendanceState):
            found[key] = value
    return found


def _key(text: str) -> Key | None:
    meeting, _sep, enrolment = text.partition("-")
    if not (meeting.isdecimal() and enrolment.isdecimal()):
        return None
    return int(meeting), int(enrolment)


def scores(form: Mapping[str, str]) -> dict[int, float | None]:
    """Return the scores that differ from those the form was opened with.

    Raises:
        InvalidInput: a score that is not a number.
    """
    opened = dict(_pairs(form.get("dasar-nilai", "")))
    return {
        key: number(text)
        for key, text in raw_scores(form).items()
        if "dasar-nilai" not in form or text.strip() != opened.get(str(key), "")
    }


def raw_scores(form: Mapping[str, str]) -> dict[int, str]:
    """Return the scores as they were sent, to show them again."""
    return {
        int(name.removeprefix("nilai-")): value[:20]
        for name, value in form.items()
        if name.startswith("nilai-") and name.removeprefix("nilai-").isdecimal()
    }


def number(value: str) -> float | None:
    """Return a number written with a comma or a point, None for nothing."""
    text = value.strip().replace(",", ".")
    try:
        return float(text) if text else None
    except ValueError as error:
        told = Message(N_("Nilai “%(value)s” bukan angka."), {"value": value[:20]})
        raise InvalidInput(told) from error


def seen_text(found: Mapping[Key, str]) -> str:
    """Return the cells as one hidden field."""
    return " ".join(f"{m}-{e}:{state}" for (m, e), state in sorted(found.items()))


def scores_text(found: Mapping[int, str]) -> str:
    """Return the scores as one hidden field."""
    return " ".join(f"{key}:{text}" for key, text in sorted(found.items()) if text)


def seen(text: str | None) -> dict[Key, str] | None:
    """Return the cells of the hidden field; None where a form does not tell."""
    if text is None:
        return None
    found: dict[Key, str] = {}
    for name, state in _pairs(text):
        key = _key(name)
        if key is not None and state in set(AttendanceState):
            found[key] = state
    return found


def _pairs(text: str) -> list[Any]:
    parts = (part.partition(":") for part in text[:_LONGEST].split())
    return [(name, value) for name, _sep, value in parts]
