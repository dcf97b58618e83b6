"""Data quality of a person's record on four dimensions; pure.

Each check either applies and holds, applies and fails, or does not apply. A dimension's score is
the share of the weights that hold among those that apply; a dimension without any applicable check
is full. The total is the mean of the four. Weights are reference data (`quality_checks`).
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from skills.siasn.nip import read_nip

DIMENSIONS = ("completeness", "timeliness", "accuracy", "consistency")
STALE_DAYS = 730
YOUNGEST = 16  # years of age at the start of service


@dataclass(frozen=True)
class RecordFacts:
    """What the checks read of a person; `known_*` are the codes of the reference tables."""

    nip: str
    birth_date: date | None = None
    sex: str | None = None
    email: str | None = None
    employment_kind: str = "PNS"
    golongan: str | None = None
    golongan_since: date | None = None
    position_id: int | None = None
    position_kind: str | None = None
    kind_of_position: str | None = None
    has_standard: bool = False
    position_since: date | None = None
    education_level: str | None = None
    service_start: date | None = None
    retirement_date: date | None = None
    opd_id: int = 0
    unit_opd_id: int | None = None
    supervisor_id: int | None = None
    supervisor_state: str | None = None
    leads_opd: bool = False
    touched_on: date | None = None
    has_skp: bool = False
    skp_expected: bool = True
    expired: int = 0
    trainings: int = 0


@dataclass(frozen=True)
class Known:
    """The present day and the codes that reference tables define."""

    day: date
    education: frozenset[str]
    golongan: frozenset[str]


Verdict = bool | None  # True holds, False fails, None does not apply
Check = Callable[[RecordFacts, Known], Verdict]


def _present(name: str) -> Check:
    return lambda facts, known: bool(getattr(facts, name))


def _supervised(facts: RecordFacts, known: Known) -> Verdict:
    return None if facts.leads_opd else facts.supervisor_id is not None


def _appraised(facts: RecordFacts, known: Known) -> Verdict:
    return facts.has_skp if facts.skp_expected else None


def _evidence_valid(facts: RecordFacts, known: Known) -> Verdict:
    return facts.expired == 0 if facts.trainings else None


def _not_retired(facts: RecordFacts, known: Known) -> Verdict:
    return facts.retirement_date >= known.day if facts.retirement_date else None


def _touched(facts: RecordFacts, known: Known) -> Verdict:
    return (known.day - facts.touched_on).days <= STALE_DAYS if facts.touched_on else None


def _nip_birth(facts: RecordFacts, known: Known) -> Verdict:
    return facts.nip[:8] == f"{facts.birth_date:%Y%m%d}" if facts.birth_date else None


def _nip_sex(facts: RecordFacts, known: Known) -> Verdict:
    if facts.sex is None:
        return None
    said = read_nip(facts.nip).sex
    return said is not None and said.value == facts.sex


def _nip_start(facts: RecordFacts, known: Known) -> Verdict:
    if facts.service_start is None or facts.employment_kind == "PPPK":
        return None
    return facts.nip[8:14] == f"{facts.service_start:%Y%m}"


def _education_known(facts: RecordFacts, known: Known) -> Verdict:
    return facts.education_level in known.education if facts.education_level else None


def _golongan_known(facts: RecordFacts, known: Known) -> Verdict:
    return facts.golongan in known.golongan if facts.golongan else None


def _standard(facts: RecordFacts, known: Known) -> Verdict:
    return facts.has_standard if facts.position_id else None


def _same_kind(facts: RecordFacts, known: Known) -> Verdict:
    if not facts.position_kind or not facts.kind_of_position:
        return None
    return facts.position_kind == facts.kind_of_position


def _own_unit(facts: RecordFacts, known: Known) -> Verdict:
    return facts.unit_opd_id == facts.opd_id if facts.unit_opd_id else None


def _active_supervisor(facts: RecordFacts, known: Known) -> Verdict:
    return facts.supervisor_state == "active" if facts.supervisor_id else None


def _ordered(facts: RecordFacts, known: Known) -> Verdict:
    start, birth = facts.service_start, facts.birth_date
    later = [day for day in (facts.golongan_since, facts.position_since) if day]
    if start is None or (birth is None and not later):
        return None
    grown = birth is None or start.year - birth.year >= YOUNGEST
    return grown and all(start <= day <= known.day for day in later)


CHECKS: Mapping[str, Check] = {
    "no_birth_date": _present("birth_date"),
    "no_education": _present("education_level"),
    "no_rank": _present("golongan"),
    "no_position": _present("position_id"),
    "no_supervisor": _supervised,
    "no_email": _present("email"),
    "no_start": _present("service_start"),
    "no_skp": _appraised,
    "expired_evidence": _evidence_valid,
    "past_retirement": _not_retired,
    "stale_record": _touched,
    "nip_birth": _nip_birth,
    "nip_sex": _nip_sex,
    "nip_start": _nip_start,
    "unknown_education": _education_known,
    "unknown_rank": _golongan_known,
    "no_standard": _standard,
    "kind_differs": _same_kind,
    "foreign_unit": _own_unit,
    "gone_supervisor": _active_supervisor,
    "date_order": _ordered,
}


@dataclass(frozen=True)
class CheckRule:
    """A check with its place and weight, from the reference table."""

    code: str
    dimension: str
    weight: float
    name: str
    name_en: str


@dataclass(frozen=True)
class Quality:
    """Scores 0 to 100 by dimension, their mean, and the codes of the checks that fail."""

    scores: Mapping[str, float]
    total: float
    failed: tuple[str, ...]


def rules_from(rows: Iterable[Mapping[str, Any]]) -> list[CheckRule]:
    """Return the rules of the reference table that this version knows how to check."""
    return [
        CheckRule(row["code"], row["dimension"], float(row["weight"]), row["name"], row["name_en"])
        for row in rows
        if row["code"] in CHECKS
    ]


def quality_of(facts: RecordFacts, rules: Sequence[CheckRule], known: Known) -> Quality:
    """Return the quality of one record."""
    held = dict.fromkeys(DIMENSIONS, 0.0)
    asked = dict.fromkeys(DIMENSIONS, 0.0)
    failed = []
    for rule in rules:
        verdict = CHECKS[rule.code](facts, known)
        if verdict is None:
            continue
        asked[rule.dimension] += rule.weight
        if verdict:
            held[rule.dimension] += rule.weight
        else:
            failed.append(rule.code)
    scores = {
        name: round(100 * held[name] / asked[name], 2) if asked[name] else 100.0
        for name in DIMENSIONS
    }
    return Quality(scores, round(sum(scores.values()) / len(scores), 2), tuple(failed))


def mean_quality(found: Sequence[Quality]) -> Quality | None:
    """Return the mean of several records; None without any."""
    if not found:
        return None
    count = len(found)
    scores = {name: round(sum(one.scores[name] for one in found) / count, 2) for name in DIMENSIONS}
    return Quality(scores, round(sum(one.total for one in found) / count, 2), ())
