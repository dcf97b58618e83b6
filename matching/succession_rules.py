"""Pure rules of succession: coverage of seats over the years, retirements known, transfers drawn.

Each year, in this order: people leave (retirement and the end of a term are certain, a transfer is
drawn), then empty seats take their first successor who is still there and free. A successor who
holds a seat leaves a hole of the second order there, which is filled in the same year from that
seat's own line. Nobody moves up twice within the horizon.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
from numpy.typing import NDArray

YEARS = 5


def reminder_due(days_left: int, remind_days: Sequence[int]) -> int | None:
    """Return which reminder is due so many days before the end of a term, None where none is.

    A day on which nothing ran is made up for: the nearest reminder that has been reached counts.
    """
    reached = [days for days in remind_days if 0 <= days_left <= days]
    return min(reached, default=None)


def year_of(day: date, today: date) -> int:
    """Return in which of the coming years a day lies; 1 is the next one, what is past counts."""
    return max(1, (day - today).days // 365 + 1)


@dataclass(frozen=True)
class Line:
    """A seat with its holder and its successors in order, each with years until ready.

    term: the year (1 is the next one) in which the holder's term ends and the seat opens; the
    holder stays in service, free to follow on another seat. years: the usual term of the seat,
    which whoever moves up gets; None where it has none.
    """

    seat_id: int
    holder: int | None
    successors: tuple[tuple[int, int], ...] = ()  # (employee id, ready after so many years)
    term: int | None = None
    years: int | None = None


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
    rate: float,
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
    leaves = _leave_years(people, retires_in, years=years, rate=rate, runs=runs, seed=seed)
    covered = np.zeros((len(lines), years))
    opened = np.zeros((len(lines), years))
    for years_of_run in leaves.tolist():
        _one_run(lines, dict(zip(people, years_of_run, strict=True)), years, covered, opened)
    return Forecast(covered / runs, opened / runs)


def _leave_years(
    people: Sequence[int],
    retires_in: Mapping[int, int],
    *,
    years: int,
    rate: float,
    runs: int,
    seed: int,
) -> NDArray[np.int64]:
    """Return the year in which each person leaves in each run, (runs, n_people)."""
    moves = np.random.default_rng(seed).random((runs, years, len(people))) < rate
    first = np.where(moves.any(axis=1), moves.argmax(axis=1) + 1, years + 1)
    known = np.array([retires_in.get(person, years + 1) for person in people], np.int64)
    return np.minimum(first, known[None, :])


def _one_run(
    lines: Sequence[Line],
    leaves: Mapping[int, int],
    years: int,
    covered: NDArray[np.float64],
    opened: NDArray[np.float64],
) -> None:
    holder = {at: line.holder for at, line in enumerate(lines)}
    filled = np.array([line.holder is not None for line in lines])
    ends = {at: line.term for at, line in enumerate(lines) if line.term is not None}
    promoted: set[int] = set()
    for year in range(1, years + 1):
        for at, person in holder.items():
            if person is not None and (ends.get(at) == year or leaves[person] <= year):
                holder[at], filled[at] = None, False
        before = dict(holder)
        holes = _fill(lines, holder, leaves, year, filled, promoted)
        for at, line in enumerate(lines):
            if holder[at] is not None and holder[at] != before[at]:
                ends.pop(at, None)
                if line.years is not None:
                    ends[at] = year + line.years
        covered[:, year - 1] += filled
        opened[list(holes), year - 1] += 1


def _fill(
    lines: Sequence[Line],
    holder: dict[int, int | None],
    leaves: Mapping[int, int],
    year: int,
    filled: NDArray[np.bool_],
    promoted: set[int],
) -> set[int]:
    """Fill empty seats from their lines; return the seats that a promotion emptied."""
    holes: set[int] = set()
    queue = [at for at, person in holder.items() if person is None and lines[at].successors]
    if not queue:
        return holes
    seat_of = {person: seat for seat, person in holder.items() if person is not None}
    while queue:
        at = queue.pop(0)
        for person, ready in lines[at].successors:
            # Who has moved up stays there: nobody swaps seats back and forth, and chains end.
            if leaves[person] <= year or person in promoted or ready >= year + 1:
                continue
            holder[at], filled[at] = person, True
            promoted.add(person)
            left = seat_of.get(person)
            seat_of[person] = at
            if left is not None:
                holder[left], filled[left] = None, False
                holes.add(left)
                queue.append(left)
            break
    return holes
