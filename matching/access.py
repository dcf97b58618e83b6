"""Predicates of this package for the policy: seats, scouting and decisions."""

from typing import Any

from app.core.actor import Actor, RoleName
from app.core.permissions import Permission
from app.core.policy import grant, holds, holds_for_opd, signed_in
from matching.services import departures, mergers, role_standard, talent_departures
from skills.access import own

R = RoleName


def open_to_all(actor: Actor, obj: Any) -> bool:
    """Seats and their requirements are no secret: every civil servant sees them."""
    return signed_in(actor, obj)


def is_employee(actor: Actor, obj: Any) -> bool:
    """Say yes to accounts that belong to a civil servant."""
    return actor.employee_id is not None


def register() -> None:
    """Put the predicates into the policy."""
    city = holds(R.OFFICER)
    grant(Permission.INTEREST_OWN, is_employee)
    grant(Permission.SEAT_READ, open_to_all)
    grant(Permission.SEAT_SCOUT, city, holds_for_opd(R.OPD_MANAGER))
    grant(Permission.SEAT_DECIDE, city)
    watchers = holds(R.OFFICER, R.EXECUTIVE, R.AUDITOR)
    grant(Permission.SEAT_REVIEW, watchers, holds_for_opd(R.OPD_MANAGER))
    grant(Permission.DECISION_READ, watchers)
    grant(Permission.DECISION_SIGN, holds(R.EXECUTIVE))
    grant(Permission.MODEL_READ, signed_in)
    grant(Permission.LEXICON_MANAGE, holds(R.OFFICER, R.ADMIN))
    grant(Permission.RULES_MANAGE, holds(R.OFFICER, R.ADMIN))
    grant(Permission.RULES_READ, holds(R.OFFICER, R.ADMIN, R.EXECUTIVE, R.AUDITOR))
    grant(Permission.ROLE_MANAGE, city)
    grant(Permission.COVERAGE_READ, watchers)
    departures.register()
    talent_departures.register()
    mergers.register()
    role_standard.register()
    grant(Permission.SCENARIO_READ, watchers)
    grant(Permission.SCENARIO_MANAGE, city)
    grant(Permission.SUCCESSION_READ, watchers)
    grant(Permission.SUCCESSION_MANAGE, city)
    grant(Permission.TALENT_READ, watchers, holds_for_opd(R.OPD_MANAGER))
    grant(Permission.TALENT_MANAGE, city)
    grant(Permission.TALENT_OWN, own)
