"""Who gets a seat when more people ask than there are seats. Pure: no database, no clock.

The order is published before anybody applies: the larger need first, then who has waited longest
since the last training, then a lot drawn from a seed that everybody can recompute. Going down that
order each person gets a seat while the session and the quota of the person's OPD have one left.
"""

import hashlib
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

NEVER = date(1900, 1, 1)  # stands for somebody who has not attended anything yet


class AllocationReason(StrEnum):
    """Why somebody has a seat, or what decided against it."""

    SEAT = "seat"
    QUOTA = "quota"  # the OPD has all of its seats
    NEED = "need"  # everybody who got one needs it more
    RECENT = "recent"  # of equal need, the others attended longer ago
    LOT = "lot"  # equal in all, the lot decided


@dataclass(frozen=True)
class Applicant:
    """Somebody who asks: levels that the course would close, and when a training last ended."""

    key: int
    opd_id: int
    need: int
    last_attended: date | None


@dataclass(frozen=True)
class Outcome:
    """What became of an applicant, with what decided it.

    Args:
        rank: place in the published order, from 1.
        lot: number drawn from the seed, as everybody can recompute it.
        cut: the last one who got a seat in the order, whom this person would have had to precede;
            None where nobody did.
    """

    applicant: Applicant
    rank: int
    lot: str
    reason: AllocationReason
    cut: Applicant | None = None

    @property
    def seated(self) -> bool:
        """Whether the person has a seat."""
        return self.reason is AllocationReason.SEAT


def lot(seed: str, key: int) -> str:
    """Return the lot of a person: the first 16 hex digits of SHA-256 of `seed:key`."""
    return hashlib.sha256(f"{seed}:{key}".encode()).hexdigest()[:16]


def allocate(
    applicants: Iterable[Applicant],
    *,
    seats: int,
    quotas: Mapping[int, int],
    default_quota: int | None,
    seed: str,
) -> list[Outcome]:
    """Return what becomes of each applicant, in the published order.

    Args:
        seats: seats to give away.
        quotas: OPD id to how many more of its people may have one.
        default_quota: the same for an OPD that is not named, None for as many as there are.
    """
    order = sorted(applicants, key=lambda one: _order(one, seed))
    given: Counter[int] = Counter()
    left = max(0, seats)
    outcomes: list[tuple[Applicant, bool | None]] = []  # None: stopped by the quota
    for one in order:
        limit = quotas.get(one.opd_id, default_quota)
        if left <= 0:
            outcomes.append((one, False))
        elif limit is not None and given[one.opd_id] >= limit:
            outcomes.append((one, None))
        else:
            left -= 1
            given[one.opd_id] += 1
            outcomes.append((one, True))
    return _explained(outcomes, seed)


def _order(one: Applicant, seed: str) -> tuple[int, date, str, int]:
    return (-one.need, one.last_attended or NEVER, lot(seed, one.key), one.key)


def _explained(outcomes: Sequence[tuple[Applicant, bool | None]], seed: str) -> list[Outcome]:
    seated = [one for one, got in outcomes if got]
    cut = seated[-1] if seated else None
    found = []
    for rank, (one, got) in enumerate(outcomes, start=1):
        drawn = lot(seed, one.key)
        if got:
            found.append(Outcome(one, rank, drawn, AllocationReason.SEAT))
        elif got is None:
            own = [other for other in seated if other.opd_id == one.opd_id]
            last = own[-1] if own else None
            found.append(Outcome(one, rank, drawn, AllocationReason.QUOTA, last))
        else:
            found.append(Outcome(one, rank, drawn, _behind(one, cut), cut))
    return found


def _behind(one: Applicant, cut: Applicant | None) -> AllocationReason:
    """Return in what the person stands behind the last one who got a seat."""
    if cut is None or one.need < cut.need:
        return AllocationReason.NEED
    if (one.last_attended or NEVER) > (cut.last_attended or NEVER):
        return AllocationReason.RECENT
    return AllocationReason.LOT
