"""Pure rules of standards: what one version asks beside another, and whom that concerns."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from skills.rules import LEVELS, Requirement

HEAVIEST = 100


class ChangeKind(StrEnum):
    """What happened to a requirement between two versions."""

    ADDED = "added"
    REMOVED = "removed"
    RAISED = "raised"
    LOWERED = "lowered"
    REWEIGHED = "reweighed"  # weight or mandatory


@dataclass(frozen=True)
class ItemChange:
    """A requirement that differs between two versions."""

    competency_id: int
    kind: ChangeKind
    before: Requirement | None
    after: Requirement | None


@dataclass(frozen=True)
class Effect:
    """What a new version means for the people it applies to."""

    people: int
    met_before: int
    met_after: int
    newly_short: int  # met the old version, do not meet the new one


def difference(before: Iterable[Requirement], after: Iterable[Requirement]) -> list[ItemChange]:
    """Return the requirements that differ, by competency."""
    old = {item.competency_id: item for item in before}
    new = {item.competency_id: item for item in after}
    changes = (
        ItemChange(key, _kind(old.get(key), new.get(key)), old.get(key), new.get(key))
        for key in sorted(old.keys() | new.keys())
        if old.get(key) != new.get(key)
    )
    return list(changes)


def _kind(before: Requirement | None, after: Requirement | None) -> ChangeKind:
    if before is None:
        return ChangeKind.ADDED
    if after is None:
        return ChangeKind.REMOVED
    if before.level == after.level:
        return ChangeKind.REWEIGHED
    return ChangeKind.RAISED if after.level > before.level else ChangeKind.LOWERED


def effect(
    before: Sequence[Requirement],
    after: Sequence[Requirement],
    levels: Mapping[int, Mapping[int, int]],
) -> Effect:
    """Return how many people meet all of the old and of the new version.

    Args:
        levels: employee id to competency id to verified level; everybody concerned is a key.
    """
    met = {person: (_meets(before, held), _meets(after, held)) for person, held in levels.items()}
    return Effect(
        people=len(met),
        met_before=sum(old for old, _new in met.values()),
        met_after=sum(new for _old, new in met.values()),
        newly_short=sum(old and not new for old, new in met.values()),
    )


def _meets(asked: Sequence[Requirement], held: Mapping[int, int]) -> bool:
    return all(held.get(item.competency_id, 0) >= item.level for item in asked)


def is_level(level: int) -> bool:
    """Return whether a number is a level."""
    return level in LEVELS


def is_weight(weight: float) -> bool:
    """Return whether a number is a weight."""
    return 0 < weight <= HEAVIEST
