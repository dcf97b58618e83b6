"""The similarity measured by itself: plain records in, one figure per person out."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from matching.engine.records import HIGHEST_LEVEL, Floats, People, RoleQuery, Text
from matching.engine.similarity import ProfileSimilarity
from matching.text import default_lexicon

Record = Mapping[str, Any]
LONGEST_HEAD = 120


class Evaluation:
    """A fitted model with the order of people and competencies that it was fitted on."""

    def __init__(self, people: Sequence[Record], roles: Sequence[Record]) -> None:
        names = {c for person in people for c in person.get("competencies") or {}}
        names |= {str(c["id"]) for role in roles for c in role.get("competencies") or ()}
        self.columns = {name: at for at, name in enumerate(sorted(names))}
        self.people = people
        self.model = ProfileSimilarity(lexicon=default_lexicon())
        self.model.fit(self.population(people), [self.query(role) for role in roles])

    def population(self, people: Sequence[Record]) -> People:
        """Read people records into arrays; a competency that the model never saw is left out."""
        shape = (len(people), len(self.columns))
        claimed, verified = np.zeros(shape, np.uint8), np.zeros(shape, np.uint8)
        for row, person in enumerate(people):
            for name, cell in (person.get("competencies") or {}).items():
                column = self.columns.get(name)
                if column is not None:
                    claimed[row, column] = _level(cell.get("claimed"))
                    verified[row, column] = _level(cell.get("verified"))
        ids = [str(person["id"]) for person in people]
        return People(ids, claimed, verified, [text_of(person) for person in people])

    def query(self, role: Record) -> RoleQuery:
        """Read a role record; a competency that the model never saw is left out."""
        required = np.zeros(len(self.columns), np.uint8)
        weights = np.zeros(len(self.columns))
        for wanted in role.get("competencies") or ():
            column = self.columns.get(str(wanted["id"]))
            if column is not None:
                required[column] = _level(wanted.get("min_level"))
                weights[column] = float(wanted.get("weight") or 0.0)
        text = Text(str(role.get("title") or ""), str(role.get("description") or ""))
        return RoleQuery(required, weights, text)

    def score(self, people: Sequence[Record], role: Record) -> Floats:
        """Score people for a role; the fitted list needs no second reading."""
        known = None if people is self.people else self.population(people)
        return self.model.score(self.query(role), known)


_current: list[Evaluation] = []


def fit(people: Sequence[Record], roles: Sequence[Record]) -> Evaluation:
    """Fit the similarity model on all people and the role catalogue, without any labels."""
    _current[:] = [Evaluation(people, roles)]
    return _current[0]


def score(people: Sequence[Record], role: Record) -> list[float]:
    """Return one figure per person, higher is better, by the model fitted last."""
    if not _current:
        fit(people, [role])
    return [float(value) for value in _current[0].score(people, role)]


def text_of(person: Record) -> Text:
    """Join the texts of a person; the first sentence of the job history names the job."""
    history = str(person.get("job_history") or "").strip()
    head, found, rest = history.partition(". ")
    if not found or len(head) > LONGEST_HEAD:
        head, rest = history[:LONGEST_HEAD], history
    others = [person.get("education") or "", *(person.get("trainings") or ())]
    others += person.get("certificates") or ()
    body = ". ".join(str(part) for part in [rest, *others] if part)
    return Text(head, body)


def _level(value: object) -> int:
    if value is None:
        return 0
    level = int(value)  # type: ignore[call-overload]
    if not 0 <= level <= HIGHEST_LEVEL:
        raise ValueError(f"a level must be 0 to {HIGHEST_LEVEL}, not {level}")
    return level
