"""What a year plan is measured by: open gaps of all people, and the JP they owe in its year."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy.orm import Session as DbSession

from courses.models import Course
from courses.need_rules import options_of
from courses.plan_suggestion import HoursOwed, Ledger, PlanPolicy, policy_of
from courses.planning_access import Reach
from courses.queries.jp import accounts
from courses.queries.need_overview import all_needs, courses_in_force, teaching_of
from skills.services.reference_load import reference_rows

_ALL = Reach(None)


def plan_policy(session: DbSession) -> PlanPolicy:
    """Return the policy in force of suggestions.

    Raises:
        LookupError: the reference data is not loaded.
    """
    rows = reference_rows(session, "plan_policy")
    if not rows:
        raise LookupError("the reference data of the year plan is not loaded")
    return policy_of(rows)


def hours_owed(session: DbSession, *, year: int) -> Mapping[int, HoursOwed]:
    """Return what each active person with a duty or a ceiling owes in a year."""
    found = {}
    for row in accounts(session, year=year, reach=_ALL):
        if row.duty.least is None and row.duty.most is None:
            continue
        room = None if row.duty.most is None else max(0, row.duty.most - row.forecast)
        found[row.employee_id] = HoursOwed(row.duty.least or 0, row.lacking, room)
    return found


def plan_ledger(
    session: DbSession, *, year: int, day: date, courses: Sequence[Course] = ()
) -> Ledger:
    """Return the ledger of a plan before anything is written into it.

    Args:
        courses: beside those in force, such as an older version that stands in the plan.
    """
    known = {course.id: course for course in (*courses_in_force(session), *courses)}
    needs = all_needs(session, day=day)
    options = options_of(needs, [teaching_of(known[key]) for key in sorted(known)])
    return Ledger(options, plan_policy(session), hours_owed(session, year=year))


@dataclass(frozen=True)
class DutyGap:
    """People of the city who are short of JP in a year, and the hours they miss together."""

    people: int
    hours: int


def duty_gap(session: DbSession, *, year: int) -> DutyGap:
    """Return how much of the duty of a year nothing covers yet."""
    missing = [row.missing for row in hours_owed(session, year=year).values() if row.missing]
    return DutyGap(len(missing), sum(missing))
