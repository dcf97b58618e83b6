"""The one thing that would help a profile most; pure, so that the page only words it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any

from skills.enums import ClaimState
from skills.rules import GapState


class StepKind(StrEnum):
    """Kinds of next things, the most valuable first."""

    MEND = "mend"  # a returned claim
    SEND = "send"  # a draft with its evidence
    RENEW = "renew"  # a required level that ends soon
    PROVE = "prove"  # a gap that evidence would close
    FILL = "fill"  # a datum that only the personnel file can give
    NOTHING = "nothing"


@dataclass(frozen=True)
class NextStep:
    """What to do next and what it is about."""

    kind: StepKind
    claim: Any = None
    competency: Any = None
    level: int | None = None
    until: date | None = None
    part: str | None = None


def next_step(
    *,
    claims: Sequence[Any],
    gap_lines: Sequence[Any],
    expiring: Sequence[Any],
    missing: Sequence[str],
) -> NextStep:
    """Return the most valuable next thing of a profile.

    Work that was begun comes before what would begin anew; a level about to be lost before one to
    be won; among gaps the largest weighted one that no claim is waiting for. The order is ours
    (local draft).

    Args:
        claims: claims of the person, the newest first.
        gap_lines: `GapLine`, the largest weighted gap first.
        expiring: held levels that end soon or have ended.
        missing: names of absent parts.
    """
    begun = _begun(claims)
    if begun is not None:
        return begun
    waiting = {
        claim.competency_id
        for claim in claims
        if claim.state in (ClaimState.SUBMITTED, ClaimState.UNIT_ACCEPTED)
    }
    needed = {line.competency.id for line in gap_lines}
    renewals = [
        row
        for row in expiring
        if row.competency.id in needed and row.competency.id not in waiting and row.verified
    ]
    if renewals:
        first = min(renewals, key=lambda row: (row.valid_until, row.competency.id))
        return NextStep(
            StepKind.RENEW,
            competency=first.competency,
            level=first.verified,
            until=first.valid_until,
        )
    return _gap(gap_lines, waiting) or _part(missing)


def _begun(claims: Iterable[Any]) -> NextStep | None:
    for state, kind in ((ClaimState.RETURNED, StepKind.MEND), (ClaimState.DRAFT, StepKind.SEND)):
        for claim in claims:
            if claim.state == state and (kind is StepKind.MEND or claim.evidence):
                return NextStep(kind, claim=claim, competency=claim.competency, level=claim.level)
    return None


def _gap(gap_lines: Sequence[Any], waiting: set[int]) -> NextStep | None:
    open_lines = [
        line
        for line in gap_lines
        if line.gap.state is not GapState.MET and line.competency.id not in waiting
    ]
    if not open_lines:
        return None
    first = open_lines[0]
    return NextStep(StepKind.PROVE, competency=first.competency, level=first.gap.requirement.level)


def _part(missing: Sequence[str]) -> NextStep:
    parts = [name for name in missing if name not in ("standard", "verified")]
    if parts:
        return NextStep(StepKind.FILL, part=parts[0])
    return NextStep(StepKind.NOTHING)
