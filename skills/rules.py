"""Pure rules of levels, standards and gaps: no database, no clock, no files.

A row of the history is an *achievement* (an accepted claim, a certificate: it proves at least its
level) or a *measurement* (an assessor, an assessment: it states the level). Under every policy:
verifying a claim at its level never lowers the level in force, expiry never raises it, and the
order in which rows of one date arrive does not matter.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from skills.enums import VERIFIED_SOURCES, LevelSource

MEASUREMENTS = frozenset({LevelSource.ASSESSOR, LevelSource.ASSESSMENT})
LEVELS = range(1, 6)


class PolicyMode(StrEnum):
    """Which rows of the history decide."""

    BEST = "best"
    LATEST = "latest"
    BEST_WITHIN = "best_within"
    PRIORITY = "priority"


@dataclass(frozen=True)
class LevelPolicy:
    """How the level in force follows from the history of one competency.

    Args:
        mode: best of all, latest measurement, best within `years`, or by priority of the source.
        years: age limit in years for `best_within`.
        sources: verified sources for `priority`, the strongest first; the others follow.
    """

    mode: PolicyMode = PolicyMode.BEST
    years: int | None = None
    sources: tuple[LevelSource, ...] = ()

    @classmethod
    def stored(cls, mode: str, years: int | None, sources: Iterable[str] = ()) -> "LevelPolicy":
        """Return a policy from what the dictionary keeps."""
        return cls(PolicyMode(mode), years, tuple(LevelSource(source) for source in sources))

    @property
    def name(self) -> str:
        """Short name as stored beside each level."""
        if self.mode is PolicyMode.PRIORITY:
            return f"{self.mode.value}:{'>'.join(source.value for source in self.sources)}"
        return f"{self.mode.value}:{self.years}" if self.years else self.mode.value

    @property
    def ranking(self) -> tuple[LevelSource, ...]:
        """All verified sources, the strongest first."""
        others = sorted(VERIFIED_SOURCES - set(self.sources))
        return (*self.sources, *others)


@dataclass(frozen=True)
class LevelRow:
    """One row of the history as the rules read it."""

    level: int
    source: LevelSource
    obtained_on: date
    valid_until: date | None = None
    withdrawn: bool = False
    id: int = 0

    def is_valid(self, day: date) -> bool:
        """Whether the row counts on the day (the last day of validity counts)."""
        return not self.withdrawn and (self.valid_until is None or day <= self.valid_until)


@dataclass(frozen=True)
class InForce:
    """The level that counts on a day: the verified one, and what is only claimed."""

    verified: LevelRow | None
    claimed: LevelRow | None
    level: int | None  # verified level; may be below its row's where a later row has expired
    rule: str
    until: date | None = None  # last day on which the verified row counts, by its end or its age


def level_in_force(rows: Iterable[LevelRow], policy: LevelPolicy, day: date) -> InForce:
    """Return the level in force on a day from the history of one person and competency.

    Args:
        rows: history in any order.
        policy: rule of the competency.
        day: the day asked about; rows obtained later do not count.
    """
    known = [row for row in rows if row.obtained_on <= day and not row.withdrawn]
    verified = [row for row in known if row.source in VERIFIED_SOURCES]
    level, chosen = _verified_level(verified, policy, day)
    claims = [row for row in known if row.source is LevelSource.SELF and row.is_valid(day)]
    claimed = max(claims, key=_newest, default=None)
    until = last_day(chosen, policy) if chosen else None
    return InForce(verified=chosen, claimed=claimed, level=level, rule=policy.name, until=until)


def last_day(row: LevelRow, policy: LevelPolicy) -> date | None:
    """Return the last day on which a row counts under a policy, or None without an end."""
    if policy.mode is not PolicyMode.BEST_WITHIN or not policy.years:
        return row.valid_until
    aged = years_after(row.obtained_on, policy.years) - timedelta(days=1)
    return min(aged, row.valid_until) if row.valid_until else aged


def _verified_level(
    rows: Sequence[LevelRow], policy: LevelPolicy, day: date
) -> tuple[int | None, LevelRow | None]:
    if policy.mode is PolicyMode.LATEST:
        return _latest(rows, day)
    if policy.mode is PolicyMode.PRIORITY:
        return _by_priority(rows, policy, day)
    if policy.mode is PolicyMode.BEST_WITHIN and policy.years:
        limit = years_before(day, policy.years)
        rows = [row for row in rows if row.obtained_on > limit]
    valid = [row for row in rows if row.is_valid(day)]
    best = max(valid, key=lambda row: _highest(row, policy), default=None)
    return (best.level, best) if best else (None, None)


def _latest(rows: Sequence[LevelRow], day: date) -> tuple[int | None, LevelRow | None]:
    """Return the latest measurement, raised by achievements of its date or later.

    An expired measurement still caps what lies before it: its end must not bring back a higher
    level that it had replaced.
    """
    cap = max(LEVELS)
    newer: tuple[int, LevelRow] | None = None
    ordered = sorted(rows, key=lambda row: row.obtained_on, reverse=True)
    for when in dict.fromkeys(row.obtained_on for row in ordered):
        same_day = [row for row in ordered if row.obtained_on == when]
        measured = [row for row in same_day if row.source in MEASUREMENTS]
        valid = [row for row in same_day if row.is_valid(day)]
        for row in valid:
            candidate = (min(row.level, cap), row)
            if newer is None or _rank(candidate) > _rank(newer):
                newer = candidate
        if any(row.is_valid(day) for row in measured):
            break
        if measured:
            cap = min(cap, max(row.level for row in measured))
    return newer if newer else (None, None)


def _by_priority(
    rows: Sequence[LevelRow], policy: LevelPolicy, day: date
) -> tuple[int | None, LevelRow | None]:
    """Return what the strongest measuring source states, raised by achievements ranked above it.

    A measurement that expired still caps what ranks below it, so that its end raises nothing;
    without any measurement all achievements count.
    """
    cap, best = max(LEVELS), None
    for source in policy.ranking:
        same = [row for row in rows if row.source is source]
        measures = source in MEASUREMENTS
        level, row = _latest(same, day) if measures else _highest_valid(same, day)
        if level is not None and row is not None:
            candidate = (min(level, cap), row)
            if best is None or _rank(candidate) > _rank(best):
                best = candidate
        if measures and level is not None and _is_settled(same, day):
            break
        if measures:
            cap = min(cap, _newest_level(same))
    return best if best else (None, None)


def _highest_valid(rows: Sequence[LevelRow], day: date) -> tuple[int | None, LevelRow | None]:
    valid = [row for row in rows if row.is_valid(day)]
    best = max(valid, key=lambda row: _highest(row, LevelPolicy()), default=None)
    return (best.level, best) if best else (None, None)


def _is_settled(rows: Sequence[LevelRow], day: date) -> bool:
    return any(row.is_valid(day) for row in rows)


def _newest_level(rows: Sequence[LevelRow]) -> int:
    newest = max((row.obtained_on for row in rows), default=None)
    return max((row.level for row in rows if row.obtained_on == newest), default=max(LEVELS))


def _rank(candidate: tuple[int, LevelRow]) -> tuple[int, date, str]:
    return candidate[0], candidate[1].obtained_on, candidate[1].source.value


def _highest(row: LevelRow, policy: LevelPolicy) -> tuple[int, date, date, str]:
    return row.level, last_day(row, policy) or date.max, row.obtained_on, row.source.value


def _newest(row: LevelRow) -> tuple[date, int, str]:
    return row.obtained_on, row.level, row.source.value


def years_before(day: date, years: int) -> date:
    """Return the same day some years earlier (28 February for the 29th)."""
    try:
        return day.replace(year=day.year - years)
    except ValueError:
        return day.replace(year=day.year - years, day=28)


def years_after(day: date, years: int) -> date:
    """Return the same day some years later (1 March for the 29th of February)."""
    try:
        return day.replace(year=day.year + years)
    except ValueError:
        return date(day.year + years, 3, 1)


def months_after(day: date, months: int) -> date:
    """Return the day some months later, the last day of the month where it has fewer days."""
    index = day.year * 12 + day.month - 1 + months
    year, month = divmod(index, 12)
    following = date(year + (month == 11), (month + 1) % 12 + 1, 1)
    last = (following - date(year, month + 1, 1)).days
    return date(year, month + 1, min(day.day, last))


@dataclass(frozen=True)
class Requirement:
    """What a standard asks in one competency."""

    competency_id: int
    level: int
    weight: float = 1.0
    mandatory: bool = False


class GapState(StrEnum):
    """Where a person stands against one requirement."""

    MET = "met"
    SHORT = "short"
    CLAIMED = "claimed"  # would be met if the claim were verified
    UNKNOWN = "unknown"  # nothing known, which is not the same as zero


@dataclass(frozen=True)
class Gap:
    """One requirement beside what is held; `missing` is never negative."""

    requirement: Requirement
    held: int | None
    claimed: int | None
    state: GapState
    missing: int


def gaps(
    requirements: Sequence[Requirement],
    verified: Mapping[int, int | None],
    claimed: Mapping[int, int | None],
) -> list[Gap]:
    """Compare a person with a standard, the largest weighted gaps first.

    Args:
        requirements: items of the standard.
        verified: competency id to verified level in force.
        claimed: competency id to claimed level.
    """
    found = [
        _gap(item, verified.get(item.competency_id), claimed.get(item.competency_id))
        for item in requirements
    ]
    return sorted(
        found,
        key=lambda gap: (-gap.missing * gap.requirement.weight, gap.requirement.competency_id),
    )


def _gap(item: Requirement, held: int | None, claimed: int | None) -> Gap:
    missing = max(0, item.level - (held or 0))
    if missing == 0:
        state = GapState.MET
    elif claimed is not None and claimed >= item.level:
        state = GapState.CLAIMED
    elif held is None and claimed is None:
        state = GapState.UNKNOWN
    else:
        state = GapState.SHORT
    return Gap(requirement=item, held=held, claimed=claimed, state=state, missing=missing)


def share_met(found: Sequence[Gap]) -> float:
    """Return the weighted share of requirements met, 0 to 1 (1 for an empty standard)."""
    total = sum(gap.requirement.weight for gap in found)
    if not total:
        return 1.0
    return sum(gap.requirement.weight for gap in found if gap.missing == 0) / total
