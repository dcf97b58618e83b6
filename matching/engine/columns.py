"""A 0/1 programme over very many columns, solved exactly by looking at few of them."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from scipy.optimize import Bounds, LinearConstraint, linprog, milp

from matching.engine.records import Floats

START = 20
MORE = 5
ROUNDS = 200
CLOSE = 1e-7


@dataclass(frozen=True)
class Programme:
    """Maximise gain @ x over 0/1 vectors x.

    equal, most: sparse (n_rows, n_columns) with equal @ x == 1 and most @ x <= limits; group: a
    label per column (its slot), from which the first columns are taken.
    """

    gain: Floats
    group: NDArray[np.int64]
    equal: sparse.csc_matrix
    most: sparse.csc_matrix
    limits: Floats


def maximise(programme: Programme, seconds: float) -> NDArray[np.intp] | None:
    """Return the columns of an optimal x, or None when there is none.

    The linear programme over few columns is enlarged by those that its prices call for, until
    none is missing. Where its answer is not whole, only columns whose price lies within the
    gap to the best whole answer can matter: they all join a last, exact search.

    Raises: TimeoutError without a proven answer in the given seconds.
    """
    # An unmet equality costs more than everything that columns can gain together.
    fine = 1.0 + 2.0 * float(np.abs(programme.gain).max(initial=0.0)) * (
        programme.equal.shape[0] + 1
    )
    chosen = _best_of_groups(programme.group, programme.gain, START)
    for _ in range(ROUNDS):
        solution, prices = _linear(programme, chosen, fine)
        wanted = _missing(programme, chosen, prices)
        if not wanted.size:
            break
        chosen = np.union1d(chosen, wanted)
    amounts, unmet = solution[: chosen.size], solution[chosen.size :]
    if unmet.sum() > CLOSE:
        return None
    if np.abs(amounts - np.round(amounts)).max(initial=0.0) < CLOSE:
        return chosen[amounts > 0.5]
    return _whole(programme, chosen, prices, amounts, fine, seconds)


def _best_of_groups(group: NDArray[np.int64], worth: Floats, count: int) -> NDArray[np.intp]:
    order = np.lexsort((-worth, group))
    ordered = group[order]
    fresh = np.ones(len(order), np.bool_)
    fresh[1:] = ordered[1:] != ordered[:-1]
    start = np.maximum.accumulate(np.where(fresh, np.arange(len(order)), 0))
    return np.sort(order[np.arange(len(order)) - start < count])


def _linear(programme: Programme, chosen: NDArray[np.intp], fine: float) -> tuple[Floats, Floats]:
    unmet = programme.equal.shape[0]
    cost = np.concatenate([-programme.gain[chosen], np.full(unmet, fine)])
    equal = sparse.hstack([programme.equal[:, chosen], sparse.identity(unmet)], format="csc")
    none = sparse.csc_matrix((programme.most.shape[0], unmet))
    most = sparse.hstack([programme.most[:, chosen], none], format="csc")
    answer = linprog(
        cost, A_ub=most, b_ub=programme.limits, A_eq=equal, b_eq=np.ones(unmet), method="highs"
    )
    if answer.x is None:
        raise TimeoutError(answer.message)
    priced = programme.equal.T @ answer.eqlin.marginals
    priced += programme.most.T @ answer.ineqlin.marginals
    return answer.x, -programme.gain - priced


def _missing(programme: Programme, chosen: NDArray[np.intp], prices: Floats) -> NDArray[np.intp]:
    open_to = np.ones(len(prices), np.bool_)
    open_to[chosen] = False
    wanted = np.flatnonzero(open_to & (prices < -CLOSE))
    return wanted[_best_of_groups(programme.group[wanted], -prices[wanted], MORE)]


def _whole(
    programme: Programme,
    chosen: NDArray[np.intp],
    prices: Floats,
    amounts: Floats,
    fine: float,
    seconds: float,
) -> NDArray[np.intp] | None:
    bound = float(programme.gain[chosen] @ amounts)
    first, missed = _integer(programme, chosen, fine, seconds)
    gap = bound - float(programme.gain[first].sum()) + fine * missed
    near = np.flatnonzero(prices <= gap + CLOSE)
    if np.setdiff1d(near, chosen).size:
        chosen = np.union1d(chosen, near)
        first, missed = _integer(programme, chosen, fine, seconds)
    return None if missed else first


def _integer(
    programme: Programme, chosen: NDArray[np.intp], fine: float, seconds: float
) -> tuple[NDArray[np.intp], int]:
    unmet = programme.equal.shape[0]
    cost = np.concatenate([-programme.gain[chosen], np.full(unmet, fine)])
    equal = sparse.hstack([programme.equal[:, chosen], sparse.identity(unmet)], format="csc")
    none = sparse.csc_matrix((programme.most.shape[0], unmet))
    most = sparse.hstack([programme.most[:, chosen], none], format="csc")
    answer = milp(
        cost,
        constraints=[
            LinearConstraint(equal, 1, 1),
            LinearConstraint(most, -np.inf, programme.limits),
        ],
        integrality=np.ones(len(cost)),
        bounds=Bounds(0, 1),
        options={"time_limit": seconds, "mip_rel_gap": 1e-9},
    )
    if answer.status != 0:
        raise TimeoutError("no proven assignment in time")
    whole = np.round(answer.x)
    return chosen[whole[: chosen.size] == 1], int(whole[chosen.size :].sum())
