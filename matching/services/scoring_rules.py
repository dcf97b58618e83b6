"""Cuts, the weight of a claim and what else the scores depend on: data, kept with every run."""

from dataclasses import dataclass

from sqlalchemy.orm import Session

from matching.services.reference_sets import values_of

CODE = "scoring_rules"


@dataclass(frozen=True)
class ScoringRules:
    """The rules in force; local drafts until the city sets them."""

    cuts: tuple[float, float]
    claim_confidence: float
    least_requirements: int  # with fewer, a role has too little to rank on and is flagged
    fairness_margin: float
    age_bands: tuple[int, ...]  # upper ends, the last band is open


def scoring_rules(session: Session) -> ScoringRules:
    """Return the rules in force."""
    value = values_of(session, CODE)
    bands = [value[f"age_band_{place}"] for place in ("first", "second", "third")]
    return ScoringRules(
        cuts=(value["cut_meets"], value["cut_near"]),
        claim_confidence=value["claim_confidence"],
        least_requirements=int(value["least_requirements"]),
        fairness_margin=value["fairness_margin"],
        age_bands=tuple(int(band) for band in bands),
    )
