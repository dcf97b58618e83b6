"""Fairness figures of one selection: ratios, four-fifths rule, exact test, small samples."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.stats import fisher_exact

# Four-fifths rule: Uniform Guidelines on Employee Selection Procedures (US, 1978), 29 CFR
# 1607.4 D; used here as a warning light, not as a legal test.
FOUR_FIFTHS = 0.8
# Below this many people or expected selections a ratio says little; local draft.
SMALL_GROUP = 30
SMALL_EXPECTED = 5.0


@dataclass(frozen=True)
class GroupFigures:
    """Selection of one group, compared with the group that is selected most often.

    impact_ratio: own ratio over the best ratio, None when nobody was selected; p_value: two-sided
    Fisher exact test of this group against everybody else; flags below_four_fifths and small.
    """

    group: str
    people: int
    selected: int
    ratio: float
    impact_ratio: float | None
    p_value: float
    below_four_fifths: bool
    small: bool


def selection_figures(
    groups: Sequence[str], selected: NDArray[np.bool_]
) -> tuple[GroupFigures, ...]:
    """Return the figures of each group, ordered by group name.

    groups: one label per person considered; selected: bool (n_people,).

    Raises: ValueError for unequal lengths.
    """
    if len(groups) != len(selected):
        raise ValueError("there must be one group per person")
    labels = np.array(list(groups), dtype=object)
    chosen = np.asarray(selected, np.bool_)
    names = sorted(set(groups))
    best = max((float(chosen[labels == name].mean()) for name in names), default=0.0)
    return tuple(_figures(name, labels == name, chosen, best) for name in names)


def _figures(
    name: str, inside: NDArray[np.bool_], chosen: NDArray[np.bool_], best: float
) -> GroupFigures:
    people, selected = int(inside.sum()), int(chosen[inside].sum())
    ratio = selected / people
    impact = ratio / best if best > 0 else None
    others, others_selected = int((~inside).sum()), int(chosen[~inside].sum())
    table = [[selected, people - selected], [others_selected, others - others_selected]]
    p_value = float(fisher_exact(table).pvalue) if others else 1.0
    expected = people * float(chosen.mean())
    return GroupFigures(
        group=name,
        people=people,
        selected=selected,
        ratio=ratio,
        impact_ratio=impact,
        p_value=p_value,
        below_four_fifths=impact is not None and impact < FOUR_FIFTHS,
        small=people < SMALL_GROUP or expected < SMALL_EXPECTED,
    )


def near_misses(
    scores: NDArray[np.float64], selected: NDArray[np.bool_], margin: float
) -> NDArray[np.intp]:
    """Return those not selected who miss the lowest selected score by at most the margin.

    Ordered by falling score; empty when nobody is selected.
    """
    chosen = np.asarray(selected, np.bool_)
    if not chosen.any():
        return np.zeros(0, np.intp)
    cut = float(np.asarray(scores)[chosen].min())
    rows = np.flatnonzero(~chosen & (scores >= cut - margin))
    return rows[np.argsort(-scores[rows], kind="stable")]
