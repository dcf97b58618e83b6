"""Standards of jabatan, and the list of jabatan from which a demonstration city is made."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from app.core.i18n import N_
from skills.enums import EmploymentKind, ReferenceState
from skills.reference_files.competencies import LEVELS
from skills.reference_files.reading import (
    Confidence,
    Row,
    decode,
    items,
    read_yaml,
    unique,
)

_MIN_TECHNICAL = 3


@dataclass(frozen=True)
class Requirement:
    """A competency that a standard asks for at `min_level`."""

    competency: str
    min_level: int
    weight: float
    mandatory: bool


@dataclass(frozen=True)
class Standard:
    """Required levels of a class of jabatan, or of one jabatan (`name`)."""

    code: str
    name: str
    position_class: str
    requirements: tuple[Requirement, ...]
    status: ReferenceState
    source: str
    confidence: Confidence
    version: str
    valid_from: date


@dataclass(frozen=True)
class Standards:
    """Both halves of `standards.yaml`."""

    managerial: tuple[Standard, ...]
    technical: tuple[Standard, ...]


@dataclass(frozen=True)
class PositionEntry:
    """A jabatan: `per_opd` posts in each OPD named, or a `share` of the remaining staff."""

    code: str
    name: str
    position_class: str
    unit: str
    employment_kinds: tuple[EmploymentKind, ...]
    education_min: str
    education_fields: tuple[str, ...]
    eselon: str | None = None
    opd_kinds: tuple[str, ...] = ()
    opd_codes: tuple[str, ...] = ()
    exclude_opd_codes: tuple[str, ...] = ()
    per_opd: int | None = None
    share: float | None = None
    technical_standard: str | None = None

    def belongs_to(self, opd_code: str, opd_kind: str) -> bool:
        """Tell whether the OPD has this jabatan."""
        named = opd_code in self.opd_codes or opd_kind in self.opd_kinds
        return named and opd_code not in self.exclude_opd_codes


@dataclass(frozen=True)
class PositionFile:
    """`positions.yaml`: shares of the city's staff per OPD, golongan per class, jabatan."""

    version: str
    valid_from: date
    status: ReferenceState
    source: str
    confidence: Confidence
    headcount_shares: Mapping[str, float]
    golongan_ranges: Mapping[str, tuple[str, ...]]
    positions: tuple[PositionEntry, ...]


@dataclass(frozen=True)
class _Managerial:
    code_prefix: str
    competencies: tuple[str, ...]
    weight: float
    mandatory: bool
    status: ReferenceState
    source: str
    confidence: Confidence
    levels: Mapping[str, int]


def load_standards(folder: Path) -> Standards:
    """Read `standards.yaml`; the managerial half becomes one standard per class of jabatan."""
    content = read_yaml(folder / "standards.yaml")
    dated = {name: content.values.get(name) for name in ("version", "valid_from")}
    managerial = _managerial(content.below("managerial", content.values.get("managerial")), dated)
    half = content.below("technical", content.values.get("technical"))
    shared = {name: half.values.get(name) for name in ("status", "source", "confidence")}
    technical = tuple(
        _standard(Row(row.file, row.key, {**dated, **shared, **row.values}))
        for row in items(half, "standards")
    )
    unique(managerial + technical, "code", file="standards.yaml")
    return Standards(managerial, technical)


def load_positions(folder: Path) -> PositionFile:
    """Read `positions.yaml`; shares add up to 1 and each jabatan has posts or a share."""
    content = read_yaml(folder / "positions.yaml")
    file = decode(PositionFile, content)
    if abs(sum(file.headcount_shares.values()) - 1) > 1e-6:
        raise content.fail(N_("bagian harus berjumlah 1"), at="headcount_shares")
    for entry in file.positions:
        size = entry.per_opd if entry.share is None else entry.share
        if (entry.per_opd is None) == (entry.share is None) or size is None or size <= 0:
            raise content.fail(N_("isi per_opd atau share, lebih dari nol"), at=entry.code)
        if not (entry.opd_kinds or entry.opd_codes):
            raise content.fail(N_("OPD belum ditentukan"), at=entry.code)
    unique(file.positions, "name", file="positions.yaml")
    unique(file.positions, "code", file="positions.yaml")
    return file


def check_requirements(row: Row, requirements: tuple[Requirement, ...], *, at_least: int) -> None:
    """Refuse too few requirements, one named twice, a level outside 1..5, a weight of 0 or less.

    Raises:
        ReferenceFileError: names the requirement.
    """
    if len(requirements) < at_least:
        problem = N_("syarat kompetensi sedikitnya %(count)s")
        raise row.fail(problem, at="requirements", count=at_least)
    unique(requirements, "competency", file=f"{row.file}, {row.key}")
    for requirement in requirements:
        if requirement.min_level not in LEVELS:
            raise row.fail(N_("tingkat harus 1 sampai 5"), at=requirement.competency)
        if requirement.weight <= 0:
            raise row.fail(N_("bobot harus lebih dari nol"), at=requirement.competency)


def _standard(row: Row) -> Standard:
    standard = decode(Standard, row)
    check_requirements(row, standard.requirements, at_least=_MIN_TECHNICAL)
    return standard


def _managerial(row: Row, dated: Mapping[str, object]) -> tuple[Standard, ...]:
    half = decode(_Managerial, row)
    standards = []
    for position_class, level in half.levels.items():
        values = {
            "code": f"{half.code_prefix}-{position_class}",
            "name": position_class,
            "position_class": position_class,
            "status": half.status,
            "source": half.source,
            "confidence": half.confidence,
            "requirements": [
                {
                    "competency": code,
                    "min_level": level,
                    "weight": half.weight,
                    "mandatory": half.mandatory,
                }
                for code in half.competencies
            ],
        }
        standards.append(
            _standard(Row(row.file, f"{row.key}.{position_class}", {**dated, **values}))
        )
    return tuple(standards)
