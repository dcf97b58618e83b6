"""Boxes: computed for a period by a method of the reference data, kept with every part."""

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.core import clock
from app.core.actor import Actor
from app.core.audit import record
from app.core.errors import InvalidInput
from app.core.i18n import N_, Message
from matching.box_rules import (
    Axis,
    BoxRules,
    Levels,
    Method,
    Part,
    axis_of,
    level_of,
    numbers,
    possible_boxes,
    predicate_level,
    reachable,
)
from matching.models import TalentAssessment, TalentInput
from matching.queries.talent_facts import Facts, position_requirements, talent_facts
from matching.services.process_rules import process_rules
from matching.services.reference_sets import rows_at
from skills.models import Employee, ReferenceSet
from skills.services.reference_load import reference_rows

INPUT_PARTS = (
    "assessment",
    "awards",
    "assignments",
    "feedback_360",
    "potential",
    "education_field",
)
_QUALIFICATION = ("education_level", "education_field", "assessment", "development")
_SEVERITY = {"light": "RINGAN", "medium": "SEDANG", "heavy": "BERAT", "in_progress": "DALAM_PROSES"}


@dataclass(frozen=True)
class Scales:
    """Points of the reference data."""

    predicates: Mapping[str, tuple[float, int]]  # lower-case name -> points, performance level
    education: Mapping[str, float]
    discipline: Mapping[str, float]
    boxes: Mapping[Levels, int]
    rules: BoxRules


def methods(session: Session) -> list[Method]:
    """Return the methods of the reference data, the default one first."""
    found = [Method.from_row(row) for row in reference_rows(session, "nine_box_methods")]
    return sorted(found, key=lambda method: not method.default)


def find_method(session: Session, code: str | None) -> Method:
    """Return a method, the default one without a code.

    Raises:
        InvalidInput: there is no such method.
    """
    found = methods(session)
    chosen = [method for method in found if method.code == code] if code else found[:1]
    if not chosen:
        raise InvalidInput(N_("Cara penilaian ini tidak ada."), field="method")
    return chosen[0]


def method_used(session: Session, code: str, *, at: datetime | None = None) -> Method:
    """Return the method of a kept result as it was then, whatever became of it later.

    Args:
        at: when the result was computed; None takes the newest version that has the method.

    Raises:
        InvalidInput: no version ever had it.
    """
    for row in rows_at(session, "nine_box_methods", at) if at is not None else ():
        if row["code"] == code:
            return Method.from_row(row)
    sets = session.scalars(
        select(ReferenceSet)
        .where(ReferenceSet.code == "nine_box_methods")
        .order_by((ReferenceSet.state == "in_force").desc(), ReferenceSet.version.desc())
    )
    for kept in sets:
        for row in kept.rows:
            if row["code"] == code:
                return Method.from_row(row)
    raise InvalidInput(N_("Cara penilaian ini tidak ada."), field="method")


def read_scales(session: Session, method: Method) -> Scales:
    """Return the points of predicates, education and discipline, and the numbering."""
    predicates: dict[str, tuple[float, int]] = {}
    for row in reference_rows(session, "skp_predicates"):
        names = [row["code"], row["name"], *_aliases(row.get("aliases"))]
        value = (float(row["talent_points"]), int(row["performance_level"]))
        predicates |= {str(name).lower(): value for name in names}
    return Scales(
        predicates=predicates,
        education=_points(reference_rows(session, "education_levels")),
        discipline=_points(reference_rows(session, "discipline_levels")),
        boxes=numbers(reference_rows(session, "nine_box"), method.numbering),
        rules=process_rules(session).box,
    )


def _aliases(value: Any) -> list[str]:
    if isinstance(value, str):
        return [item for item in value.split("|") if item]
    return list(value or [])


def _points(rows: Iterable[Mapping[str, Any]]) -> dict[str, float]:
    return {
        str(row["code"]): float(row["talent_points"])
        for row in rows
        if row["talent_points"] not in (None, "")
    }


def compute_period(
    session: Session, *, actor: Actor, period: int, method_code: str | None = None
) -> int:
    """Compute the box of everybody in service for a year; return how many were written.

    A computation again replaces the numbers and keeps what calibration decided beside them.

    Raises:
        InvalidInput: no such method, or a year that has not begun.
    """
    if not 2000 <= period <= clock.today().year:
        raise InvalidInput(N_("Periode tidak sah."), field="period")
    method = find_method(session, method_code)
    scales = read_scales(session, method)
    # Levels are those of today, so they are held against the standards of today.
    asked = position_requirements(session, clock.today())
    facts = talent_facts(session, period=period, skp_years=method.skp_years)
    known = {
        row.employee_id: row
        for row in session.scalars(
            select(TalentAssessment).where(
                TalentAssessment.period == period, TalentAssessment.method_code == method.code
            )
        )
    }
    digest = hashlib.sha256(
        json.dumps(
            [asdict(method), sorted(scales.boxes.items()), asdict(scales.rules)], default=str
        ).encode()
    ).hexdigest()
    for person, fact in facts.items():
        row = known.get(person)
        if row is None:
            row = TalentAssessment(employee_id=person, period=period, method_code=method.code)
            session.add(row)
        result = assess(fact, method, scales, asked.get(fact.position_id or 0, {}), period)
        for name, value in {**result, "opd_id": fact.opd_id, "method_hash": digest}.items():
            setattr(row, name, value)
        row.computed_at = clock.now()
    session.flush()
    record(
        session,
        "matching:talent:compute",
        None,
        period=period,
        method=method.code,
        method_hash=digest,
        written=len(facts),
    )
    return len(facts)


