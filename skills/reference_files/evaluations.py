"""Forms of evaluation of trainings and the numbers of their policy."""

from dataclasses import dataclass
from pathlib import Path

from app.core.i18n import N_
from skills.reference_files.reading import Confidence, ReferenceFileError, read_csv, unique

FORMS = ("reaction", "person", "supervisor")
_KINDS = ("scale", "text")


@dataclass(frozen=True)
class EvaluationItemRow:
    """A question of a form: a scale of 1 to 5, or words."""

    order: int
    form: str
    code: str
    aspect: str
    kind: str
    required: int
    text: str
    text_en: str
    source: str
    confidence: Confidence


@dataclass(frozen=True)
class EvaluationPolicyRow:
    """A number of the policy of evaluations."""

    key: str
    value: int
    note: str
    source: str
    confidence: Confidence


def load_evaluation_form(folder: Path) -> tuple[EvaluationItemRow, ...]:
    """Read `evaluation_form.csv`; codes are unique within their form."""
    rows = read_csv(folder / "evaluation_form.csv", EvaluationItemRow)
    seen: set[tuple[str, str]] = set()
    for row in rows:
        wrong = row.form not in FORMS or row.kind not in _KINDS or row.required not in (0, 1)
        if wrong or (row.form, row.code) in seen:
            problem = N_("formulir, jenis, atau kode tidak sah")
            raise ReferenceFileError("evaluation_form.csv", row.code, problem)
        seen.add((row.form, row.code))
    return rows


def load_evaluation_policy(folder: Path) -> tuple[EvaluationPolicyRow, ...]:
    """Read `evaluation_policy.csv`; no number is below one."""
    rows = read_csv(folder / "evaluation_policy.csv", EvaluationPolicyRow)
    for row in rows:
        if row.value < 1:
            problem = N_("nilai paling sedikit satu")
            raise ReferenceFileError("evaluation_policy.csv", row.key, problem)
    return unique(rows, "key", file="evaluation_policy.csv")
