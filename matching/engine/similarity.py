"""Similarity of people to a role: a scikit-learn estimator with statistics frozen at fit."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Self

import numpy as np
from scipy import sparse
from sklearn.base import BaseEstimator
from sklearn.utils.validation import check_is_fitted

from matching.engine import levels
from matching.engine.records import Floats, Levels, People, RoleQuery, Text
from matching.engine.textspace import Counted, TextSpace
from matching.text import Lexicon, analyse

DECIMALS = 9
# The usual spread of a part is measured on at most so many roles of the catalogue.
ROLES_FOR_SCALE = 60


@dataclass(frozen=True)
class Parts:
    """The parts of the similarity, each (n_people,) and already weighted; they add up to it."""

    level: Floats
    presence: Floats
    text: Floats

    @property
    def total(self) -> Floats:
        """Return the similarity."""
        return np.round(self.level + self.presence + self.text, DECIMALS)


@dataclass
class Rows:
    """What the model keeps of each person; one row changes when one profile changes."""

    ids: list[str]
    claimed: Levels
    verified: Levels
    sums: levels.ProfileSums
    texts: sparse.csr_matrix
    has_text: np.ndarray
    columns: sparse.csc_matrix | None = None
    changed: dict[int, dict[int, np.float32]] = field(default_factory=dict)

    def text_of(self, at: int) -> Mapping[int, np.float32]:
        """Return the weights of one person's text by column, the replaced ones where it was."""
        if at in self.changed:
            return self.changed[at]
        one = slice(self.texts.indptr[at], self.texts.indptr[at + 1])
        return dict(zip(self.texts.indices[one].tolist(), self.texts.data[one], strict=True))

    def of_levels(self) -> np.ndarray:
        """Return who has any level at all."""
        return self.sums.known > 0


