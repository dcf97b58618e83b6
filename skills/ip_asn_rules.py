"""The professionalism index of a civil servant (IP ASN) from facts; pure.

Four parts of PermenPANRB 38/2018: qualification, competence, performance, discipline. Points, bands
and the forms that count come from reference tables, so that another rule is another version of
them. A part that cannot be known counts zero and is said to be unknown, never guessed.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

QUALIFICATION, COMPETENCE = "KUALIFIKASI", "KOMPETENSI"
PERFORMANCE, DISCIPLINE = "KINERJA", "DISIPLIN"
DIMENSIONS = (QUALIFICATION, COMPETENCE, PERFORMANCE, DISCIPLINE)
ALL_GROUPS = "SEMUA"
EDUCATION, POSITION_TRAINING = "PENDIDIKAN", "DIKLAT_JABATAN"
TECHNICAL, SEMINAR = "DIKLAT_TEKNIS", "SEMINAR"
PREDICATE, PENALTY = "PREDIKAT_SKP", "HUKUMAN"
TECHNICAL_JP = 20  # within the last year, as the table words it
_GROUPS = {
    "JPT": "STRUKTURAL",
    "ADMINISTRATOR": "STRUKTURAL",
    "PENGAWAS": "STRUKTURAL",
    "FUNGSIONAL": "FUNGSIONAL",
    "PELAKSANA": "PELAKSANA",
}


def position_group(kind: str | None) -> str | None:
    """Return the group of the scoring table for a kind of position."""
    return _GROUPS.get(kind or "")


@dataclass(frozen=True)
class ScoreTable:
    """Points by (dimension, group, element, answer), the most of each dimension, bands."""

    version: int
    points: Mapping[tuple[str, str, str, str], float]
    most: Mapping[str, float]
    labels: Mapping[tuple[str, str, str, str], str]
    bands: Sequence[Mapping[str, Any]] = ()
    confidence: Mapping[tuple[str, str, str, str], str] = field(default_factory=dict)

    def elements(self, dimension: str, group: str) -> list[str]:
        """Return the elements asked of a group in a dimension."""
        found = [key[2] for key in self.points if key[0] == dimension and key[1] == group]
        return list(dict.fromkeys(found))

    def best(self, dimension: str, group: str, element: str) -> float:
        """Return the most points of an element."""
        return max(
            (value for key, value in self.points.items() if key[:3] == (dimension, group, element)),
            default=0.0,
        )


def score_table(
    rows: Iterable[Mapping[str, Any]], bands: Iterable[Mapping[str, Any]], version: int
) -> ScoreTable:
    """Return the table from the rows of the reference sets `ip_asn_scores` and `index_bands`."""
    points, labels, confidence = {}, {}, {}
    most: dict[str, float] = {}
    for row in rows:
        key = (row["dimension"], row["position_group"], row["element"], row["answer"])
        points[key] = float(row["points"])
        labels[key] = str(row["label"])
        confidence[key] = str(row["confidence"])
        most[row["dimension"]] = float(row["dimension_max"])
    chosen = sorted(
        (band for band in bands if band["index"] == "IP_ASN"), key=lambda band: band["order"]
    )
    return ScoreTable(version, points, most, labels, chosen, confidence)


@dataclass(frozen=True)
class Facts:
    """What the platform holds of a person; None is unknown.

    Args:
        group: group of the scoring table. education: answer of the table.
        has_position_training, has_seminar: a verified one is held.
        technical_jp: verified hours of the last year.
        predicate: of the last closed year. penalty: the heaviest recorded, `TIDAK_ADA` without.
    """

    group: str | None = None
    education: str | None = None
    has_position_training: bool = False
    technical_jp: int = 0
    has_seminar: bool = False
    predicate: str | None = None
    penalty: str | None = "TIDAK_ADA"


@dataclass(frozen=True)
class Element:
    """One element: the answer found (None: unknown), its points and the most it can give."""

    dimension: str
    code: str
    answer: str | None
    label: str
    points: float
    most: float

    @property
    def gain(self) -> float:
        """Points still open."""
        return self.most - self.points


@dataclass(frozen=True)
class Part:
    """One of the four parts."""

    dimension: str
    points: float
    most: float
    elements: tuple[Element, ...]
    is_known: bool


@dataclass(frozen=True)
class Index:
    """The four parts, their sum (0 to 100) and its band."""

    parts: tuple[Part, ...]
    total: float
    band: Mapping[str, Any] | None
    version: int

    @property
    def unknown(self) -> tuple[str, ...]:
        """Dimensions that lack a fact."""
        return tuple(part.dimension for part in self.parts if not part.is_known)

    @property
    def raises(self) -> list[Element]:
        """Elements with points to gain, the greatest gain first."""
        found = [item for part in self.parts for item in part.elements if item.gain > 0]
        return sorted(found, key=lambda item: (-item.gain, item.dimension, item.code))


def index_of(facts: Facts, table: ScoreTable) -> Index:
    """Return the index of a person.

    Source of the arithmetic: sum of the four parts, PermenPANRB 38/2018 (secondary).
    """
    competence = [
        _element(table, COMPETENCE, facts.group, code, _competence_answer(code, facts))
        for code in (table.elements(COMPETENCE, facts.group) if facts.group else ())
    ]
    parts = (
        _part(table, QUALIFICATION, [_plain(table, QUALIFICATION, EDUCATION, facts.education)]),
        _part(table, COMPETENCE, competence),
        _part(table, PERFORMANCE, [_plain(table, PERFORMANCE, PREDICATE, facts.predicate)]),
        _part(table, DISCIPLINE, [_plain(table, DISCIPLINE, PENALTY, facts.penalty)]),
    )
    total = round(sum(part.points for part in parts), 2)
    return Index(parts, total, band_of(total, table.bands), table.version)


def band_of(total: float, bands: Sequence[Mapping[str, Any]]) -> Mapping[str, Any] | None:
    """Return the band of a total, rounded half up first where the band says so."""
    for band in bands:
        value = int(total + 0.5) if band.get("rounding") == "INTEGER" else total
        upper = float(band["upper"])
        if float(band["lower"]) <= value and (
            value < upper or (band["upper_inclusive"] and value <= upper)
        ):
            return band
    return None


def mean_index(totals: Sequence[float]) -> float | None:
    """Return the mean of totals; None for nobody. That an agency's index is the mean of its people
    is a local reading, not a confirmed rule."""
    return round(sum(totals) / len(totals), 2) if totals else None


def _competence_answer(code: str, facts: Facts) -> str:
    done = {
        POSITION_TRAINING: facts.has_position_training,
        TECHNICAL: facts.technical_jp >= TECHNICAL_JP,
        SEMINAR: facts.has_seminar,
    }
    return "YA" if done.get(code, False) else "TIDAK"


def _plain(table: ScoreTable, dimension: str, code: str, answer: str | None) -> Element:
    return _element(table, dimension, ALL_GROUPS, code, answer)


def _element(
    table: ScoreTable, dimension: str, group: str | None, code: str, answer: str | None
) -> Element:
    key = (dimension, group or ALL_GROUPS, code, answer or "")
    known = key in table.points
    return Element(
        dimension=dimension,
        code=code,
        answer=answer if known else None,
        label=table.labels.get(key, ""),
        points=table.points.get(key, 0.0),
        most=table.best(dimension, group or ALL_GROUPS, code),
    )


def _part(table: ScoreTable, dimension: str, elements: Sequence[Element]) -> Part:
    known = bool(elements) and all(item.answer is not None for item in elements)
    points = sum(item.points for item in elements)
    return Part(dimension, points, table.most.get(dimension, 0.0), tuple(elements), known)
