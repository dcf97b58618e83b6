"""Small tables of this platform's own: forms counted by the IP ASN, quality checks, contests."""

from dataclasses import dataclass
from pathlib import Path

from app.core.i18n import N_
from skills.reference_files.reading import Confidence, ReferenceFileError, read_csv, unique

DIMENSIONS = ("completeness", "timeliness", "accuracy", "consistency")


@dataclass(frozen=True)
class IpAsnFormRow:
    """A form of development that counts for an element of the IP ASN."""

    element: str
    form_code: str
    position_group: str
    source: str
    confidence: Confidence


@dataclass(frozen=True)
class QualityCheckRow:
    """A check of data quality with its weight inside one dimension."""

    order: int
    code: str
    dimension: str
    weight: float
    name: str
    name_en: str
    source: str
    confidence: Confidence


@dataclass(frozen=True)
class ContestKindRow:
    """What a person may contest, and within how many days the answer is due."""

    order: int
    code: str
    name: str
    name_en: str
    answer_days: int
    source: str
    confidence: Confidence


@dataclass(frozen=True)
class AssessmentSettingRow:
    """A number or word that assessment rounds start from."""

    order: int
    code: str
    value: str
    meaning: str
    source: str
    confidence: Confidence


@dataclass(frozen=True)
class KappaBandRow:
    """A name for a range of kappa, the lower end included."""

    order: int
    code: str
    name: str
    name_en: str
    lower: float
    upper: float
    source: str
    confidence: Confidence


@dataclass(frozen=True)
class NamedRow:
    """A row of a plain list that people choose from."""

    order: int
    code: str
    name: str
    name_en: str
    source: str
    confidence: Confidence


def load_languages(folder: Path) -> tuple[NamedRow, ...]:
    """Read `languages.csv`."""
    rows = read_csv(folder / "languages.csv", NamedRow)
    return unique(rows, "code", file="languages.csv")


def load_language_levels(folder: Path) -> tuple[NamedRow, ...]:
    """Read `language_levels.csv`, the lowest level first."""
    rows = read_csv(folder / "language_levels.csv", NamedRow)
    return unique(rows, "code", file="language_levels.csv")


def load_ip_asn_forms(folder: Path) -> tuple[IpAsnFormRow, ...]:
    """Read `ip_asn_forms.csv`."""
    return read_csv(folder / "ip_asn_forms.csv", IpAsnFormRow)


def load_quality_checks(folder: Path) -> tuple[QualityCheckRow, ...]:
    """Read `quality_checks.csv`; every weight is above zero, every dimension is known."""
    rows = read_csv(folder / "quality_checks.csv", QualityCheckRow)
    for row in rows:
        if row.weight <= 0 or row.dimension not in DIMENSIONS:
            problem = N_("dimensi tidak dikenal atau bobot tidak di atas nol")
            raise ReferenceFileError("quality_checks.csv", row.code, problem)
    return unique(rows, "code", file="quality_checks.csv")


def load_contest_kinds(folder: Path) -> tuple[ContestKindRow, ...]:
    """Read `contest_kinds.csv`; a deadline is at least one day."""
    rows = read_csv(folder / "contest_kinds.csv", ContestKindRow)
    for row in rows:
        if row.answer_days < 1:
            problem = N_("tenggat paling sedikit satu hari")
            raise ReferenceFileError("contest_kinds.csv", row.code, problem)
    return unique(rows, "code", file="contest_kinds.csv")


def load_assessment_settings(folder: Path) -> tuple[AssessmentSettingRow, ...]:
    """Read `assessment_settings.csv`."""
    rows = read_csv(folder / "assessment_settings.csv", AssessmentSettingRow)
    return unique(rows, "code", file="assessment_settings.csv")


def load_kappa_bands(folder: Path) -> tuple[KappaBandRow, ...]:
    """Read `kappa_bands.csv`; each band begins where the one before ends."""
    rows = read_csv(folder / "kappa_bands.csv", KappaBandRow)
    for before, row in zip(rows, rows[1:], strict=False):
        if row.lower != before.upper:
            problem = N_("rentang tidak bersambung")
            raise ReferenceFileError("kappa_bands.csv", row.code, problem)
    return unique(rows, "code", file="kappa_bands.csv")
