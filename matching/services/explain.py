"""What stands behind one place in a list: phrases, and the documents that could change it."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray
from sqlalchemy.orm import Session

from matching.engine.records import People, Text
from matching.engine.similarity import ProfileSimilarity
from matching.phrases import phrases
from matching.rules import Floats, Levels, place_of
from matching.scoring import score_people
from matching.services.model import using_model
from matching.services.scouting import Scored
from matching.text import Lexicon

DOCUMENTS = 2


@dataclass(frozen=True)
class Document:
    """A proof that has not arrived yet, and the place the person would take with it."""

    employee_id: int
    competency_id: int
    level: int  # the required one, as the document would prove it
    kind: str  # unknown, claimed
    fit: float
    rank_before: int
    rank_after: int

    @property
    def places(self) -> int:
        """By how many places the person would rise."""
        return self.rank_before - self.rank_after


@dataclass(frozen=True)
class Hypothesis:
    """A person of the pool with other verified levels over what is asked."""

    at: int
    verified: Levels  # (n_asked,)


def decisive_documents(
    session: Session, scored: Scored, rows: Sequence[int], *, count: int = DOCUMENTS
) -> list[Document]:
    """Return the documents whose arrival could change the order most.

    For everything asked that is unknown or only claimed: were it proven at the required level, how
    many places would the person rise? Most places first, then the better place, then points.

    Args:
        rows: people of the pool to look at, usually the top of the list.
    """
    cases, about = [], []
    for at in rows:
        for column, item in enumerate(scored.inputs.criteria.requirements):
            if scored.verified[at, column]:
                continue
            proven = scored.verified[at].copy()
            proven[column] = item.level
            cases.append(Hypothesis(int(at), proven))
            about.append((item, bool(scored.claimed[at, column])))
    if not cases:
        return []
    fits, likeness = rescored(session, scored, cases)
    places = scored.places_of(case.at for case in cases)
    found = []
    for case, (item, claimed), fit, close in zip(cases, about, fits, likeness, strict=True):
        after = place_with(scored, case.at, float(fit), float(close))
        found.append(
            Document(
                employee_id=int(scored.inputs.pool.ids[case.at]),
                competency_id=item.competency_id,
                level=item.level,
                kind="claimed" if claimed else "unknown",
                fit=float(fit),
                rank_before=places[case.at],
                rank_after=after,
            )
        )
    found.sort(key=lambda d: (-d.places, d.rank_after, -d.fit, d.employee_id, d.competency_id))
    return found[:count]


def rescored(
    session: Session, scored: Scored, cases: Sequence[Hypothesis]
) -> tuple[Floats, NDArray[np.float64]]:
    """Return fit and similarity of people with other verified levels, by the same scorer."""
    rows = np.array([case.at for case in cases])
    proven = np.array([case.verified for case in cases], np.uint8)
    known = proven > 0
    levels = np.where(known, proven, scored.claimed[rows])
    trust = np.where(known, 1.0, scored.inputs.criteria.claim_confidence)
    fits = score_people(levels, scored.required, scored.weights, trust)
    pool, query = scored.inputs.pool, scored.inputs.query
    columns = [scored.inputs.columns[r.competency_id] for r in scored.inputs.criteria.requirements]
    verified = pool.verified[rows].copy()
    verified[:, columns] = proven
    people = People([str(at) for at in range(len(cases))], pool.claimed[rows].copy(), verified)
    with using_model(session, pool) as held:
        parts = held.model.parts(replace(query, text=Text()), people)
        texts = held.model.texts_of(query, rows.tolist())
    return fits, np.round(parts.level + parts.presence + texts, 9)


def place_with(scored: Scored, at: int, fit: float, likeness: float) -> int:
    """Return the place a person would take with another fit and similarity."""
    criteria, pool = scored.inputs.criteria, scored.inputs.pool
    return place_of(
        by_fit=criteria.order == "fit",
        cuts=criteria.cuts,
        fit=scored.low[scored.rows],
        likeness=scored.likeness[scored.rows],
        ids=pool.ids[scored.rows],
        own=(fit, likeness, int(pool.ids[at])),
    )


def matched_phrases(session: Session, scored: Scored, at: int) -> list[str]:
    """Return the phrases of the person's texts, as written, that match the text of the role."""
    pool = scored.inputs.pool
    with using_model(session, pool) as held:
        return shared_phrases(held.model, scored.inputs.text, pool.people[at].text)


def shared_phrases(
    model: ProfileSimilarity, wanted: Text, text: Text, *, top: int = 8
) -> list[str]:
    """Return the phrases of a text, as written, that match another text."""
    shared = dict(model.text_space_.matched(wanted, text, top=4 * top))
    return phrases(f"{text.head}. {text.body}", model.lexicon or Lexicon(), shared, top)
