"""Days, rates and thresholds around seats and boxes: data in versions, never constants."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from matching.box_rules import BoxRules
from matching.services.reference_sets import values_of

CODE = "process_rules"


@dataclass(frozen=True)
class ProcessRules:
    """The rules in force; mostly local drafts until the city sets them."""

    least_words: int  # of a role's text, for its similarity to be trusted
    transfer_rate: float  # chance of leaving a seat by transfer in a year
    remind_days: tuple[int, ...]  # before the end of a term, the first reminder first
    warn_days: int  # before somebody of a key seat retires
    scenario_least_fit: float
    box: BoxRules


def process_rules(session: Session, *, at: datetime | None = None) -> ProcessRules:
    """Return the rules in force, today or at a moment."""
    value = values_of(session, CODE, at=at)
    days = {int(value[f"remind_{place}"]) for place in ("first", "second", "third")}
    return ProcessRules(
        least_words=int(value["least_words"]),
        transfer_rate=value["transfer_percent"] / 100,
        remind_days=tuple(sorted(days, reverse=True)),
        warn_days=int(value["warn_days"]),
        scenario_least_fit=value["scenario_least_fit"],
        box=box_rules(value),
    )


def box_rules(value: dict[str, float]) -> BoxRules:
    """Return the rules of boxes from a table of numbers."""
    return BoxRules(
        least_known=value["box_least_known"] / 100,
        full_experience_years=value["box_full_experience"],
        jp_a_year=value["box_jp_a_year"],
    )
