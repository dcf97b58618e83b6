"""One's own box: what it rests on and what is missing to the next."""

from flask import Blueprint, render_template, request

from app.core.db import db
from app.core.permissions import Permission as P
from app.web.access import current_actor, requires
from app.web.talent.routes import facts_of, helpers
from matching.queries import talent as queries
from matching.queries.pools import memberships_of
from matching.services.talent_box import find_method

bp = Blueprint("own_talent", __name__, url_prefix="/talenta")
bp.context_processor(helpers)


@bp.get("/saya")
@requires(P.TALENT_OWN)
def mine() -> str:
    """Show one's own box and what is missing to the next."""
    session, me = db.session(), current_actor().employee_id or 0
    found = queries.assessments_of(session, me)
    default = find_method(session, None).code
    wanted = request.args.get("periode", type=int)
    mine_only = [row for row in found if row.method_code == default] or list(found)
    chosen = next((row for row in mine_only if row.period == wanted), None)
    row = chosen or (mine_only[0] if mine_only else None)
    if row is None:
        return render_template("talent/none.html")
    return render_template(
        "talent/person.html",
        **facts_of(row),
        own=True,
        periods=[item.period for item in mine_only],
        memberships=memberships_of(session, me),
    )
