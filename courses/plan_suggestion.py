"""Pure rules of a suggested year plan: the courses that narrow most gaps and close most JP duty.

A session is worth the levels its people gain, and beside them the share of the yearly JP duty that
it closes for those among them who are still short, times a weight of the policy. Its price is its
share of the money and of the hours of the year. The most worth for its price comes first.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from heapq import nsmallest
from typing import Any


@dataclass(frozen=True)
class PlanPolicy:
    """How a plan is suggested: the numbers of the reference table `plan_policy`."""

    seats: int  # of a session
    sessions_per_course: int  # at most
    fewest: int  # a session for fewer people is not suggested
    duty_weight: float  # levels that a whole yearly duty of one person is worth


def policy_of(rows: Sequence[Mapping[str, Any]]) -> PlanPolicy:
    """Return the policy of reference rows with `key` and `value`."""
    values = {str(row["key"]): float(row["value"]) for row in rows}
    return PlanPolicy(
        seats=int(values["seats"]),
        sessions_per_course=int(values["sessions_per_course"]),
        fewest=int(values["fewest"]),
        duty_weight=values["duty_weight"],
    )


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
class HoursOwed:
    """A person in the year of the plan: the duty, what nothing covers yet, room to a ceiling."""

    duty: int = 0
    missing: int = 0
    room: int | None = None  # hours until the warning; None where there is no ceiling


@dataclass(frozen=True)
class PlannedCourse:
    """A course in a plan with what it would do.

    served people get a seat, `needed` would profit, `levels` are gained; `short` of those with a
    seat are short of JP, `duty_hours` of their duty are closed; `above` pass their ceiling.
    """

    course_id: int
    sessions: int
    seats: int
    served: int
    needed: int
    levels: int
    short: int
    duty_hours: int
    above: int


@dataclass(frozen=True)
class Limits:
    """Rupiah and session hours that can still be spent in the year."""

    budget: int
    hours: int


@dataclass(frozen=True)
class _Session:
    people: tuple[int, ...]
    levels: int
    short: int
    duty_hours: int
    above: int
    worth: float


@dataclass
class Ledger:
    """Gaps that are still open, and the hours people still owe; courses are written into it."""

    options: Sequence[CourseOption]
    policy: PlanPolicy
    owed: Mapping[int, HoursOwed] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._gaps = [dict(option.serves) for option in self.options]
        self._missing = {person: row.missing for person, row in self.owed.items()}
        self._taught: dict[int, int] = {}

    def best_people(self, at: int, seats: int) -> _Session:
        """Return a session of an option for the people it is worth most to, ties by id."""
        levels: dict[int, int] = {}
        for (person, _competency), gained in self._gaps[at].items():
            levels[person] = levels.get(person, 0) + gained
        jp = self.options[at].jp
        worth = {person: gained + self._duty_worth(person, jp) for person, gained in levels.items()}
        chosen = nsmallest(max(0, seats), worth, key=lambda person: (-worth[person], person))
        closed = [min(self._missing.get(person, 0), jp) for person in chosen]
        return _Session(
            people=tuple(chosen),
            levels=sum(levels[person] for person in chosen),
            short=sum(hours > 0 for hours in closed),
            duty_hours=sum(closed),
            above=sum(self._passes_ceiling(person, jp) for person in chosen),
            worth=sum(worth[person] for person in chosen),
        )

    def _duty_worth(self, person: int, jp: int) -> float:
        duty = self.owed.get(person, HoursOwed()).duty
        if not duty:
            return 0.0
        return self.policy.duty_weight * min(self._missing.get(person, 0), jp) / duty

    def _passes_ceiling(self, person: int, jp: int) -> bool:
        room = self.owed.get(person, HoursOwed()).room
        return room is not None and self._taught.get(person, 0) + jp > room

    def write(self, at: int, people: Sequence[int]) -> None:
        """Count a session as held: its gaps are closed and its hours done."""
        option, members = self.options[at], set(people)
        closed = {key for key in option.serves if key[0] in members}
        for gaps in self._gaps:
            for key in closed & gaps.keys():
                del gaps[key]
        for person in members:
            self._taught[person] = self._taught.get(person, 0) + option.jp
            self._missing[person] = max(0, self._missing.get(person, 0) - option.jp)


def suggest_courses(
    ledger: Ledger, limits: Limits, *, without: frozenset[int] = frozenset()
) -> list[PlannedCourse]:
    """Choose sessions one by one, the most worth for its price first, in the order chosen.

    What a chosen session closes counts no more for later ones. Ties go to the lower course id, so
    that the same need always gives the same plan.

    Args:
        without: course ids that stand in the plan already.
    """
    chosen: dict[int, list[_Session]] = {}
    money, hours = limits.budget, limits.hours
    while True:
        best: tuple[float, int, int, _Session] | None = None
        for at, option in enumerate(ledger.options):
            if option.course_id in without or option.jp > hours:
                continue
            if len(chosen.get(at, ())) >= ledger.policy.sessions_per_course:
                continue
            found = ledger.best_people(at, _seats(ledger.policy.seats, option.cost, money))
            if len(found.people) < ledger.policy.fewest:
                continue
            rank = (found.worth / _price(option, len(found.people), limits), -option.course_id)
            if best is None or rank > best[:2]:
                best = (*rank, at, found)
        if best is None:
            break
        at, found = best[2:]
        money -= ledger.options[at].cost * len(found.people)
        hours -= ledger.options[at].jp
        ledger.write(at, found.people)
        chosen.setdefault(at, []).append(found)
    return [_planned(ledger.options[at], runs, ledger.policy) for at, runs in chosen.items()]


def _seats(most: int, cost: int, money: int) -> int:
    return most if not cost else min(most, money // cost)


def _price(option: CourseOption, people: int, limits: Limits) -> float:
    price = option.cost * people / max(1, limits.budget) + option.jp / max(1, limits.hours)
    return max(price, 1e-9)


def _planned(option: CourseOption, runs: Sequence[_Session], policy: PlanPolicy) -> PlannedCourse:
    served = sum(len(run.people) for run in runs)
    seats = min(policy.seats, -(-served // len(runs)))
    return _summed(option, len(runs), seats, runs)


def place_course(ledger: Ledger, *, course_id: int, sessions: int, seats: int) -> PlannedCourse:
    """Write a course somebody planned into the ledger; return what it would do."""
    for at, option in enumerate(ledger.options):
        if option.course_id == course_id:
            run = ledger.best_people(at, sessions * seats)
            ledger.write(at, run.people)
            return _summed(option, sessions, seats, [run])
    return PlannedCourse(course_id, sessions, seats, 0, 0, 0, 0, 0, 0)


def _summed(
    option: CourseOption, sessions: int, seats: int, runs: Sequence[_Session]
) -> PlannedCourse:
    return PlannedCourse(
        course_id=option.course_id,
        sessions=sessions,
        seats=seats,
        served=sum(len(run.people) for run in runs),
        needed=len({person for person, _ in option.serves}),
        levels=sum(run.levels for run in runs),
        short=sum(run.short for run in runs),
        duty_hours=sum(run.duty_hours for run in runs),
        above=sum(run.above for run in runs),
    )
