"""Pure rules of paths to a level: AND over groups of steps, OR within a group and between paths.

A fact is a span of days in which a step is fulfilled. More facts never end a fulfilment, the order
of facts does not matter, and once a day is not covered no earlier fact covers it later again.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum


class StepKind(StrEnum):
    """What fulfils a step."""

    COURSE = "course"  # a verified training of this course
    EVIDENCE = "evidence"  # a proof that was accepted, at the level or above
    ASSESSMENT = "assessment"  # an assessor or assessment stated the level or above
    LEVEL = "level"  # a verified level in another competency


@dataclass(frozen=True)
class Span:
    """Days in which a step is fulfilled; no `until` means without an end."""

    since: date
    until: date | None = None

    def holds(self, day: date) -> bool:
        """Whether the day is inside (the last day counts)."""
        return self.since <= day and (self.until is None or day <= self.until)


@dataclass(frozen=True)
class PathState:
    """Where a person stands on a path: which groups hold, and the span of the whole."""

    held: Mapping[int, bool]
    span: Span | None

    @property
    def done(self) -> int:
        """How many groups are fulfilled."""
        return sum(self.held.values())


def path_state(groups: Mapping[int, Sequence[Span]], day: date) -> PathState:
    """Return where a path stands on a day.

    Args:
        groups: number of the group to the spans of its fulfilled steps; a path without a group
            is never fulfilled.
        day: the day asked about.
    """
    best = {number: _best(spans, day) for number, spans in groups.items()}
    held = {number: span is not None for number, span in best.items()}
    spans = [span for span in best.values() if span is not None]
    if not spans or len(spans) < len(best):
        return PathState(held, None)
    ends = [span.until for span in spans if span.until is not None]
    since = max(span.since for span in spans)
    return PathState(held, Span(since, min(ends, default=None)))


def _best(spans: Sequence[Span], day: date) -> Span | None:
    """Return the span that lasts longest; of those the earliest."""
    holding = [span for span in spans if span.holds(day)]
    return max(
        holding, key=lambda span: (span.until or date.max, -span.since.toordinal()), default=None
    )
