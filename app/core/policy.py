"""One module answers whether somebody may do something: may(actor, permission, object).

A permission is granted when any of its registered predicates says yes. Nothing registered means
no. The packages of the domain register predicates for their objects in their `access.py`; the
factory imports those, so that pages and API share one table.
"""

from collections import defaultdict
from collections.abc import Callable
from typing import Any

from app.core.actor import Actor, RoleName, ScopeKind
from app.core.errors import NotAllowed, NotFound
from app.core.permissions import Permission

Predicate = Callable[[Actor, Any], bool]

_table: dict[Permission, list[Predicate]] = defaultdict(list)


def grant(permission: Permission, *predicates: Predicate) -> None:
    """Add alternatives under which the permission is given."""
    for predicate in predicates:
        if predicate not in _table[permission]:
            _table[permission].append(predicate)


def may(actor: Actor, permission: Permission, obj: Any = None) -> bool:
    """Return whether the actor may do this to the object.

    Without an object the answer is whether there is anything at all the actor may do it to.
    """
    return any(predicate(actor, obj) for predicate in _table[permission])


def authorize(actor: Actor, permission: Permission, obj: Any = None) -> None:
    """Refuse what `may` denies.

    Raises:
        NotFound: for an object; the answer is the same whether it exists or not.
        NotAllowed: for a permission asked without an object.
    """
    if may(actor, permission, obj):
        return
    raise NotFound() if obj is not None else NotAllowed()


def permissions_of(actor: Actor) -> frozenset[Permission]:
    """Return the permissions the actor holds for at least some object."""
    return frozenset(permission for permission in Permission if may(actor, permission))


def table() -> dict[Permission, tuple[str, ...]]:
    """Return the policy as permission and names of its predicates, for the page that prints it."""
    return {key: tuple(p.__name__ for p in _table[key]) for key in Permission}


def everybody(actor: Actor, obj: Any) -> bool:
    """Say yes to everybody, signed in or not."""
    return True


def signed_in(actor: Actor, obj: Any) -> bool:
    """Say yes to everybody with an account."""
    return actor.is_signed_in


def system(actor: Actor, obj: Any) -> bool:
    """Say yes to jobs and the command line."""
    return actor.is_system


def holds(*roles: RoleName) -> Predicate:
    """Return a predicate: the actor holds one of the roles for the whole city."""

    def predicate(actor: Actor, obj: Any) -> bool:
        return any(grant.scope is ScopeKind.CITY for grant in actor.reach(*roles))

    predicate.__name__ = "city_" + "_or_".join(role.value for role in roles)
    return predicate


def holds_for_opd(*roles: RoleName) -> Predicate:
    """Return a predicate: a role of the actor reaches the object's OPD (`obj.opd_id`)."""

    def predicate(actor: Actor, obj: Any) -> bool:
        reach = actor.opd_ids(*roles)
        if reach is None:
            return actor.has(*roles)
        if obj is None:
            return bool(reach)
        return getattr(obj, "opd_id", None) in reach

    predicate.__name__ = "own_opd_" + "_or_".join(role.value for role in roles)
    return predicate


R = RoleName
grant(Permission.HOME, signed_in)
grant(Permission.ACCOUNT_OWN, signed_in)
grant(Permission.ACCOUNT_MANAGE, holds(R.ADMIN), holds_for_opd(R.OPD_MANAGER))
grant(Permission.AUDIT_READ, holds(R.AUDITOR))
grant(Permission.JOB_MANAGE, holds(R.ADMIN))
grant(Permission.POLICY_READ, holds(R.ADMIN, R.AUDITOR, R.OFFICER))
grant(Permission.SETTINGS_MANAGE, holds(R.ADMIN))
