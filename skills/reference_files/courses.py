"""Forms of competence development, the yearly duty in JP, and the catalogue of courses."""

from dataclasses import dataclass
from datetime import date
from pathlib import Path

from app.core.i18n import N_
from skills.enums import EmploymentKind, ReferenceState
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

_RULES_WITHOUT_JP = {"CURRICULUM", "NONE"}
_RULES = _RULES_WITHOUT_JP | {"FIXED", "PER_SESSION", "PER_ACTIVITY", "MAX_PER_DAY"}


@dataclass(frozen=True)
class BangkomFormRow:
    """A form of development and how it turns into JP.

    `form_confidence` is about the form, `confidence` about its JP rule. `jp` is absent for the
    rules CURRICULUM (the curriculum says) and NONE (no rule found).
    """

    code: str
    path: str
    name: str
    name_en: str
    jp_rule: str
    certificate_jp_wins: bool
    valid_from: date
    form_confidence: Confidence
    source: str
    confidence: Confidence
    jp: float | None = None
    unit: str | None = None
    max_sessions_per_month: int | None = None
    max_jp_per_day: float | None = None
    valid_to: date | None = None


@dataclass(frozen=True)
class JpDutyRow:
    """Hours a year: `bound` MINIMUM or MAXIMUM, `effect` TARGET or WARNING (never a block)."""

    employment_kind: EmploymentKind
    bound: str
    jp: float
    effect: str
    valid_from: date
    note: str
    source: str
    confidence: Confidence
    valid_to: date | None = None


@dataclass(frozen=True)
class PlanPolicyRow:
    """A number that suggestions of the year plan follow."""

    key: str
    value: float
    note: str
    source: str
    confidence: Confidence


@dataclass(frozen=True)
class Topic:
    """A subject of a course, in JP."""

    title_id: str
    jp: float


@dataclass(frozen=True)
class Gain:
    """Level that a course leads to; `from_level` 0 asks for nothing."""

    competency: str
    from_level: int
    to_level: int


@dataclass(frozen=True)
class CourseEntry:
    """A catalogue entry; the cost is in rupiah per participant."""

    code: str
    title_id: str
    title_en: str
    form: str
    jp: float
    provider: str
    cost_per_participant: int
    cost_is_example: bool
    objectives_id: tuple[str, ...]
    topics: tuple[Topic, ...]
    gains: tuple[Gain, ...]
    prerequisites: tuple[str, ...] = ()
    certificate_valid_months: int | None = None  # None: without an end


@dataclass(frozen=True)
class Catalogue:
    """`catalogue.yaml`."""

    version: str
    valid_from: date
    status: ReferenceState
    source: str
    confidence: Confidence
    courses: tuple[CourseEntry, ...]


def load_bangkom_forms(folder: Path) -> tuple[BangkomFormRow, ...]:
    """Read `bangkom_forms.csv`."""
    rows = read_csv(folder / "bangkom_forms.csv", BangkomFormRow)
    for row in rows:
        if row.jp_rule not in _RULES or (row.jp is None) != (row.jp_rule in _RULES_WITHOUT_JP):
            raise ReferenceFileError(
                "bangkom_forms.csv", row.code, N_("jp tidak cocok dengan aturannya")
            )
    return unique(rows, "code", file="bangkom_forms.csv")


def load_jp_duty(folder: Path) -> tuple[JpDutyRow, ...]:
    """Read `jp_duty.csv`."""
    return read_csv(folder / "jp_duty.csv", JpDutyRow)


def load_plan_policy(folder: Path) -> tuple[PlanPolicyRow, ...]:
    """Read `plan_policy.csv`; no number is negative."""
    rows = read_csv(folder / "plan_policy.csv", PlanPolicyRow)
    for row in rows:
        if row.value < 0:
            raise ReferenceFileError("plan_policy.csv", row.key, N_("tidak boleh kurang dari nol"))
    return unique(rows, "key", file="plan_policy.csv")


def load_catalogue(folder: Path) -> Catalogue:
    """Read `catalogue.yaml`; a prerequisite stands before the course that needs it."""
    content = read_yaml(folder / "catalogue.yaml")
    catalogue = decode(Catalogue, content)
    known: set[str] = set()
    for row, course in zip(items(content, "courses"), catalogue.courses, strict=True):
        _check_course(row, course)
        if not known.issuperset(course.prerequisites):
            raise row.fail(N_("prasyarat harus tercantum lebih dahulu"), at="prerequisites")
        known.add(course.code)
    unique(catalogue.courses, "code", file="catalogue.yaml")
    return catalogue


def _check_course(row: Row, course: CourseEntry) -> None:
    if course.jp <= 0 or abs(sum(topic.jp for topic in course.topics) - course.jp) > 1e-9:
        raise row.fail(N_("jumlah jp pokok bahasan harus sama dengan jp pelatihan"), at="topics")
    if min(topic.jp for topic in course.topics) <= 0:
        raise row.fail(N_("harus lebih dari nol"), at="topics")
    if course.cost_per_participant < 0:
        raise row.fail(N_("tidak boleh kurang dari nol"), at="cost_per_participant")
    unique(course.gains, "competency", file=f"{row.file}, {row.key}")
    for gain in course.gains:
        if not 0 <= gain.from_level < gain.to_level <= LEVELS[-1]:
            raise row.fail(N_("tingkat harus naik, 0 sampai 5"), at=gain.competency)
