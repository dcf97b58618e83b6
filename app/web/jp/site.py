"""The blueprint of the accounts of hours and the words its pages share."""

from typing import Any

from flask import Blueprint, request
from flask_babel import gettext as _

from app.core import clock
from app.core.db import db
from app.core.errors import NotFound
from app.core.permissions import Permission as P
from app.web.access import check, current_actor
from courses.planning_rules import DutyState
from skills.models import Employee
from skills.queries.profile import find_employee

bp = Blueprint("jp", __name__)


def state_words() -> dict[DutyState, tuple[str, str]]:
    """Return the words and the tone of each state."""
    return {
        DutyState.MET: (_("Terpenuhi"), "success"),
        DutyState.ON_TRACK: (_("Terpenuhi bila sesi selesai"), "info"),
        DutyState.SHORT: (_("Belum terpenuhi"), "warning"),
        DutyState.ABOVE: (_("Di atas batas PPPK"), "warning"),
        DutyState.NO_TARGET: (_("Tanpa target"), "neutral"),
    }


def record_words() -> dict[str, tuple[str, str]]:
    """Return the words and the tone of the states of a training record."""
    return {
        "verified": (_("Disetujui"), "success"),
        "returned": (_("Dikembalikan"), "warning"),
        "claimed": (_("Menunggu pemeriksaan"), "info"),
    }


def chosen_year() -> int:
    """Return the year of the address, this year by default."""
    year = request.args.get("tahun", clock.today().year, type=int)
    return year if 2000 <= year <= 2100 else clock.today().year


def year_options() -> list[tuple[int, str]]:
    """Return the years that a page offers."""
    this = clock.today().year
    return [(number, str(number)) for number in range(this + 1, this - 5, -1)]


def own_self() -> Employee:
    """Return the employee who is signed in."""
    number = current_actor().employee_id
    employee = find_employee(db.session(), number) if number else None
    if employee is None:
        raise NotFound
    check(P.JP_CLAIM, employee)
    return employee


@bp.context_processor
def _helpers() -> dict[str, Any]:
    return {"duty_words": state_words(), "record_words": record_words()}
