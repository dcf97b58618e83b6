"""Scoring tables: SKP predicates, IP ASN points, bands of indices, nine boxes and their methods."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from itertools import groupby, pairwise
from pathlib import Path

from app.core.i18n import N_
from skills.reference_files.reading import (
    Confidence,
    ReferenceFileError,
    Row,
    decode,
    items,
    read_csv,
    read_yaml,
    unique,
)

_CELLS = {(performance, potential) for performance in (1, 2, 3) for potential in (1, 2, 3)}
_RATINGS = {"DI_BAWAH", "SESUAI", "DI_ATAS"}


@dataclass(frozen=True)
class SkpPredicateRow:
    """A yearly predicate; `performance_level` (1..3) serves the method that maps it directly."""

    order: int
    code: str
    name: str
    performance_level: int
    source_level: str
    talent_points: int
    ip_asn_points: int
    source: str
    confidence: Confidence
    aliases: tuple[str, ...] = ()


@dataclass(frozen=True)
class SkpMatrixRow:
    """Predicate of a pair of ratings."""

    work_result: str
    work_behaviour: str
    predicate: str
    source: str
    confidence: Confidence


@dataclass(frozen=True)
class IpAsnScoreRow:
    """Points of one answer to one element of the IP ASN."""

    dimension: str
    dimension_max: float
    position_group: str
    element: str
    answer: str
    label: str
    points: float
    source: str
    confidence: Confidence


@dataclass(frozen=True)
class IndexBandRow:
    """A named band [lower, upper) of an index; `rounding` INTEGER: round before banding."""

    index: str
    order: int
    name: str
    name_en: str
    lower: float
    upper: float
    upper_inclusive: bool
    valid_from: date
    source: str
    confidence: Confidence
    valid_to: date | None = None
    rounding: str | None = None


@dataclass(frozen=True)
class NineBoxRow:
    """A box of a numbering; levels 1 low, 2 middle, 3 high."""

    numbering: str
    box: int
    performance_level: int
    potential_level: int
    agency_pool: bool
    national_pool: bool
    recommendations: tuple[str, ...]
    source: str
    confidence: Confidence


@dataclass(frozen=True)
class NineBoxMethod:
    """How points become a box: cuts, weights in percent, and the numbering used."""

    code: str
    name_id: str
    name_en: str
    numbering: str
    performance_from: str
    cuts: Mapping[str, float]
    talent_weights: Mapping[str, float]
    performance_weights: Mapping[str, float]
    potential_weights: Mapping[str, float]
    skp_years: int
    pool_boxes: tuple[int, ...]
    valid_from: date
    default: bool
    note: str
    source: str
    confidence: Confidence


def load_skp_predicates(folder: Path) -> tuple[SkpPredicateRow, ...]:
    """Read `skp_predicates.csv`, lowest first."""
    rows = read_csv(folder / "skp_predicates.csv", SkpPredicateRow)
    if [row.order for row in rows] != list(range(1, len(rows) + 1)):
        raise ReferenceFileError("skp_predicates.csv", "order", N_("urutan harus 1, 2, 3, ..."))
    return unique(rows, "code", file="skp_predicates.csv")


def load_skp_matrix(folder: Path) -> tuple[SkpMatrixRow, ...]:
    """Read `skp_matrix.csv`; every pair of the three ratings occurs once."""
    rows = read_csv(folder / "skp_matrix.csv", SkpMatrixRow)
    pairs = [(row.work_result, row.work_behaviour) for row in rows]
    if sorted(pairs) != sorted((one, two) for one in _RATINGS for two in _RATINGS):
        raise ReferenceFileError(
            "skp_matrix.csv", "work_result", N_("sembilan pasangan diperlukan")
        )
    return rows


def load_ip_asn_scores(folder: Path) -> tuple[IpAsnScoreRow, ...]:
    """Read `ip_asn_scoring.csv`; no answer is worth more than its dimension."""
    rows = read_csv(folder / "ip_asn_scoring.csv", IpAsnScoreRow)
    for row in rows:
        if not 0 <= row.points <= row.dimension_max:
            key = f"{row.element}.{row.answer}"
            raise ReferenceFileError("ip_asn_scoring.csv", key, N_("nilai melebihi dimensinya"))
    return rows


def load_index_bands(folder: Path) -> tuple[IndexBandRow, ...]:
    """Read `index_bands.csv`; the bands of an index join without gap, the last one closed."""
    rows = read_csv(folder / "index_bands.csv", IndexBandRow)
    for index, group in groupby(rows, key=lambda row: row.index):
        bands = list(group)
        joined = all(low.upper == high.lower for low, high in pairwise(bands))
        rising = all(band.lower < band.upper for band in bands)
        closed = [band.upper_inclusive for band in bands] == [False] * (len(bands) - 1) + [True]
        if not (joined and rising and closed):
            raise ReferenceFileError("index_bands.csv", index, N_("rentang tidak bersambung"))
    return rows


def load_nine_box(folder: Path) -> tuple[NineBoxRow, ...]:
    """Read `nine_box.csv`; each numbering has boxes 1 to 9 on nine different cells."""
    rows = read_csv(folder / "nine_box.csv", NineBoxRow)
    for numbering in {row.numbering for row in rows}:
        boxes = [row for row in rows if row.numbering == numbering]
        cells = {(row.performance_level, row.potential_level) for row in boxes}
        if sorted(row.box for row in boxes) != list(range(1, 10)) or cells != _CELLS:
            raise ReferenceFileError("nine_box.csv", numbering, N_("sembilan kotak diperlukan"))
    return rows


def load_nine_box_methods(folder: Path) -> tuple[NineBoxMethod, ...]:
    """Read `nine_box_methods.yaml`; each set of weights adds up to 100, one method is default."""
    content = read_yaml(folder / "nine_box_methods.yaml")
    methods = tuple(_method(row) for row in items(content, "methods"))
    if sum(method.default for method in methods) != 1:
        raise content.fail(N_("tepat satu cara menjadi bawaan"), at="methods")
    return unique(methods, "code", file="nine_box_methods.yaml")


def _method(row: Row) -> NineBoxMethod:
    method = decode(NineBoxMethod, row)
    for name in ("talent_weights", "performance_weights", "potential_weights"):
        weights = list(getattr(method, name).values())
        if min(weights) <= 0 or abs(sum(weights) - 100) > 1e-9:
            raise row.fail(N_("bobot harus lebih dari nol dan berjumlah 100"), at=name)
    if set(method.cuts) != {"middle", "high"} or method.cuts["middle"] >= method.cuts["high"]:
        raise row.fail(N_("ambang harus naik"), at="cuts")
    if not set(method.pool_boxes) <= set(range(1, 10)):
        raise row.fail(N_("kotak harus 1 sampai 9"), at="pool_boxes")
    return method
