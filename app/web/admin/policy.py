"""The policy as a table: which role may do what."""

from typing import Any

from flask import render_template

from app.core.actor import Actor, RoleName
from app.core.permissions import Permission
from app.core.policy import may, table
from app.web.access import requires
from app.web.admin.forms import ROLE_WORDS
from app.web.admin.slips import bp
from app.web.admin.specimens import specimen


@bp.get("/kebijakan")
@requires(Permission.POLICY_READ)
def policy() -> Any:
    """Show each permission with the roles that hold it and the rules behind it."""
    actors: dict[RoleName, Actor] = {role: specimen(role) for role in RoleName}
    rules = table()
    rows = [
        {
            "permission": permission.value,
            "roles": {role: may(actor, permission) for role, actor in actors.items()},
            "public": may(Actor(), permission),
            "rules": rules[permission],
        }
        for permission in Permission
    ]
    return render_template("admin/policy.html", rows=rows, roles=ROLE_WORDS)
