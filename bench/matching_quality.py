"""Quality of the similarity on labelled data, beside five baselines, with bootstrap intervals.

The small Indonesian set of the package is always measured; EVAL=folder adds every
T*_dev.json.gz of that folder (people, roles, relevance, leave_out). Kept figures become the
table of the model card with `python -m bench.matching_quality`.
"""

import csv
import gzip
import json
import os
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from importlib import resources
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from bench.run import FOLDER, Figure, load
from matching import evaluate

Floats = NDArray[np.float64]
Task = dict[str, Any]
Scorer = Callable[[dict[str, Any]], Floats]
DRAWS = 1_000
# Promises for the Indonesian set of our own; roles and people there are invented.
LIMITS = {"own id-id": 0.75, "own id-en": 0.72}
DEVELOPMENT_LIMITS = {"T1": 0.27, "T2": 0.15, "T3": 0.57, "T4": 0.82, "T7": 0.57}


def measure(*, quick: bool) -> Iterable[Figure]:
    """Report nDCG@10 with its interval, R@10 and MRR, of the model and of the baselines."""
    for name, task in _tasks(os.environ.get("EVAL")):
        scorers = {"model": _model, **({} if quick else BASELINES)}
        for method, build in scorers.items():
            yield from _figures(name, method, _measures(task, build(task)))


def _tasks(folder: str | None) -> Iterator[tuple[str, Task]]:
    if folder:
        for path in sorted(Path(folder).glob("T*_dev.json.gz")):
            with gzip.open(path, "rt", encoding="utf-8") as source:
                yield path.name.split("_")[0], json.load(source)
    path = resources.files("matching").joinpath("data", "eval_id.json")
    own = json.loads(path.read_text(encoding="utf-8"))
    for name, roles in (("own id-id", "roles_id"), ("own id-en", "roles_en")):
        yield name, {**own, "roles": own[roles], "leave_out": None}


def _figures(name: str, method: str, table: Floats) -> Iterator[Figure]:
    low, high = _bootstrap(table[:, 0])
    limit = {**LIMITS, **DEVELOPMENT_LIMITS}.get(name) if method == "model" else None
    mean = table.mean(axis=0)
    better = {"higher_is_better": True}
    yield Figure(f"{name} {method} nDCG@10", round(mean[0], 4), "", limit, **better)
    yield Figure(f"{name} {method} nDCG@10 from (2.5 %)", round(low, 4), "", None, **better)
    yield Figure(f"{name} {method} nDCG@10 to (97.5 %)", round(high, 4), "", None, **better)
    yield Figure(f"{name} {method} R@10", round(mean[1], 4), "", None, **better)
    yield Figure(f"{name} {method} MRR", round(mean[2], 4), "", None, **better)


def _bootstrap(values: Floats) -> tuple[float, float]:
    rng = np.random.default_rng(1)
    means = rng.choice(values, (DRAWS, len(values))).mean(axis=1)
    low, high = np.percentile(means, [2.5, 97.5])
    return float(low), float(high)


def _measures(task: Task, score: Scorer) -> Floats:
    """Return nDCG@10, R@10 and MRR per role, ties in random order."""
    rng = np.random.default_rng(0)
    ids = [person["id"] for person in task["people"]]
    relevant_gain = 2 if task.get("task") == "T1" else 3
    left_out = task["leave_out"] or [()] * len(task["roles"])
    rows = []
    for role, gains, out in zip(task["roles"], task["relevance"], left_out, strict=True):
        scores = np.asarray(score(role), np.float64)
        order = np.lexsort((rng.random(len(ids)), -scores))
        dropped = set(out)
        ranked = [gains.get(ids[at], 0) for at in order if ids[at] not in dropped]
        rows.append(_of_one(np.array(ranked), relevant_gain))
    return np.array(rows)


def _of_one(gains: NDArray[np.int64], relevant_gain: int) -> tuple[float, float, float]:
    best = np.sort(gains)[::-1]
    ideal = _dcg(best)
    relevant = gains >= relevant_gain
    hits = np.flatnonzero(relevant)
    recall = relevant[:10].sum() / max(min(10, hits.size), 1)
    return _dcg(gains) / ideal if ideal else 0.0, recall, 1 / (hits[0] + 1) if hits.size else 0.0


def _dcg(gains: NDArray[np.int64]) -> float:
    top = gains[:10]
    return float(((2.0**top - 1) / np.log2(np.arange(2, len(top) + 2))).sum())


def _model(task: Task) -> Scorer:
    fitted = evaluate.fit(task["people"], task["roles"])
    return lambda role: fitted.score(task["people"], role)


def _levels(task: Task) -> tuple[dict[str, int], Floats]:
    names = sorted({c for person in task["people"] for c in person["competencies"]})
    columns = {name: at for at, name in enumerate(names)}
    table = np.zeros((len(task["people"]), len(names)))
    for row, person in enumerate(task["people"]):
        for name, cell in person["competencies"].items():
            table[row, columns[name]] = cell["verified"] or cell["claimed"]
    return columns, table


