"""How sure a fit is: the source and the age of the evidence behind every point of it.

It stands beside the fit and never enters it: a newer proof from a weaker source would otherwise
lower what somebody has, and nothing that a person adds may do that.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy.orm import Session

from matching.queries.proofs import Proof, proofs_of
from matching.rules import assurance, weighted_assurance
from matching.services.reference_sets import values_of
from matching.services.scoring_rules import CODE
from matching.services.scouting import RankedPerson

DAYS_OF_YEAR = 365.25
_PREFIX = "assurance_"


@dataclass(frozen=True)
class AssuranceRules:
    """How sure a new level of each source is, what a year takes, and what the oldest keeps."""

    shares: Mapping[str, float]
    loss: float
    least: float


@dataclass(frozen=True)
class Assured:
    """How sure one person's fit is, 0 to 1, and each requirement of it by competency."""

    whole: float | None  # None: nothing is shown yet
    items: Mapping[int, float]
    proofs: Mapping[int, Proof]


def assurance_rules(session: Session) -> AssuranceRules:
    """Return the rules in force."""
    shares = {
        code.removeprefix(_PREFIX): value
        for code, value in values_of(session, CODE).items()
        if code.startswith(_PREFIX)
    }
    return AssuranceRules(loss=shares.pop("loss"), least=shares.pop("least"), shares=shares)


def assured(
    session: Session, people: Sequence[RankedPerson], *, day: date
) -> Mapping[int, Assured]:
    """Return how sure the fits of some people are on a day, by person.

    The share of a source is data and falls with every year of age, to a floor; the whole is the
    mean over the points that were earned.
    """
    rules = assurance_rules(session)
    asked = [item.competency_id for item in people[0].scores] if people else []
    proofs = proofs_of(
        session, employee_ids=[found.person.id for found in people], competency_ids=asked
    )
    answers = {}
    for found in people:
        behind = {c: proofs[found.person.id, c] for c in asked if (found.person.id, c) in proofs}
        items = {
            c: assurance(
                rules.shares[p.source],
                _years(p.obtained_on, day),
                loss=rules.loss,
                least=rules.least,
            )
            for c, p in behind.items()
        }
        whole = weighted_assurance(
            [(item.points, items.get(item.competency_id, 0.0)) for item in found.scores]
        )
        answers[found.person.id] = Assured(whole, items, behind)
    return answers


def _years(since: date | None, day: date) -> float:
    return max(0.0, (day - since).days / DAYS_OF_YEAR) if since else 0.0
