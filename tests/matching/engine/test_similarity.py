"""The estimator: frozen statistics, one-row updates, the same answer after storing."""

import numpy as np
import pytest
from sklearn.base import clone
from sklearn.exceptions import NotFittedError

from matching.engine.freezing import DamagedModel, freeze, thaw
from matching.engine.records import People, RoleQuery, Text
from matching.engine.similarity import ProfileSimilarity
from matching.text import default_lexicon

SIZE, WIDTH = 80, 8


def pool(seed: int = 1) -> People:
    rng = np.random.default_rng(seed)
    claimed = rng.integers(0, 6, (SIZE, WIDTH)).astype(np.uint8)
    proven = (rng.random(claimed.shape) < 0.3) & (claimed > 0)
    verified = np.where(proven, np.maximum(claimed, 2) - 1, 0).astype(np.uint8)
    words = ["jaringan komputer", "basis data", "keuangan daerah", "peta digital", "pelatihan"]
    texts = [
        Text(f"Analis {words[at % 5]}", f"Mengelola {words[at * 3 % 5]}") for at in range(SIZE)
    ]
    return People([f"p{at:02d}" for at in range(SIZE)], claimed, verified, texts)


def query() -> RoleQuery:
    required = np.array([3, 0, 4, 2, 0, 0, 5, 0], np.uint8)
    weights = np.where(required > 0, 0.5, 0.0)
    return RoleQuery(required, weights, Text("Network administrator", "Manage computer networks"))


def fitted() -> ProfileSimilarity:
    return ProfileSimilarity(lexicon=default_lexicon()).fit(pool(), [query()])


def test_parts_add_up_to_the_similarity():
    parts = fitted().parts(query())
    assert parts.level + parts.presence + parts.text == pytest.approx(fitted().score(query()))


def test_constructor_only_stores_so_that_a_clone_is_unfitted():
    model = fitted()
    copy = clone(model.set_params(text_weight=2.0))
    assert copy.get_params()["text_weight"] == 2.0
    with pytest.raises(NotFittedError):
        copy.score(query())


def test_an_update_changes_one_row_as_a_rebuild_by_frozen_statistics_would():
    model, people = fitted(), pool()
    before = model.score(query())
    claimed, verified = people.claimed.copy(), people.verified.copy()
    claimed[4], verified[4] = 5, 5
    texts = [*people.texts[:4], Text("Network engineer", "Networks"), *people.texts[5:]]
    changed = People(people.ids, claimed, verified, texts)
    expected = model.score(query(), changed)
    model.update_person("p04", claimed[4], verified[4], texts[4])
    after = model.score(query())
    assert after == pytest.approx(expected, abs=1e-7)
    assert (np.delete(after, 4) == np.delete(before, 4)).all()
    assert after[4] != before[4]


def test_unknown_person_is_refused():
    with pytest.raises(KeyError):
        fitted().update_person("nobody", np.ones(WIDTH, np.uint8), np.zeros(WIDTH, np.uint8))


def test_order_is_independent_of_storage_order():
    people = pool()
    order = np.random.default_rng(2).permutation(SIZE)
    moved = People(
        [people.ids[at] for at in order],
        people.claimed[order],
        people.verified[order],
        [people.texts[at] for at in order],
    )
    model = ProfileSimilarity(lexicon=default_lexicon()).fit(moved, [query()])
    assert model.score(query()) == pytest.approx(fitted().score(query())[order], abs=1e-6)


def test_verified_beats_claimed_at_the_same_level():
    model, people = fitted(), pool()
    claimed, verified = people.claimed.copy(), np.zeros_like(people.verified)
    claimed[0], claimed[1] = 3, 3
    verified[1] = 3
    scores = model.score(query(), People(people.ids, claimed, verified, [Text()] * SIZE))
    assert scores[1] > scores[0]


def test_a_stored_model_gives_the_same_scores_bit_for_bit():
    model = fitted()
    data, checksum = freeze(model)
    assert freeze(fitted()) == (data, checksum)
    again = thaw(data, checksum, pool())
    assert (again.score(query()) == model.score(query())).all()
    assert freeze(again) == (data, checksum)


def test_a_damaged_model_is_refused():
    data, checksum = freeze(fitted())
    with pytest.raises(DamagedModel, match="checksum"):
        thaw(data[:-1] + b"?", checksum, pool())
    with pytest.raises(DamagedModel, match="not a stored model"):
        thaw(b"", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855", pool())


def test_free_text_finds_across_languages():
    found = fitted().search("admin who understands computer networks")
    best = np.argsort(-found, kind="stable")[:5]
    assert all("jaringan" in str(pool().texts[at]) for at in best)
    assert not fitted().search("").any()


def test_matched_words_and_concepts_are_told():
    names = [n for n, _ in fitted().text_space_.matched(query().text, pool().texts[0])]
    assert "network" in names


@pytest.mark.parametrize("bad", [np.full((1, 2), 7, np.uint8), np.ones((2, 2), np.uint8)])
def test_bad_levels_are_refused(bad):
    with pytest.raises(ValueError, match="must be"):
        People(["a"], bad, bad)


def test_negative_role_weights_are_refused():
    with pytest.raises(ValueError, match="not negative"):
        RoleQuery(np.ones(2, np.uint8), np.array([1.0, -1.0]))


def test_the_texts_of_some_are_those_of_all_to_the_bit():
    model = fitted()
    model.update_person("p04", pool().claimed[4], pool().verified[4], Text("Network engineer"))
    rows = [7, 4, 7, 0]
    assert model.texts_of(query(), rows).tolist() == model.parts(query()).text[rows].tolist()