def _wanted(role: dict[str, Any], columns: dict[str, int]) -> tuple[Floats, Floats]:
    required, weights = np.zeros(len(columns)), np.zeros(len(columns))
    for need in role["competencies"]:
        if need["id"] in columns:
            required[columns[need["id"]]] = need["min_level"]
            weights[columns[need["id"]]] = need["weight"]
    return required, weights


def _coverage(task: Task) -> Scorer:
    columns, table = _levels(task)

    def score(role: dict[str, Any]) -> Floats:
        required, weights = _wanted(role, columns)
        asked = required > 0
        return np.minimum(table[:, asked] / required[asked], 1) @ weights[asked]

    return score


def _cosine(task: Task) -> Scorer:
    columns, table = _levels(task)
    length = np.maximum(np.linalg.norm(table, axis=1), 1e-9)
    return lambda role: table @ _wanted(role, columns)[0] / length


def _jaccard(task: Task) -> Scorer:
    columns, table = _levels(task)
    known = table > 0

    def score(role: dict[str, Any]) -> Floats:
        asked = _wanted(role, columns)[0] > 0
        return (known & asked).sum(axis=1) / np.maximum((known | asked).sum(axis=1), 1)

    return score


def _person_text(person: dict[str, Any]) -> str:
    parts = [person["job_history"], person["education"]]
    return " ".join([*parts, *person["trainings"], *person["certificates"]])


def _role_text(role: dict[str, Any]) -> str:
    return f"{role['title']} {role['description']}"


def _tfidf(task: Task) -> Scorer:
    from sklearn.feature_extraction.text import TfidfVectorizer

    people = [_person_text(person) for person in task["people"]]
    cosine = _cosine(task)
    if not any(text.split() for text in people):
        return cosine
    vectorizer = TfidfVectorizer().fit([*people, *map(_role_text, task["roles"])])
    rows = vectorizer.transform(people)

    def score(role: dict[str, Any]) -> Floats:
        text = (rows @ vectorizer.transform([_role_text(role)]).T).toarray().ravel()
        return _standard(text) + _standard(cosine(role))

    return score


def _standard(values: Floats) -> Floats:
    return (values - values.mean()) / (values.std() or 1.0)


def _bm25(task: Task) -> Scorer:
    """Rank by Okapi BM25 (k1 = 1.2, b = 0.75) over words and competency ids."""
    bags = [
        Counter([*_person_text(person).lower().split(), *person["competencies"]])
        for person in task["people"]
    ]
    length = np.array([bag.total() for bag in bags], np.float64)
    norm = 1.2 * (0.25 + 0.75 * length / max(length.mean(), 1e-9))
    postings: dict[str, list[tuple[int, int]]] = {}
    for row, bag in enumerate(bags):
        for term, count in bag.items():
            postings.setdefault(term, []).append((row, count))

    def score(role: dict[str, Any]) -> Floats:
        terms = {*_role_text(role).lower().split(), *(c["id"] for c in role["competencies"])}
        total = np.zeros(len(bags))
        for term in terms & postings.keys():
            hits = np.array(postings[term], np.float64)
            rows = hits[:, 0].astype(int)
            idf = np.log(1 + (len(bags) - len(rows) + 0.5) / (len(rows) + 0.5))
            total[rows] += idf * hits[:, 1] * 2.2 / (hits[:, 1] + norm[rows])
        return total

    return score


BASELINES: dict[str, Callable[[Task], Scorer]] = {
    "coverage": _coverage,
    "cosine": _cosine,
    "jaccard": _jaccard,
    "tfidf+cosine": _tfidf,
    "bm25": _bm25,
}


CARD = FOLDER.parent / "matching" / "data" / "model_quality.csv"
HEAD = ("task", "ndcg", "low", "high", "recall", "mrr", "baseline", "baseline_ndcg")


def card_rows(kept: dict[str, Any]) -> list[dict[str, str]]:
    """Return the table of the model card from kept figures: the model beside its best baseline."""
    value = {item["name"]: item["value"] for item in kept.get("figures", [])}
    mark = " model nDCG@10"
    rows = []
    for task in [name.removesuffix(mark) for name in value if name.endswith(mark)]:
        model = f"{task} model "
        others = {name: value.get(f"{task} {name} nDCG@10", 0.0) for name in BASELINES}
        best = max(others, key=lambda name: others[name])
        figures = [
            value[model + "nDCG@10"],
            value[model + "nDCG@10 from (2.5 %)"],
            value[model + "nDCG@10 to (97.5 %)"],
            value[model + "R@10"],
            value[model + "MRR"],
        ]
        cells = [task, *(f"{figure:.4f}" for figure in figures), best, f"{others[best]:.4f}"]
        rows.append(dict(zip(HEAD, cells, strict=True)))
    return rows


if __name__ == "__main__":
    with CARD.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, HEAD, lineterminator="\n")
        writer.writeheader()
        writer.writerows(card_rows(load("matching_quality")))
