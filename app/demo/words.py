"""Word lists of the demonstration city, read once; and drawing from them."""

from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from random import Random
from typing import Any, TypeVar

import yaml

FOLDER = Path(__file__).parent / "data"
T = TypeVar("T")


@cache
def words(name: str) -> Mapping[str, Any]:
    """Return the content of `data/<name>.yaml`."""
    with (FOLDER / f"{name}.yaml").open(encoding="utf-8") as stream:
        content: Mapping[str, Any] = yaml.safe_load(stream)
    return content


def stream(seed: int, part: str) -> Random:
    """Return the random stream of one part of the city."""
    return Random(f"{seed}:{part}")


def pick(rng: Random, weights: Mapping[T, float]) -> T:
    """Return one key, more often the heavier ones."""
    return rng.choices(list(weights), list(weights.values()))[0]


def draw_counts(rng: Random, weights: Sequence[float], total: int) -> list[int]:
    """Share a number out by weights: whole parts first, the rest drawn by the fractions."""
    whole = sum(weights)
    exact = [total * weight / whole for weight in weights]
    counts = [int(value) for value in exact]
    rest = {place: value - int(value) + 1e-9 for place, value in enumerate(exact)}
    for _ in range(total - sum(counts)):
        place = pick(rng, rest)
        counts[place] += 1
        rest[place] = 1e-9
    return counts
