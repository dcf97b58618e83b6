"""Pure rules of planning: the JP duty, and the hours of a form."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any


class DutyState(StrEnum):
    """Where somebody stands against the duty of the year."""

    MET = "met"
    ON_TRACK = "on_track"  # met once what is planned is done
    SHORT = "short"
    ABOVE = "above"  # above a ceiling: a warning, it never blocks
    NO_TARGET = "no_target"


@dataclass(frozen=True)
class Duty:
    """Bounds of hours a year: the least to reach, the most before a warning."""

    least: int | None = None
    most: int | None = None


def duty_of(rows: Sequence[Mapping[str, Any]], *, kind: str, day: date) -> Duty:
    """Return the duty of a kind of employment on a day.

    PNS at least 20 JP a year: PP 11/2017 Pasal 203 ayat (4) as changed by PP 17/2020. PPPK a
    warning above 24 JP (secondary source). A CPNS is counted as a PNS.

    Args:
        rows: reference rows with employment_kind, bound (MINIMUM, MAXIMUM), jp, valid_from,
            valid_to (ISO dates or empty).
    """
    wanted = "PNS" if kind == "CPNS" else kind
    found: dict[str, int] = {}
    for row in rows:
        begins, ends = str(row.get("valid_from") or ""), str(row.get("valid_to") or "")
        in_force = begins <= day.isoformat() and (not ends or day.isoformat() <= ends)
        if row["employment_kind"] == wanted and in_force:
            found[str(row["bound"])] = int(float(row["jp"]))
    return Duty(found.get("MINIMUM"), found.get("MAXIMUM"))


def duty_state(approved: int, coming: int, duty: Duty) -> DutyState:
    """Return the state of somebody with so many approved and so many enrolled hours."""
    if duty.most is not None and approved + coming > duty.most:
        return DutyState.ABOVE
    if duty.least is None:
        return DutyState.NO_TARGET
    if approved >= duty.least:
        return DutyState.MET
    return DutyState.ON_TRACK if approved + coming >= duty.least else DutyState.SHORT


def hours_by_form(row: Mapping[str, Any], quantity: int) -> int | None:
    """Return the hours a form gives for a number of its units; None: its certificate says.

    Args:
        row: a row of the forms with jp_rule and jp.
        quantity: sessions, days or activities, as the form counts.
    """
    rule, jp = str(row["jp_rule"]), row.get("jp")
    if rule in ("CURRICULUM", "NONE") or jp in (None, ""):
        return None
    return int(float(str(jp))) * max(1, quantity)


def most_hours(row: Mapping[str, Any], quantity: int, *, months: int, days: int) -> int | None:
    """Return the most hours a claim of this form can carry, or None where no bound is known.

    Args:
        months, days: length of the learning, both ends counted, for forms with a bound a month
            (sessions) or a day (hours).
    """
    if str(row.get("certificate_jp_wins") or "0") in ("1", "True", "true"):
        return None
    counted = quantity
    if row.get("max_sessions_per_month"):
        counted = min(counted, int(float(str(row["max_sessions_per_month"]))) * max(1, months))
    if row.get("max_jp_per_day"):
        return int(float(str(row["max_jp_per_day"]))) * min(counted, max(1, days))
    return hours_by_form(row, counted)
