"""Fairness figures against counts done by hand and SciPy's exact test."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp
from scipy.stats import fisher_exact

from matching.engine.fairness import near_misses, selection_figures


def test_ratio_four_fifths_and_exact_test_of_a_known_table():
    groups = ["P"] * 40 + ["L"] * 60
    selected = np.array([True] * 8 + [False] * 32 + [True] * 30 + [False] * 30)
    men, women = selection_figures(groups, selected)
    assert (men.group, men.ratio, women.ratio) == ("L", 0.5, 0.2)
    assert women.impact_ratio == pytest.approx(0.4)
    assert women.below_four_fifths
    assert not men.below_four_fifths
    assert women.p_value == pytest.approx(fisher_exact([[8, 32], [30, 30]]).pvalue)


def test_a_small_group_is_flagged():
    figures = selection_figures(["a"] * 5 + ["b"] * 200, np.array([True, False] * 102 + [True]))
    assert [figure.small for figure in figures] == [True, False]


def test_nobody_selected_has_no_impact_ratio():
    figures = selection_figures(["a", "b"], np.zeros(2, bool))
    assert [figure.impact_ratio for figure in figures] == [None, None]


@given(st.lists(st.sampled_from("abc"), min_size=1), st.data())
def test_counts_add_up(groups, data):
    selected = data.draw(hnp.arrays(np.bool_, len(groups)))
    figures = selection_figures(groups, selected)
    assert sum(figure.people for figure in figures) == len(groups)
    assert sum(figure.selected for figure in figures) == int(selected.sum())


def test_near_misses_are_within_the_margin_of_the_cut():
    scores = np.array([90.0, 80.0, 79.0, 75.0, 60.0])
    selected = np.array([True, True, False, False, False])
    assert near_misses(scores, selected, 5).tolist() == [2, 3]
