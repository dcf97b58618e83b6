"""The blueprint of planning and the words its pages share."""

from typing import Any

from flask import Blueprint
from flask_babel import gettext as _

from app.web.i18n import named
from courses.enums import PlanState, ProposalState

bp = Blueprint("planning", __name__)


def plan_words() -> dict[str, tuple[str, str]]:
    """Return the words and the tone of the states of a plan."""
    return {
        PlanState.DRAFT: (_("Draf"), "neutral"),
        PlanState.PROPOSED: (_("Diusulkan"), "info"),
        PlanState.ADOPTED: (_("Ditetapkan"), "success"),
        PlanState.REPLACED: (_("Diganti edisi baru"), "neutral"),
    }


def proposal_words() -> dict[str, tuple[str, str]]:
    """Return the words and the tone of the states of a proposal."""
    return {
        ProposalState.SUBMITTED: (_("Menunggu"), "info"),
        ProposalState.TAKEN: (_("Masuk rencana"), "success"),
        ProposalState.DECLINED: (_("Ditolak"), "warning"),
    }


def priority_words() -> dict[int, str]:
    """Return the words of the priorities."""
    return {1: _("Mendesak"), 2: _("Biasa"), 3: _("Dapat menunggu")}


@bp.context_processor
def _helpers() -> dict[str, Any]:
    return {
        "named": named,
        "plan_words": plan_words(),
        "proposal_words": proposal_words(),
        "priority_words": priority_words(),
    }
