"""Plain tables: OPD, golongan, classes of jabatan, levels, education, discipline, reasons."""

from dataclasses import dataclass
from datetime import date
from pathlib import Path

from app.core.i18n import N_
from skills.enums import EmploymentKind, PositionKind
from skills.reference_files.competencies import LEVELS
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


@dataclass(frozen=True)
class OpdRow:
    """An OPD of the city."""

    code: str
    name: str
    kind: str
    short_name: str
    valid_from: date
    note: str
    source: str
    confidence: Confidence
    valid_to: date | None = None


@dataclass(frozen=True)
class GolonganRow:
    """A rank; `order` rises with rank inside one kind of employment."""

    employment_kind: EmploymentKind
    order: int
    golongan: str
    pangkat: str
    source: str
    confidence: Confidence
    entry_education: str | None = None


@dataclass(frozen=True)
class PositionClassRow:
    """A class of jabatan and the level that its managerial competencies need."""

    code: str
    name: str
    kind: PositionKind
    managerial_level: int
    source: str
    confidence: Confidence
    eselon: str | None = None
    functional_category: str | None = None
    note: str | None = None


@dataclass(frozen=True)
class LevelName:
    """The words of one level."""

    level: int
    name_id: str
    name_en: str
    meaning_id: str


@dataclass(frozen=True)
class EducationLevelRow:
    """A level of education, ordered; `aliases` as personnel files write it."""

    order: int
    code: str
    name: str
    name_en: str
    aliases: tuple[str, ...]
    ip_asn_answer: str
    source: str
    confidence: Confidence
    talent_points: int | None = None


@dataclass(frozen=True)
class DisciplineLevelRow:
    """A level of disciplinary penalty; a case in progress has no IP ASN answer."""

    order: int
    code: str
    name: str
    name_en: str
    talent_points: int
    source: str
    confidence: Confidence
    ip_asn_answer: str | None = None


@dataclass(frozen=True)
class RetirementAgeRow:
    """Retirement age of a class of jabatan, in years."""

    position_class: str
    age: int
    note: str
    source: str
    confidence: Confidence


@dataclass(frozen=True)
class RejectionReason:
    """Why an assessor returns evidence, with advice for the owner."""

    code: str
    name_id: str
    name_en: str
    advice_id: str
    note_required: bool = False


@dataclass(frozen=True)
class StrategyRow:
    """A strategy of the smart-city programme."""

    number: int
    quadrant: str
    name: str
    name_en: str
    indicator: str
    has_admin_roles: bool
    source: str
    confidence: Confidence


def load_opds(folder: Path) -> tuple[OpdRow, ...]:
    """Read `opd.csv`; codes and short names are unique."""
    rows = unique(read_csv(folder / "opd.csv", OpdRow), "code", file="opd.csv")
    return unique(rows, "short_name", file="opd.csv")


def load_golongan(folder: Path) -> tuple[GolonganRow, ...]:
    """Read `golongan.csv`; per kind of employment the order runs 1, 2, 3 ..."""
    rows = read_csv(folder / "golongan.csv", GolonganRow)
    for kind in {row.employment_kind for row in rows}:
        of_kind = tuple(row for row in rows if row.employment_kind == kind)
        unique(of_kind, "golongan", file="golongan.csv")
        if [row.order for row in of_kind] != list(range(1, len(of_kind) + 1)):
            raise ReferenceFileError("golongan.csv", kind, N_("urutan harus 1, 2, 3, ..."))
    return rows


def load_position_classes(folder: Path) -> tuple[PositionClassRow, ...]:
    """Read `position_classes.csv`."""
    rows = read_csv(folder / "position_classes.csv", PositionClassRow)
    for row in rows:
        if row.managerial_level not in LEVELS:
            raise ReferenceFileError(
                "position_classes.csv", row.code, N_("tingkat harus 1 sampai 5")
            )
    return unique(rows, "code", file="position_classes.csv")


def load_levels(folder: Path) -> tuple[LevelName, ...]:
    """Read the names of levels 1 to 5 from `levels.yaml`."""
    content = read_yaml(folder / "levels.yaml")
    levels = content.below("levels", content.values.get("levels"))
    if set(levels.values) != set(LEVELS):
        raise levels.fail(N_("tingkat 1 sampai 5 harus lengkap"))
    named = [levels.below(str(level), levels.values[level]) for level in LEVELS]
    return tuple(
        decode(LevelName, Row(row.file, row.key, {**row.values, "level": level}))
        for level, row in zip(LEVELS, named, strict=True)
    )


def load_education_levels(folder: Path) -> tuple[EducationLevelRow, ...]:
    """Read `education_levels.csv`; an alias belongs to one level only."""
    rows = read_csv(folder / "education_levels.csv", EducationLevelRow)
    aliases = [alias.casefold() for row in rows for alias in row.aliases]
    for alias in aliases:
        if aliases.count(alias) > 1:
            raise ReferenceFileError(
                "education_levels.csv", alias, N_("tercantum lebih dari sekali")
            )
    return unique(rows, "code", file="education_levels.csv")


def load_discipline_levels(folder: Path) -> tuple[DisciplineLevelRow, ...]:
    """Read `discipline_levels.csv`."""
    rows = read_csv(folder / "discipline_levels.csv", DisciplineLevelRow)
    return unique(rows, "code", file="discipline_levels.csv")


def load_retirement_ages(folder: Path) -> tuple[RetirementAgeRow, ...]:
    """Read `retirement_ages.csv`, none of which is confirmed."""
    rows = read_csv(folder / "retirement_ages.csv", RetirementAgeRow)
    return unique(rows, "position_class", file="retirement_ages.csv")


def load_rejection_reasons(folder: Path) -> tuple[RejectionReason, ...]:
    """Read `rejection_reasons.yaml`."""
    rows = items(read_yaml(folder / "rejection_reasons.yaml"), "reasons")
    reasons = tuple(decode(RejectionReason, row) for row in rows)
    return unique(reasons, "code", file="rejection_reasons.yaml")


def load_strategies(folder: Path) -> tuple[StrategyRow, ...]:
    """Read `smart_city_strategies.csv`."""
    rows = read_csv(folder / "smart_city_strategies.csv", StrategyRow)
    return unique(rows, "number", file="smart_city_strategies.csv")
