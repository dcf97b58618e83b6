"""Pure rules of planning: the JP duty, hours of a form, and courses chosen within a budget."""

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


@dataclass(frozen=True)
class CourseOption:
    """A course that could be held: hours of a session, rupiah a participant, and who needs it.

    serves: (employee id, competency id) to levels gained.
    """

    course_id: int
    jp: int
    cost: int
    serves: Mapping[tuple[int, int], int]


@dataclass(frozen=True)
class PlannedCourse:
    """A course chosen for a plan; `served` people get a seat, `needed` would profit."""

    course_id: int
    sessions: int
    seats: int
    served: int
    needed: int


@dataclass(frozen=True)
class Limits:
    """Rupiah and session hours of the year, seats of a session, most sessions of one course."""

    budget: int
    hours: int
    seats: int = 30
    sessions_per_course: int = 4
    fewest: int = 5  # a session for fewer people is not suggested


def suggest_courses(options: Sequence[CourseOption], limits: Limits) -> list[PlannedCourse]:
    """Choose sessions one by one: the most gaps narrowed per share of money and hours first.

    A gap that a chosen session narrows counts no more for later ones. Ties go to the lower
    course id, so that the same need always gives the same plan.
    """
    open_gaps = [dict(option.serves) for option in options]
    needed = [len({person for person, _ in option.serves}) for option in options]
    chosen: dict[int, list[set[int]]] = {}
    money, hours = limits.budget, limits.hours
    while True:
        best = _best_session(options, open_gaps, chosen, limits, money, hours)
        if best is None:
            break
        at, people = best
        money -= options[at].cost * len(people)
        hours -= options[at].jp
        chosen.setdefault(at, []).append(people)
        _close_gaps(open_gaps, options[at], people)
    return [_planned(options[at], rounds, needed[at], limits) for at, rounds in chosen.items()]


def _planned(
    option: CourseOption, rounds: Sequence[set[int]], needed: int, limits: Limits
) -> PlannedCourse:
    served = sum(len(people) for people in rounds)
    seats = min(limits.seats, -(-served // len(rounds)))
    return PlannedCourse(option.course_id, len(rounds), seats, served, needed)


def _best_session(
    options: Sequence[CourseOption],
    open_gaps: Sequence[Mapping[tuple[int, int], int]],
    chosen: Mapping[int, Sequence[set[int]]],
    limits: Limits,
    money: int,
    hours: int,
) -> tuple[int, set[int]] | None:
    best: tuple[float, int, int, set[int]] | None = None
    for at, option in enumerate(options):
        if option.jp > hours or len(chosen.get(at, ())) >= limits.sessions_per_course:
            continue
        fits = limits.seats if not option.cost else min(limits.seats, money // option.cost)
        people, gain = _neediest(open_gaps[at], fits)
        if len(people) < limits.fewest:
            continue
        price = option.cost * len(people) / max(1, limits.budget)
        price += option.jp / max(1, limits.hours)
        key = (gain / max(price, 1e-9), -option.course_id, at, people)
        if best is None or key[:2] > best[:2]:
            best = key
    return (best[2], best[3]) if best else None


def _neediest(gaps: Mapping[tuple[int, int], int], seats: int) -> tuple[set[int], int]:
    """Return the people with the most levels to gain, ties by id, and their levels together."""
    gains: dict[int, int] = {}
    for (person, _competency), levels in gaps.items():
        gains[person] = gains.get(person, 0) + levels
    order = sorted(gains, key=lambda person: (-gains[person], person))[: max(0, seats)]
    return set(order), sum(gains[person] for person in order)


def _close_gaps(
    open_gaps: Sequence[dict[tuple[int, int], int]], option: CourseOption, people: set[int]
) -> None:
    closed = {key for key in option.serves if key[0] in people}
    for gaps in open_gaps:
        for key in closed & gaps.keys():
            del gaps[key]
