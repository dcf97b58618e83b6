"""Somebody of each role with its usual reach, to ask the policy in general."""

from app.core.actor import Actor, Grant, RoleName, ScopeKind

_UNIT, _OPD = ScopeKind.UNIT, ScopeKind.OPD
_REACH = {RoleName.SUPERVISOR: _UNIT, RoleName.OPD_MANAGER: _OPD}


def specimen(role: RoleName) -> Actor:
    """Return a person who holds the role with its usual reach in an OPD that nobody has."""
    if role is RoleName.EMPLOYEE:
        return Actor(
            account_id=-1, employee_id=-1, opd_id=-1, grants=(Grant(role, ScopeKind.SELF),)
        )
    scope = _REACH.get(role, ScopeKind.CITY)
    opd_id = -1 if scope is not ScopeKind.CITY else None
    unit_id = -1 if scope is ScopeKind.UNIT else None
    return Actor(account_id=-1, grants=(Grant(role, scope, opd_id, unit_id),))
