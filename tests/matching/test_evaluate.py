"""The similarity as it is measured: order, strictness and both languages."""

import copy
import json
from importlib import resources

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from matching import evaluate

NAMES = [f"c{at}" for at in range(12)]


def person(at: int, levels: dict[str, tuple[int, int | None]], history: str = "") -> dict:
    cells = {name: {"claimed": c, "verified": v} for name, (c, v) in levels.items()}
    return {"id": f"p{at:03d}", "competencies": cells, "education": "", "job_history": history,
            "trainings": [], "certificates": []}  # fmt: skip


def population(size: int = 120) -> list[dict]:
    rng = np.random.default_rng(7)
    people = []
    for at in range(size - 1):
        known = rng.choice(NAMES, size=int(rng.integers(3, 11)), replace=False)
        cells = {}
        for name in sorted(known):
            claim = int(rng.integers(1, 6))
            proven = max(1, claim - int(rng.integers(0, 2)))
            cells[name] = (claim, proven if rng.random() < 0.3 else None)
        people.append(person(at, cells))
    return [*people, person(size - 1, {})]


def role(seed: int) -> dict:
    rng = np.random.default_rng(seed)
    wanted = sorted(rng.choice(NAMES, size=5, replace=False))
    return {"id": "r", "title": "", "description": "", "competencies": [
        {"id": n, "name": n, "min_level": int(rng.integers(1, 6)), "weight": float(rng.random())}
        for n in wanted]}  # fmt: skip


PEOPLE = population()
changed_person = st.integers(0, len(PEOPLE) - 2)


def raised(people: list[dict], at: int, wanted: dict) -> list[dict] | None:
    cell = people[at]["competencies"].get(wanted["id"], {"claimed": 0, "verified": None})
    level = cell["verified"] or cell["claimed"]
    if level >= wanted["min_level"]:
        return None
    new = copy.deepcopy(people)
    proven = cell["verified"] and level + 1
    new[at]["competencies"][wanted["id"]] = {
        "claimed": max(cell["claimed"], level + 1), "verified": proven}  # fmt: skip
    return new


@settings(deadline=None)
@given(st.integers(0, 50), changed_person, st.integers(0, 4))
def test_raising_an_unmet_required_level_never_lowers(seed, at, which):
    wanted = role(seed)
    evaluate.fit(PEOPLE, [wanted])
    before = evaluate.score(PEOPLE, wanted)[at]
    after = raised(PEOPLE, at, wanted["competencies"][which])
    if after is not None:
        assert evaluate.score(after, wanted)[at] >= before


@settings(deadline=None)
@given(st.integers(0, 50), changed_person, st.sampled_from(NAMES))
def test_verifying_at_the_claimed_level_never_lowers(seed, at, name):
    wanted = role(seed)
    evaluate.fit(PEOPLE, [wanted])
    before = evaluate.score(PEOPLE, wanted)[at]
    after = copy.deepcopy(PEOPLE)
    cell = after[at]["competencies"].get(name)
    if cell and cell["verified"] is None:
        cell["verified"] = cell["claimed"]
        assert evaluate.score(after, wanted)[at] >= before


@pytest.mark.parametrize("seed", range(8))
def test_a_person_without_data_never_ranks_above_the_median(seed):
    evaluate.fit(PEOPLE, [role(seed)])
    scores = evaluate.score(PEOPLE, role(seed))
    assert scores[-1] <= min(scores[:-1])


@pytest.mark.parametrize("seed", range(4))
def test_order_of_storage_does_not_matter(seed):
    evaluate.fit(PEOPLE, [role(seed)])
    forward = dict(zip([p["id"] for p in PEOPLE], evaluate.score(PEOPLE, role(seed)), strict=True))
    backward = PEOPLE[::-1]
    evaluate.fit(backward, [role(seed)])
    assert evaluate.score(backward, role(seed)) == pytest.approx(
        [forward[p["id"]] for p in backward]
    )


def test_protected_attributes_change_nothing():
    dressed = [
        {**p, "sex": "LP"[at % 2], "age": at, "religion": "x"} for at, p in enumerate(PEOPLE)
    ]
    evaluate.fit(PEOPLE, [role(1)])
    plain = evaluate.score(PEOPLE, role(1))
    evaluate.fit(dressed, [role(1)])
    assert evaluate.score(dressed, role(1)) == plain


@pytest.mark.parametrize(("roles", "least"), [("roles_id", 0.75), ("roles_en", 0.72)])
def test_indonesian_people_are_found_by_roles_of_both_languages(roles, least):
    data = json.loads(
        resources.files("matching").joinpath("data", "eval_id.json").read_text(encoding="utf-8")
    )
    evaluate.fit(data["people"], data[roles])
    found = [
        first_hit(data["people"], evaluate.score(data["people"], r), gains)
        for r, gains in zip(data[roles], data["relevance"], strict=True)
    ]
    assert np.mean(found) > least


def first_hit(people: list[dict], scores: list[float], gains: dict[str, int]) -> float:
    order = np.argsort(-np.array(scores), kind="stable")
    ranks = [at for at, row in enumerate(order, 1) if gains.get(people[row]["id"]) == 3]
    return 1 / ranks[0]


@pytest.mark.parametrize("count", [0, 1])
def test_an_empty_pool_and_a_pool_of_one_are_scored(count):
    people = PEOPLE[:count]
    evaluate.fit(people, [role(0)])
    assert len(evaluate.score(people, role(0))) == count


@pytest.mark.parametrize("history", ["", "x" * 20_000, "日本語の説明", "!!! ???", "a. " * 9000])
def test_any_text_is_scored(history):
    people = [person(0, {}, history), person(1, {"c1": (3, None)}, "Analis data.")]
    wanted = {**role(0), "title": "Analis Data", "description": history}
    evaluate.fit(people, [wanted])
    assert np.isfinite(evaluate.score(people, wanted)).all()


def test_a_level_of_seven_is_refused():
    with pytest.raises(ValueError, match="0 to 5"):
        evaluate.fit([person(0, {"c1": (7, None)})], [role(0)])
