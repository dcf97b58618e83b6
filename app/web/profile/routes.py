"""The profile of a person: one's own, that of others within reach, and how a level came about."""

from typing import Any

from flask import Blueprint, render_template, request

from app.core import clock
from app.core.db import db
from app.core.errors import NotFound
from app.core.permissions import Permission as P
from app.web.access import audit_read, check, current_actor, requires
from app.web.dictionary.step_words import standing_lines
from app.web.profile import outside_words, presenters, words
from matching.queries.seats import roles_in_force
from skills.models import Employee
from skills.queries.level_story import level_story
from skills.queries.profile import find_employee, profile_of
from skills.queries.rights import was_asked
from skills.queries.standards import position_standard

bp = Blueprint("profile", __name__)
bp.context_processor(words.helpers)
bp.context_processor(outside_words.helpers)


@bp.get("/profil")
@requires(P.CLAIM_EDIT)
def mine() -> str:
    """Show one's own profile."""
    return _page(own_person())


@bp.get("/profil/<int:employee_id>")
@requires(P.EMPLOYEE_READ)
def show(employee_id: int) -> str:
    """Show a profile."""
    employee = person(employee_id)
    audit_read("skills:profile:read", [employee_id], subject=employee)
    return _page(employee)


@bp.get("/profil/<int:employee_id>/kompetensi/<int:competency_id>")
@requires(P.EMPLOYEE_READ)
def history(employee_id: int, competency_id: int) -> str:
    """Show every row of the history of one level, and the rule that chose among them."""
    session = db.session()
    employee = person(employee_id)
    story = level_story(session, employee_id, competency_id)
    if story is None:
        raise NotFound
    audit_read("skills:level:read", [employee_id], subject=employee, competency_id=competency_id)
    standard = position_standard(session, employee=employee, day=clock.today())
    required = {need.competency_id: need.level for need in standard.requirements}
    return render_template(
        "profile/history.html",
        employee=employee,
        story=story,
        required=required.get(competency_id),
        rule=words.rule_words(story.policy),
        paths=standing_lines(session, story.paths),
        is_own=employee_id == current_actor().employee_id,
    )


def own_person() -> Employee:
    """Return the employee who is signed in."""
    return person(current_actor().employee_id or 0)


def person(employee_id: int) -> Employee:
    """Return an employee whom the signed-in person may read.

    Raises:
        NotFound: no such employee, or out of reach.
    """
    employee = find_employee(db.session(), employee_id)
    if employee is None:
        raise NotFound
    check(P.EMPLOYEE_READ, employee)
    return employee


def _page(employee: Employee) -> str:
    session = db.session()
    profile = profile_of(session, employee)
    roles = roles_in_force(session)
    asked, others = presenters.competency_rows(profile)
    values: dict[str, Any] = {
        "profile": profile,
        "employee": employee,
        "is_own": employee.id == current_actor().employee_id,
        "comparison": presenters.comparison(session, profile, roles, request.args.get("peran")),
        "role_options": [(role.code, words.named(role)) for role in roles],
        "asked": asked,
        "others": others,
        "step": presenters.step_words(profile.next_step),
        "languages": dict(outside_words.language_choices()),
        "asks_consent": bool(profile.portfolio) and not was_asked(session, employee.id),
    }
    return render_template("profile/show.html", **values)
