"""Rules of tests: points stay in range, seeds replay, figures mean what they say."""

from hypothesis import given
from hypothesis import strategies as st

from courses.questions.content import Choice, Content, QuestionKind
from courses.questions.rules import (
    draw,
    gain,
    in_order,
    item_figures,
    option_order,
    points_of,
    weighted_score,
)

RIGHTS = st.lists(st.booleans(), min_size=2, max_size=8).filter(any)
SEEDS = st.integers(0, 2**62)


def several(rights, points=6):
    choices = tuple(Choice(str(n), right) for n, right in enumerate(rights))
    return Content(QuestionKind.MULTIPLE, "?", choices, points=points)


@given(RIGHTS, st.sets(st.integers(0, 9)), st.integers(1, 100))
def test_points_never_leave_their_range_and_the_key_earns_all(rights, chosen, points):
    content = several(rights, points)
    key = [n for n, right in enumerate(rights) if right]

    assert 0 <= points_of(content, sorted(chosen)) <= points
    assert points_of(content, key) == points
    assert points_of(content, []) == 0


@given(RIGHTS, st.integers(0, 7))
def test_ticking_everything_earns_no_more_than_what_is_right(rights, _n):
    everything = points_of(several(rights), list(range(len(rights))))

    assert everything <= 6 * max(0, 2 * sum(rights) - len(rights)) / sum(rights) + 1e-9


def test_short_answers_ignore_case_spaces_and_diacritics():
    content = Content(QuestionKind.TEXT, "?", accepted=("Café de Paris",), points=2)

    assert points_of(content, "  cafe  DE paris ") == 2
    assert points_of(content, "cafe de pari") == 0
    assert points_of(content, ["cafe de paris"]) == 0


@given(SEEDS, st.dictionaries(st.sampled_from("abc"), st.integers(0, 9), max_size=3), st.booleans())
def test_a_seed_replays_the_same_test_with_the_wanted_counts(seed, wanted, shuffled):
    pools = {"a": [1, 2, 3, 4, 5], "b": [6, 7], "c": [8, 9, 10]}

    first = draw(pools, wanted, seed=seed, shuffled=shuffled)

    assert first == draw(pools, wanted, seed=seed, shuffled=shuffled)
    assert len(set(first)) == len(first)
    for topic, pool in pools.items():
        assert len(set(first) & set(pool)) == min(wanted.get(topic, 0), len(pool))


@given(SEEDS, st.integers(2, 8))
def test_options_are_a_permutation(seed, count):
    shown = option_order(count, seed=seed, question=7, shuffled=True)

    assert sorted(shown) == list(range(count))
    assert option_order(count, seed=seed, question=7, shuffled=False) == list(range(count))


def test_different_seeds_give_different_orders():
    orders = {tuple(in_order(range(6), seed=seed, key="order")) for seed in range(200)}

    assert len(orders) > 100


@given(st.lists(st.tuples(st.floats(0, 1), st.floats(0, 1)), max_size=30))
def test_item_figures_stay_in_range(shares):
    figures = item_figures(shares)

    if not shares:
        assert figures is None
        return
    assert 0 <= figures.difficulty <= 1
    assert figures.discrimination is None or -1 <= figures.discrimination <= 1
    assert len(shares) >= 5 or figures.discrimination is None


def test_a_question_that_only_the_strong_answer_discriminates():
    strong, weak = (0.9, 0.8, 0.85, 0.95), (0.3, 0.2, 0.25, 0.35)
    good = item_figures([*((1, rest) for rest in strong), *((0, rest) for rest in weak)])
    reversed_ = item_figures([*((0, rest) for rest in strong), *((1, rest) for rest in weak)])

    assert good.discrimination > 0.9 and reversed_.discrimination < -0.9
    assert item_figures([(1, 0.9)] * 3 + [(0, 0.2)] * 4).discrimination is None  # too few people


def test_the_gain_is_what_was_still_to_be_learned():
    found = gain([(40, 70), (60, 80)])

    assert (found.people, found.before, found.after, found.points) == (2, 50, 75, 25)
    assert found.share == 0.5
    assert gain([]) is None and gain([(100, 100)]).share is None


@given(st.lists(st.tuples(st.integers(0, 100), st.none() | st.floats(0, 100)), max_size=5))
def test_a_score_lies_between_its_parts_and_waits_for_all_of_them(parts):
    score = weighted_score(parts)
    counted = [value for weight, value in parts if weight]

    if not counted or None in counted:
        assert score is None
    else:
        assert min(counted) - 0.06 <= score <= max(counted) + 0.06
