"""Pure rules of the nine boxes: parts to axes, axes to levels, levels to a box.

Points 0 to 100. A part that is not known is left out of an axis and widens its band; it is never
taken for zero. Cuts, weights and numbering are reference data.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

Levels = tuple[int, int]  # performance, potential; 1 to 3


@dataclass(frozen=True)
class BoxRules:
    """What the points of parts rest on, beside the method.

    least_known: share of the weights of an axis that must be known before it gets a level;
    full_experience_years, jp_a_year: what earns full points.
    """

    least_known: float
    full_experience_years: float
    jp_a_year: float


@dataclass(frozen=True)
class Part:
    """One part of an axis; points None: not known. note: what the points come from."""

    code: str
    weight: float
    points: float | None
    note: str = ""


@dataclass(frozen=True)
class Axis:
    """An axis with its value over the known parts and the band of what is unknown."""

    value: float | None
    low: float
    high: float
    known: float  # share of the weights, 0 to 1


@dataclass(frozen=True)
class Method:
    """A way to compute boxes, as the reference data gives it."""

    code: str
    name: str
    name_en: str
    numbering: str
    from_predicate: bool
    middle: float
    high: float
    performance_weights: Mapping[str, float]
    potential_weights: Mapping[str, float]
    skp_years: int
    pool_boxes: tuple[int, ...]
    default: bool
    confidence: str
    note: str

    def computes_as(self, other: "Method") -> bool:
        """Say whether both give the same boxes, whatever their names and sources."""
        names = ("numbering", "from_predicate", "middle", "high", "skp_years", "pool_boxes")
        return all(getattr(self, name) == getattr(other, name) for name in names) and (
            dict(self.performance_weights) == dict(other.performance_weights)
            and dict(self.potential_weights) == dict(other.potential_weights)
        )

    @classmethod
    def from_row(cls, row: Mapping[str, Any]) -> "Method":
        """Read a row of the reference set `nine_box_methods`."""
        return cls(
            code=row["code"],
            name=row["name_id"],
            name_en=row["name_en"],
            numbering=row["numbering"],
            from_predicate=row["performance_from"] == "PREDICATE",
            middle=float(row["cuts"]["middle"]),
            high=float(row["cuts"]["high"]),
            performance_weights=row["performance_weights"],
            potential_weights=row["potential_weights"],
            skp_years=int(row["skp_years"]),
            pool_boxes=tuple(row["pool_boxes"]),
            default=bool(row["default"]),
            confidence=row["confidence"],
            note=row["note"] or "",
        )


def axis_of(parts: Sequence[Part], least_known: float) -> Axis:
    """Return the weighted mean of the known parts, and the band with the unknown at 0 and 100."""
    total = sum(part.weight for part in parts)
    known = [part for part in parts if part.points is not None]
    weight = sum(part.weight for part in known)
    if not total:
        return Axis(None, 0.0, 100.0, 0.0)
    points = sum(part.weight * (part.points or 0.0) for part in known)
    share = weight / total
    value = points / weight if weight and share >= least_known else None
    return Axis(value, points / total, points / total + 100.0 * (1.0 - share), share)


def level_of(value: float, method: Method) -> int:
    """Return 1, 2 or 3 by the cuts of the method; a cut belongs to the upper level."""
    return 3 if value >= method.high else 2 if value >= method.middle else 1


def numbers(rows: Iterable[Mapping[str, Any]], numbering: str) -> dict[Levels, int]:
    """Return the box of each pair of levels in a numbering of the reference set `nine_box`."""
    return {
        (int(row["performance_level"]), int(row["potential_level"])): int(row["box"])
        for row in rows
        if row["numbering"] == numbering
    }


def predicate_level(levels: Sequence[int]) -> int | None:
    """Return the performance level of the years together: the mean, rounded down (local draft)."""
    return sum(levels) // len(levels) if levels else None


def possible_boxes(
    performance: Iterable[int], potential: Axis, method: Method, table: Mapping[Levels, int]
) -> list[int]:
    """Return the boxes that remain open until the unknown is known."""
    reach = range(level_of(potential.low, method), level_of(min(potential.high, 100.0), method) + 1)
    return sorted({table[level, other] for level in performance for other in reach})


def reachable(axis: Axis, method: Method) -> range:
    """Return the levels between the worst and the best case of an axis."""
    return range(level_of(axis.low, method), level_of(min(axis.high, 100.0), method) + 1)


@dataclass(frozen=True)
class Climb:
    """A part that alone could lift an axis to its next level, and how many points it needs.

    needed None: even full points of this part would not be enough.
    """

    code: str
    points: float | None
    needed: float | None
    gain: float  # points that the axis gains with full points of this part


@dataclass(frozen=True)
class Path:
    """How far an axis is from its next level: value, cut, missing points, and the parts."""

    value: float
    cut: float | None  # None: the highest level already
    missing: float
    parts: tuple[Climb, ...]


def climbs(parts: Sequence[Mapping[str, Any]], method: Method, least_known: float) -> Path | None:
    """Return what would lift an axis to its next level, the easiest part first.

    A part that is not known yet joins the axis when it becomes known, as in `axis_of`. None for an
    axis without a value.
    """
    known = [Part(str(p["code"]), float(p["weight"]), p["points"]) for p in parts]
    axis = axis_of(known, least_known)
    if axis.value is None:
        return None
    level = level_of(axis.value, method)
    cut = {1: method.middle, 2: method.high}.get(level)
    found = tuple(_climb(part, known, axis.value, cut) for part in known)
    if cut is None:
        return Path(axis.value, None, 0.0, ())
    useful = [item for item in found if item.gain > 0]
    useful.sort(
        # Enough alone before not enough; the fewest points to go, then the largest gain.
        key=lambda c: (
            c.needed is None,
            0 if c.needed is None else c.needed - (c.points or 0),
            -c.gain,
            c.code,
        )
    )
    return Path(axis.value, cut, cut - axis.value, tuple(useful))


def _climb(part: Part, parts: Sequence[Part], value: float, cut: float | None) -> Climb:
    others = [p for p in parts if p is not part and p.points is not None]
    weight = part.weight + sum(p.weight for p in others)
    points = sum(p.weight * (p.points or 0.0) for p in others)
    best = (points + part.weight * 100.0) / weight
    needed = None if cut is None or not part.weight else (cut * weight - points) / part.weight
    if needed is not None and needed > 100.0:
        needed = None
    return Climb(part.code, part.points, needed, best - value)
