"""Geometry of the small charts: numbers in, SVG coordinates out. Pure; drawing is the macros' job.

Unknown values (None) are kept apart from zero: they are left out of the shapes and listed as
unknown, so that a missing assessment never looks like a low one.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import cos, pi, sin

LABEL_WIDTH = 15


@dataclass(frozen=True)
class Point:
    """A place in the drawing; known is False where the value behind it is unknown."""

    x: float
    y: float
    known: bool = True


@dataclass(frozen=True)
class RadarLabel:
    """The words at the end of a spoke, already broken into lines."""

    x: float
    y: float
    anchor: str
    lines: tuple[str, ...]


@dataclass(frozen=True)
class Radar:
    """Everything that a radar macro draws, in the units of its view box."""

    width: float
    height: float
    centre: Point
    rings: tuple[str, ...]
    spokes: tuple[Point, ...]
    value: str
    required: str
    dots: tuple[Point, ...]
    labels: tuple[RadarLabel, ...]


@dataclass(frozen=True)
class Arc:
    """A slice of a donut as dash array and offset of a circle whose length is 100."""

    length: float
    gap: float
    offset: float


def wrap(text: str, width: int = LABEL_WIDTH, most: int = 3) -> tuple[str, ...]:
    """Break a label into at most `most` lines of about `width` letters; the rest is shortened."""
    lines: list[str] = []
    for word in text.split():
        if lines and len(lines[-1]) + 1 + len(word) <= width:
            lines[-1] += " " + word
        else:
            lines.append(word)
    if len(lines) > most:
        lines = lines[:most]
        lines[-1] = lines[-1][: width - 1] + "…"
    return tuple(lines)


def _on_spoke(index: int, count: int, radius: float, centre: Point) -> Point:
    angle = 2 * pi * index / count - pi / 2
    return Point(round(centre.x + radius * cos(angle), 2), round(centre.y + radius * sin(angle), 2))


def _path(points: Sequence[Point]) -> str:
    return " ".join(f"{point.x:g},{point.y:g}" for point in points)


def _label(index: int, count: int, radius: float, centre: Point, text: str) -> RadarLabel:
    place = _on_spoke(index, count, radius + 14, centre)
    lines = wrap(text)
    anchor = "middle"
    if abs(place.x - centre.x) > 8:
        anchor = "start" if place.x > centre.x else "end"
    lift = (len(lines) - 1) * 6.5
    if place.y < centre.y - radius * 0.6:
        lift *= 2
    elif place.y > centre.y + radius * 0.6:
        lift = -4
    return RadarLabel(place.x, round(place.y - lift + 4, 2), anchor, lines)


def radar(
    labels: Sequence[str],
    values: Sequence[float | None],
    required: Sequence[float | None],
    *,
    levels: int = 5,
    radius: float = 110,
) -> Radar:
    """Return a radar of values against a standard, one spoke per label.

    Args: labels, values and required have the same length (three or more); values are 0 to levels.
    Raises: ValueError when the lengths differ or there are fewer than three spokes.
    """
    count = len(labels)
    if count < 3 or len(values) != count or len(required) != count:
        raise ValueError("a radar needs three or more spokes and lists of one length")
    centre = Point(radius + 120, radius + 48)

    def spot(index: int, level: float) -> Point:
        return _on_spoke(index, count, radius * max(0.0, min(level, levels)) / levels, centre)

    known = [spot(index, value) for index, value in enumerate(values) if value is not None]
    dots = [
        spot(index, value)
        if value is not None
        else Point(spot(index, levels).x, spot(index, levels).y, known=False)
        for index, value in enumerate(values)
    ]
    return Radar(
        width=2 * centre.x,
        height=2 * centre.y,
        centre=centre,
        rings=tuple(
            _path([spot(index, level) for index in range(count)]) for level in range(1, levels + 1)
        ),
        spokes=tuple(spot(index, levels) for index in range(count)),
        value=_path(known),
        required=_path([spot(index, level or 0) for index, level in enumerate(required)]),
        dots=tuple(dots),
        labels=tuple(
            _label(index, count, radius, centre, text) for index, text in enumerate(labels)
        ),
    )


def percent(value: float | None, most: float) -> float:
    """Return value as a share of most in percent, held between 0 and 100; unknown is 0."""
    if value is None or most <= 0:
        return 0.0
    return round(100 * max(0.0, min(value / most, 1.0)), 2)


def sparkline(
    values: Sequence[float | None], *, width: float = 120, height: float = 32
) -> tuple[str, ...]:
    """Return the point lists of a small line; an unknown value breaks the line into parts."""
    known = [value for value in values if value is not None]
    if not known:
        return ()
    low, high = min(known), max(known)
    span = (high - low) or 1
    step = (width - 4) / max(len(values) - 1, 1)
    parts: list[list[Point]] = [[]]
    for index, value in enumerate(values):
        if value is None:
            parts.append([])
            continue
        y = height / 2 if high == low else height - 3 - (value - low) / span * (height - 6)
        parts[-1].append(Point(round(2 + index * step, 2), round(y, 2)))
    return tuple(_path(part) for part in parts if part)


def donut(parts: Sequence[float]) -> tuple[Arc, ...]:
    """Return the slices of a donut, clockwise from the top; all zero gives empty slices."""
    total = sum(parts)
    if total <= 0:
        return tuple(Arc(0, 100, 25) for _ in parts)
    ends = [0.0]
    for part in parts:
        ends.append(ends[-1] + 100 * part / total)
    return tuple(
        Arc(round(end - start, 3), round(100 - end + start, 3), round(25 - start, 3))
        for start, end in pairwise(ends)
    )
