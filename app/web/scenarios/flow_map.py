"""Geometry of the map of moves between OPD: counts in, SVG coordinates out. Pure.

The OPD stand on a circle; an arrow bends towards the middle and is as wide as people move; a ring
around an OPD is as wide as places it fills with its own people.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import cos, hypot, pi, sin

Moves = Mapping[tuple[str, str], int]

SIZE, RADIUS, NODE, LABEL = 440.0, 112.0, 5.0, 13
_LEAST_WIDEST = 5  # people: one mover stays a thin line where nobody else moves
_WIDEST = 6.0  # of an arrow, in units of the view box
_BEND = 0.72  # how far the middle of an arrow is pulled towards the centre


@dataclass(frozen=True)
class Node:
    """An OPD on the circle, with its label along the spoke."""

    name: str
    label: str
    x: float
    y: float
    label_x: float
    label_y: float
    turn: float  # of the label, in degrees
    anchor: str
    out: int
    into: int
    own: int
    ring: float  # width of the ring; 0 where nobody stays
    ring_radius: float
    dim: bool


@dataclass(frozen=True)
class Arrow:
    """People who move from one OPD to another: a curve and its head."""

    origin: str
    target: str
    count: int
    path: str
    head: str
    width: float
    dim: bool


@dataclass(frozen=True)
class FlowMap:
    """Everything that the map draws, in the units of its square view box."""

    size: float
    nodes: Sequence[Node]
    arrows: Sequence[Arrow]
    rows: Sequence[tuple[str, str, int]]  # the same in words: origin, target, people
    focus: str | None
    widest: int  # people of an arrow of the greatest width


def flow_map(moves: Moves, *, focus: str | None = None) -> FlowMap:
    """Return the map of moves; with a focus everything that does not touch it is dimmed."""
    names = sorted({name for pair in moves for name in pair})
    focus = focus if focus in names else None
    most = max(_LEAST_WIDEST, *moves.values()) if moves else _LEAST_WIDEST
    near = {focus} | {name for pair in moves if focus in pair for name in pair}
    at = {name: 2 * pi * place / len(names) - pi / 2 for place, name in enumerate(names)}
    nodes = [
        _node(name, at[name], moves, most, dim=focus is not None and name not in near)
        for name in names
    ]
    rings = {node.name: node.ring_radius + node.ring / 2 for node in nodes}
    arrows = [
        _arrow(pair, count, at, rings, most, dim=focus is not None and focus not in pair)
        for pair, count in sorted(moves.items(), key=lambda item: (item[1], item[0]))
        if pair[0] != pair[1]
    ]
    rows = sorted((*pair, count) for pair, count in moves.items() if focus in (None, *pair))
    rows.sort(key=lambda row: -row[2])
    # What is in focus is drawn last, over the rest.
    arrows.sort(key=lambda arrow: not arrow.dim)
    return FlowMap(SIZE, nodes, arrows, rows, focus, most)


def _node(name: str, angle: float, moves: Moves, most: int, *, dim: bool) -> Node:
    own = moves.get((name, name), 0)
    ring = _width(own, most) if own else 0.0
    x, y = _spot(angle, RADIUS)
    label_x, label_y = _spot(angle, RADIUS + NODE + _WIDEST + 3)
    left = cos(angle) < -1e-9
    degrees = angle * 180 / pi
    return Node(
        name=name,
        label=name if len(name) <= LABEL else name[: LABEL - 1] + "…",
        x=x,
        y=y,
        label_x=label_x,
        label_y=label_y,
        turn=round(degrees + 180 if left else degrees, 2),
        anchor="end" if left else "start",
        out=sum(n for (origin, to), n in moves.items() if origin == name != to),
        into=sum(n for (origin, to), n in moves.items() if to == name != origin),
        own=own,
        ring=ring,
        ring_radius=NODE + 1.5 + ring / 2,
        dim=dim,
    )


def _arrow(
    pair: tuple[str, str],
    count: int,
    at: Mapping[str, float],
    rings: Mapping[str, float],
    most: int,
    *,
    dim: bool,
) -> Arrow:
    width = _width(count, most)
    start, end = (_spot(at[name], RADIUS) for name in pair)
    centre = SIZE / 2
    middle = tuple(
        round(centre + ((a + b) / 2 - centre) * (1 - _BEND), 2)
        for a, b in zip(start, end, strict=True)
    )
    tip = _towards(end, middle, rings[pair[1]] + 1)
    neck = _towards(end, middle, rings[pair[1]] + 6 + width)
    begin = _towards(start, middle, rings[pair[0]] + 1)
    path = f"M{begin[0]:g} {begin[1]:g}Q{middle[0]:g} {middle[1]:g} {neck[0]:g} {neck[1]:g}"
    return Arrow(*pair, count, path, _head(neck, tip, 2.5 + width), width, dim)


def _head(neck: tuple[float, float], tip: tuple[float, float], half: float) -> str:
    dx, dy = tip[0] - neck[0], tip[1] - neck[1]
    length = hypot(dx, dy) or 1.0
    sx, sy = -dy / length * half * 0.8, dx / length * half * 0.8
    corners = ((neck[0] + sx, neck[1] + sy), tip, (neck[0] - sx, neck[1] - sy))
    return " ".join(f"{round(x, 2):g},{round(y, 2):g}" for x, y in corners)


def _towards(
    origin: Sequence[float], target: Sequence[float], distance: float
) -> tuple[float, float]:
    dx, dy = target[0] - origin[0], target[1] - origin[1]
    share = distance / (hypot(dx, dy) or 1.0)
    return round(origin[0] + dx * share, 2), round(origin[1] + dy * share, 2)


def _spot(angle: float, radius: float) -> tuple[float, float]:
    return round(SIZE / 2 + radius * cos(angle), 2), round(SIZE / 2 + radius * sin(angle), 2)


def _width(count: int, most: int) -> float:
    """Return a width that grows evenly with the people, from 1.2 for one."""
    return round(1.2 + (_WIDEST - 1.2) * (count - 1) / (most - 1), 2)