def assess(
    fact: Facts,
    method: Method,
    scales: Scales,
    asked: Mapping[int, tuple[int, float]],
    period: int,
) -> dict[str, Any]:
    """Return box, axes and parts of one person, as an assessment keeps them."""
    points = _all_points(fact, scales, asked, period)
    performance = _parts(method.performance_weights, points)
    potential = _parts(method.potential_weights, points)
    least = scales.rules.least_known
    y, x = axis_of(performance, least), axis_of(potential, least)
    y_level, y_reach = _performance_level(fact, method, scales, y)
    x_level = None if x.value is None else level_of(x.value, method)
    known = [points[code][0] for code in _QUALIFICATION if points.get(code, (None,))[0] is not None]
    both = y_level is not None and x_level is not None
    return {
        "performance": y.value,
        "potential": x.value,
        "performance_level": y_level,
        "potential_level": x_level,
        "box": scales.boxes[y_level, x_level] if both else None,  # type: ignore[index]
        "possible_boxes": possible_boxes(y_reach, x, method, scales.boxes),
        "qualification": sum(known) / len(known) if known else None,  # type: ignore[arg-type]
        "parts": [
            {"axis": axis, **asdict(part)}
            for axis, parts in (("performance", performance), ("potential", potential))
            for part in parts
        ],
    }


def _performance_level(
    fact: Facts, method: Method, scales: Scales, axis: Axis
) -> tuple[int | None, Sequence[int]]:
    if not method.from_predicate:
        level = None if axis.value is None else level_of(axis.value, method)
        return level, reachable(axis, method)
    levels = [
        scales.predicates[p.lower()][1] for _, p in fact.skp if p.lower() in scales.predicates
    ]
    level = predicate_level(levels)
    return level, [level] if level else [1, 2, 3]


Points = tuple[float | None, str]


def _parts(weights: Mapping[str, float], points: Mapping[str, Points]) -> list[Part]:
    return [
        Part(code, float(weight), *points.get(code, (None, ""))) for code, weight in weights.items()
    ]


def _all_points(
    fact: Facts, scales: Scales, asked: Mapping[int, tuple[int, float]], period: int
) -> dict[str, Points]:
    found: dict[str, Points] = {
        "skp": _skp(fact, scales),
        "assessment": _competence(fact, asked),
        "development": _development(fact, scales.rules.jp_a_year),
        "experience": _experience(fact, period, scales.rules.full_experience_years),
        "education_level": (
            scales.education.get(fact.education_level or ""),
            fact.education_level or "",
        ),
        "discipline": _discipline(fact, scales),
    }
    # What an assessment centre or another system measured goes before what is derived here.
    return found | {part: (points, source) for part, (points, source) in fact.inputs.items()}


def _skp(fact: Facts, scales: Scales) -> Points:
    known = [
        (year, name, scales.predicates[name.lower()][0])
        for year, name in fact.skp
        if name.lower() in scales.predicates
    ]
    if not known:
        return None, ""
    note = ", ".join(f"{year}: {name}" for year, name, _ in known)
    return sum(points for *_, points in known) / len(known), note


def _competence(fact: Facts, asked: Mapping[int, tuple[int, float]]) -> Points:
    total = sum(weight for _, weight in asked.values())
    if not total or not fact.levels:
        return None, ""
    met = sum(
        weight * min(1.0, fact.levels.get(item, 0) / level)
        for item, (level, weight) in asked.items()
    )
    return 100.0 * met / total, f"{sum(item in fact.levels for item in asked)}/{len(asked)}"


def _development(fact: Facts, full: float) -> Points:
    if fact.jp is None:
        return None, ""
    return min(100.0, 100.0 * fact.jp / full), f"{fact.jp} JP"


def _experience(fact: Facts, period: int, full: float) -> Points:
    if fact.first_position is None:
        return None, ""
    years = (date(period, 12, 31) - fact.first_position).days / 365.25
    return min(100.0, 100.0 * years / full), f"{int(years)}"


def _discipline(fact: Facts, scales: Scales) -> Points:
    codes = [_SEVERITY[severity] for severity in fact.penalties] or ["TIDAK_ADA"]
    return min(scales.discipline[code] for code in codes), ""


def record_inputs(session: Session, *, actor: Actor, rows: Sequence[Mapping[str, str]]) -> int:
    """Take over points measured elsewhere; the same person, period and part is replaced.

    Args:
        rows: nip, period, part, points (0 to 100) and source.

    Raises:
        InvalidInput: a row that names nobody, no part, or points outside 0 to 100.
    """
    nips = [row["nip"] for row in rows]
    people = {
        row.nip: row.id
        for row in session.execute(select(Employee.nip, Employee.id).where(Employee.nip.in_(nips)))
    }
    touched = []
    for number, row in enumerate(rows, start=1):
        points = _number(row.get("points"))
        good = row["nip"] in people and row.get("part") in INPUT_PARTS and row.get("source")
        if not good or points is None or not str(row.get("period")).isdigit():
            raise InvalidInput(Message(N_("Baris %(number)s tidak sah."), {"number": number}))
        key = {"employee_id": people[row["nip"]], "period": int(row["period"]), "part": row["part"]}
        known = session.scalar(select(TalentInput).filter_by(**key)) or TalentInput(**key)
        known.points, known.source = points, row["source"][:200]
        known.recorded_at, known.recorded_by_id = clock.now(), actor.account_id
        session.add(known)
        touched.append(key["employee_id"])
    session.flush()
    record(session, "matching:talent:input", None, people=touched, rows=len(rows))
    return len(rows)


def _number(text: str | None) -> float | None:
    try:
        value = float((text or "").replace(",", "."))
    except ValueError:
        return None
    return value if 0 <= value <= 100 else None