class ProfileSimilarity(BaseEstimator):
    """How much each profile looks like a role: levels, what is known, and text.

    Parameters
    ----------
    prior : float
        Imaginary people behind every population estimate of a competency.
    unlisted, centre, floor, slope, least : float
        See :class:`matching.engine.levels.LevelRule`.
    text_weight : float
        Weight of the text part against a level part that everybody fills.
    gram_weight, word_weight, concept_weight : float
        Shares of character n-grams, stems and bilingual concepts in the text part.
    head_share : float
        Weight of title against title, beside whole text against whole text.
    shortest_gram, longest_gram : int
        Length of the character n-grams.
    lexicon : Lexicon or None
        Glossary and abbreviations; none when left out.

    Attributes
    ----------
    statistics_ : LevelStatistics
        Population statistics, frozen until the next fit.
    text_space_ : TextSpace
        Vocabularies and IDF over people and roles together.
    scales_ : ndarray of shape (3,)
        Usual spread of the level, presence and text part over the role catalogue.
    rows_ : Rows
        The people that were fitted, as rows.

    Notes
    -----
    A person without any data stands below everybody with data.
    """

    def __init__(
        self,
        *,
        prior: float = 20.0,
        unlisted: float = -0.5,
        centre: float = 0.5,
        floor: float = 0.3,
        slope: float = 0.05,
        least: float = 0.05,
        text_weight: float = 1.25,
        gram_weight: float = 2.0,
        word_weight: float = 1.0,
        concept_weight: float = 2.0,
        head_share: float = 0.25,
        shortest_gram: int = 4,
        longest_gram: int = 5,
        lexicon: Lexicon | None = None,
    ) -> None:
        self.prior = prior
        self.unlisted = unlisted
        self.centre = centre
        self.floor = floor
        self.slope = slope
        self.least = least
        self.text_weight = text_weight
        self.gram_weight = gram_weight
        self.word_weight = word_weight
        self.concept_weight = concept_weight
        self.head_share = head_share
        self.shortest_gram = shortest_gram
        self.longest_gram = longest_gram
        self.lexicon = lexicon

    def fit(self, people: People, roles: Sequence[RoleQuery] = ()) -> Self:
        """Freeze the statistics of a population and a role catalogue, and keep the rows."""
        self.statistics_ = levels.fit_statistics(people.claimed, people.verified, self.prior)
        space = self.text_space_ = self._text_space()
        counted = space.count(_texts_of(people))
        space.fit([*counted, *space.count(role.text for role in roles)])
        self.rows_ = self._rows(people, counted)
        self.scales_ = np.ones(3)
        self.scales_ = self._measure_scales(roles)
        return self

    def _text_space(self) -> TextSpace:
        lexicon = self.lexicon or Lexicon()
        weights = {
            "gram": self.gram_weight,
            "word": self.word_weight,
            "concept": self.concept_weight,
        }
        grams = (self.shortest_gram, self.longest_gram)
        return TextSpace(
            lambda text, beside: analyse(text, lexicon, beside), weights, self.head_share, grams
        )

    def _rule(self) -> levels.LevelRule:
        return levels.LevelRule(self.unlisted, self.centre, self.floor, self.slope, self.least)

    def restore(
        self,
        statistics: levels.LevelStatistics,
        vocabulary: Mapping[str, Sequence[str]],
        idf: Mapping[str, Floats],
        scales: Floats,
        people: People,
    ) -> None:
        """Take over frozen statistics instead of fitting, and build the rows of these people."""
        self.statistics_ = statistics
        self.text_space_ = self._text_space().restore(vocabulary, idf)
        self.scales_ = scales
        self.rows_ = self.rows_of(people)

    def rows_of(self, people: People) -> Rows:
        """Turn people into rows by the frozen statistics."""
        check_is_fitted(self, "statistics_")
        return self._rows(people, self.text_space_.count(_texts_of(people)))

    def _rows(self, people: People, counted: Sequence[Counted]) -> Rows:
        matrix = self.text_space_.transform(counted)
        return Rows(
            ids=list(people.ids),
            claimed=np.asfortranarray(people.claimed),
            verified=np.asfortranarray(people.verified),
            sums=levels.profile_sums(people.claimed, people.verified, self.statistics_),
            texts=matrix,
            has_text=np.diff(matrix.indptr) > 0,
        )

    def _measure_scales(self, roles: Sequence[RoleQuery]) -> Floats:
        step = max(1, len(roles) // ROLES_FOR_SCALE)
        spreads = []
        for role in list(roles)[::step]:
            raw = self._raw_parts(role, self.rows_)
            spreads.append([part.std() if len(part) else 0.0 for part in raw])
        table = np.array(spreads).reshape(-1, 3)
        usual = [_median_of_positive(table[:, at]) for at in range(3)]
        # A small pool can be nearly equal in one part; rounded to nothing it could not divide.
        return np.maximum(np.round(np.array(usual), 4), 1e-4)

    def _raw_parts(self, role: RoleQuery, rows: Rows) -> tuple[Floats, Floats, Floats]:
        stats = self.statistics_
        empty = np.zeros(len(rows.ids))
        level = presence = text = empty
        if role.asked.size:
            level = levels.level_part(
                rows.claimed, rows.verified, rows.sums, stats, role, self._rule()
            )
            level = np.where(rows.of_levels(), level, -1.0)
            presence = levels.presence_part(rows.claimed, rows.verified, rows.sums, stats, role)
        if role.text.head or role.text.body:
            text = self._text_part(role.text, rows)
        return level, presence, text

    def _text_part(self, text: Text, rows: Rows) -> Floats:
        columns, weights = self.text_space_.query(text)
        if rows.columns is None:
            rows.columns = rows.texts.tocsc()
        scores = np.zeros(len(rows.ids))
        postings = rows.columns
        starts, ends = postings.indptr[columns].tolist(), postings.indptr[columns + 1].tolist()
        indices, data = postings.indices, postings.data
        for start, end, weight in zip(starts, ends, weights.tolist(), strict=True):
            scores[indices[start:end]] += weight * data[start:end]
        if rows.changed:
            wanted = _wanted(columns, weights)
            for at in rows.changed:
                scores[at] = _product(wanted, rows.text_of(at))
        return scores

    def texts_of(self, role: RoleQuery, rows: Sequence[int]) -> Floats:
        """Return the weighted text part of some fitted people, as `parts` gives it to the bit.

        rows: places in the order of the fitted people. Others are not looked at.
        """
        check_is_fitted(self, "rows_")
        wanted = _wanted(*self.text_space_.query(role.text))
        found = {at: _product(wanted, self.rows_.text_of(at)) for at in set(rows)}
        return np.array([found[at] for at in rows]) * self._text_scale()

    def _text_scale(self) -> float:
        return float(self.text_weight / self.scales_[2])

    def parts(self, role: RoleQuery, people: People | None = None) -> Parts:
        """Return the weighted parts of the similarity, of the fitted people or of others.

        Raises: NotFittedError before fit.
        """
        check_is_fitted(self, "rows_")
        rows = self.rows_ if people is None else self.rows_of(people)
        return self._weighted(role, rows)

    def _weighted(self, role: RoleQuery, rows: Rows) -> Parts:
        level, presence, text = self._raw_parts(role, rows)
        of_level, of_presence = levels.part_weights(self.statistics_, role)
        scale = self.scales_
        return Parts(
            level=level * (of_level / scale[0]),
            presence=presence * (of_presence / scale[1]),
            text=text * self._text_scale(),
        )

    def score(self, role: RoleQuery, people: People | None = None) -> Floats:
        """Return the similarity of each person to the role, shape (n_people,).

        Order matters, not size: it compares people for one role.
        """
        return self.parts(role, people).total

    def search(self, text: str) -> Floats:
        """Return the text similarity of each fitted person to a free text, shape (n_people,).

        Zero for everybody when nothing of the text is known.
        """
        check_is_fitted(self, "rows_")
        return np.round(self._text_part(Text(body=text), self.rows_), DECIMALS)

    def update_person(
        self, person_id: str, claimed: Levels, verified: Levels, text: Text | None = None
    ) -> None:
        """Replace one row by the frozen statistics, without touching anybody else.

        claimed, verified: uint8 (n_competencies,). A text of None keeps the stored one.

        Raises: KeyError for an unknown person.
        """
        check_is_fitted(self, "rows_")
        rows = self.rows_
        try:
            at = rows.ids.index(person_id)
        except ValueError:
            raise KeyError(person_id) from None
        one = People([person_id], claimed[None, :], verified[None, :])
        rows.claimed[at], rows.verified[at] = one.claimed[0], one.verified[0]
        sums = levels.profile_sums(one.claimed, one.verified, self.statistics_)
        for name in ("total", "squares", "rarity", "known"):
            getattr(rows.sums, name)[at] = getattr(sums, name)[0]
        if text is not None:
            self._replace_text(rows, at, text)

    def _replace_text(self, rows: Rows, at: int, text: Text) -> None:
        # Kept beside the postings, which would take longer to rebuild than to read.
        columns, weights = self.text_space_.query(text)
        rows.changed[at] = dict(zip(columns.tolist(), weights.astype(np.float32), strict=True))
        rows.has_text[at] = columns.size > 0


def _wanted(columns: np.ndarray, weights: Floats) -> list[tuple[int, np.float32]]:
    return list(zip(columns.tolist(), weights.astype(np.float32), strict=True))


def _product(wanted: Sequence[tuple[int, np.float32]], row: Mapping[int, np.float32]) -> float:
    # Products and their order as in the postings, so that a single row gives the very same bits.
    return sum((float(weight * row[at]) for at, weight in wanted if at in row), 0.0)


def _texts_of(people: People) -> Sequence[Text]:
    return people.texts or [Text()] * len(people.ids)


def _median_of_positive(values: Floats) -> float:
    positive = values[values > 0]
    return float(np.median(positive)) if positive.size else 1.0
