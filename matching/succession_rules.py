"""Pure rules of succession: coverage of seats over the years, retirements known, transfers drawn.

Each year, in this order: people leave (retirement is certain, a transfer is drawn), then empty
seats take their first successor who is still there and free. A successor who holds a seat leaves a
hole of the second order there, which is filled in the same year from that seat's own line.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

YEARS = 5
TRANSFER_RATE = 0.06  # chance of leaving by transfer in a year: a local draft, shown on the page


@dataclass(frozen=True)
class Line:
    """A seat with its holder and its successors in order, each with years until ready."""

    seat_id: int
    holder: int | None
    successors: tuple[tuple[int, int], ...] = ()  # (employee id, ready after so many years)


@dataclass(frozen=True)
class Forecast:
    """Per seat and year the chance of being filled, and of a hole opened by a promotion.

    covered, second_order: (n_seats, n_years), 0 to 1.
    """

    covered: NDArray[np.float64]
    second_order: NDArray[np.float64]


def forecast(
    lines: Sequence[Line],
    retires_in: Mapping[int, int],
    *,
    years: int = YEARS,
    rate: float = TRANSFER_RATE,
    runs: int = 500,
    seed: int = 1,
) -> Forecast:
    """Simulate the coverage of seats.

    Args:
        retires_in: person to the year (1 is the next one) in which they retire.
        rate: chance of a transfer in a year; 0 leaves only the known retirements.
        seed: the same seed gives the same figures.

    Raises:
        ValueError: a rate outside 0 to 1, or fewer than one run.
    """
    if not 0 <= rate <= 1 or runs < 1:
        raise ValueError("rate must be 0 to 1 and runs at least 1")
    people = sorted(
        {line.holder for line in lines if line.holder is not None}
        | {person for line in lines for person, _ in line.successors}
    )
    draws = np.random.default_rng(seed).random((runs, years, len(people)))
    covered = np.zeros((len(lines), years))
    opened = np.zeros((len(lines), years))
    for run in range(runs):
        moved = {(people[at], year + 1) for year, at in np.argwhere(draws[run] < rate).tolist()}
        _one_run(lines, retires_in, moved, years, covered, opened)
    return Forecast(covered / runs, opened / runs)


def _one_run(
    lines: Sequence[Line],
    retires_in: Mapping[int, int],
    moved: set[tuple[int, int]],
    years: int,
    covered: NDArray[np.float64],
    opened: NDArray[np.float64],
) -> None:
    holder = {at: line.holder for at, line in enumerate(lines)}
    gone: set[int] = set()
    for year in range(1, years + 1):
        people = {p for p in holder.values() if p is not None}
        people |= {p for line in lines for p, _ in line.successors}
        gone |= {p for p in people if retires_in.get(p, years + 1) <= year or (p, year) in moved}
        for at, person in holder.items():
            if person in gone:
                holder[at] = None
        holes = _fill(lines, holder, gone, year)
        for at, person in holder.items():
            covered[at, year - 1] += person is not None
            opened[at, year - 1] += at in holes


def _fill(
    lines: Sequence[Line], holder: dict[int, int | None], gone: set[int], year: int
) -> set[int]:
    """Fill empty seats from their lines; return the seats that a promotion emptied."""
    holes: set[int] = set()
    promoted: set[int] = set()
    queue = [at for at, person in holder.items() if person is None]
    while queue:
        at = queue.pop(0)
        seat_of = {person: seat for seat, person in holder.items() if person is not None}
        for person, ready in lines[at].successors:
            # Nobody moves twice in a year, so the chain ends.
            if person in gone or person in promoted or ready >= year + 1:
                continue
            holder[at] = person
            promoted.add(person)
            if person in seat_of:
                left = seat_of[person]
                holder[left] = None
                holes.add(left)
                queue.append(left)
            break
    return holes
