"""Pure rules of talent: filling one by one, boxes, succession. No database, clock or network."""

from collections import Counter

import numpy as np
from numpy.typing import NDArray

from matching.engine.assignment import EMPTY, Assignment
from matching.engine.constrained import Constraints, preference

Floats = NDArray[np.float64]


def fill_one_by_one(
    fit: Floats, allowed: NDArray[np.bool_], constraints: Constraints
) -> Assignment:
    """Fill seat by seat with the best person left, as filling by hand does.

    The same constraints bind: locked pairs first, then at most so many leavers an OPD; backups are
    chosen when all holders are. fit, allowed: (n_people, n_seats).
    """
    preferred = preference(fit, constraints)
    seats = fit.shape[1]
    holders = np.full((2, seats), EMPTY)
    free = np.ones(fit.shape[0], np.bool_)
    left: Counter[int] = Counter()
    locked = {seat: person for person, seat in constraints.locked}
    free[list(locked.values())] = False

    def take(kind: int, seat: int, person: int) -> None:
        holders[kind, seat] = person
        free[person] = False
        home = int(constraints.home[person])
        left[home] += int(home != constraints.seat_opd[seat])

    for seat, person in sorted(locked.items()):
        take(0, seat, person)
    slots = [(0, seat) for seat in range(seats) if seat not in locked]
    slots += [(1, seat) for seat in range(seats)] if constraints.backups else []
    for kind, seat in slots:
        blocked = [o for o, most in constraints.most_leavers.items() if left[o] >= most]
        own = constraints.home == constraints.seat_opd[seat]
        open_to = np.flatnonzero(
            free & allowed[:, seat] & (own | ~np.isin(constraints.home, blocked))
        )
        if open_to.size and (kind == 0 or holders[0, seat] != EMPTY):
            take(kind, seat, int(open_to[np.argmax(preferred[open_to, seat])]))
    chosen = np.flatnonzero(holders[0] != EMPTY)
    total = float(fit[holders[0][chosen], chosen].sum())
    answer = Assignment(holders[0], holders[1], total, 0.0)
    return Assignment(holders[0], holders[1], total, objective_of(fit, answer, constraints))


def objective_of(fit: Floats, answer: Assignment, constraints: Constraints) -> float:
    """Return what the programme maximises: fits with bonuses, backups by their weight."""
    preferred = preference(fit, constraints)
    total = 0.0
    for holders, weight in ((answer.primary, 1.0), (answer.backup, constraints.backup_weight)):
        seats = np.flatnonzero(holders != EMPTY)
        total += weight * float(preferred[holders[seats], seats].sum())
    return total
