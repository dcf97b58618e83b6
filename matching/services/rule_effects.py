"""What a change of rules would do today, computed and not written."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.core import clock
from app.core.i18n import N_, Message
from matching.box_rules import Method
from matching.models import Decision, Placement, TalentAssessment
from matching.queries.pool import current_pool
from matching.queries.seats import roles_in_force
from matching.queries.talent_facts import position_requirements, talent_facts
from matching.role_rules import thin_reasons
from matching.rules import believed_levels, group_counts
from matching.scoring import score_people
from matching.services.letters import letter_texts
from matching.services.model import columns_of
from matching.services.panel import begun_panels
from matching.services.process_rules import box_rules, process_rules
from matching.services.reference_sets import Rows
from matching.services.scoring_rules import scoring_rules
from matching.services.succession import coverage_of
from matching.services.talent_box import Scales, assess, methods, read_scales
from skills.queries.standards import requirements_of
from skills.services.vectors import vector_width

_RUNS = 100  # drawings of a forecast that only shows a direction


@dataclass(frozen=True)
class Effect:
    """One figure as it is and as it would be."""

    label: Message
    before: float | str
    after: float | str

    @property
    def differs(self) -> bool:
        """Whether the change is seen in it."""
        return self.before != self.after


def effects_of(session: Session, code: str, rows: Rows) -> list[Effect]:
    """Return what a table of rules would change, were it in force today."""
    return _EFFECTS[code](session, rows)


def _numbers(rows: Rows) -> dict[str, float]:
    return {str(row["code"]): float(row["value"]) for row in rows}


def _of_scoring(session: Session, rows: Rows) -> list[Effect]:
    new, old = _numbers(rows), scoring_rules(session)
    before = _groups(session, old.cuts, old.claim_confidence)
    after = _groups(session, (new["cut_meets"], new["cut_near"]), new["claim_confidence"])
    words = {
        "meets": N_("Orang yang memenuhi, dijumlahkan atas semua peran"),
        "near": N_("Orang yang hampir memenuhi"),
        "below": N_("Orang yang belum memenuhi"),
    }
    found = [Effect(Message(text), before[key], after[key]) for key, text in words.items()]
    words_asked = process_rules(session).least_words
    thin = (
        _thin(session, least, words_asked)
        for least in (old.least_requirements, int(new["least_requirements"]))
    )
    return [*found, Effect(Message(_THIN), *thin)]


_THIN = N_("Peran yang ditandai terlalu tipis untuk diurutkan")


def _groups(session: Session, cuts: tuple[float, float], share: float) -> dict[str, int]:
    pool, columns = current_pool(session, width=vector_width(session)), columns_of(session)
    total = {"meets": 0, "near": 0, "below": 0}
    for role in roles_in_force(session):
        asked = [item for item in requirements_of(role.standard) if item.weight > 0]
        if not asked:
            continue
        at = [columns[item.competency_id] for item in asked]
        levels, trust = believed_levels(
            pool.verified[:, at], pool.claimed[:, at], claim_confidence=share
        )
        required = np.array([item.level for item in asked], np.uint8)
        weights = np.array([item.weight for item in asked], np.float64)
        for key, count in group_counts(
            score_people(levels, required, weights, trust), cuts
        ).items():
            total[key] += count
    return total


def _thin(session: Session, least_requirements: int, least_words: int) -> int:
    return sum(
        bool(
            thin_reasons(
                requirements_of(role.standard),
                role.text,
                least_requirements=least_requirements,
                least_words=least_words,
            )
        )
        for role in roles_in_force(session)
    )


def _of_process(session: Session, rows: Rows) -> list[Effect]:
    new, old = _numbers(rows), process_rules(session)
    least = scoring_rules(session).least_requirements
    days = max(new[f"remind_{place}"] for place in ("first", "second", "third"))
    rates = (old.transfer_rate, new["transfer_percent"] / 100)
    found = [
        Effect(
            Message(_THIN),
            _thin(session, least, old.least_words),
            _thin(session, least, int(new["least_words"])),
        ),
        Effect(
            Message(N_("Penempatan dalam jangka pengingat hari ini")),
            _ending(session, max(old.remind_days)),
            _ending(session, int(days)),
        ),
        Effect(
            Message(N_("Peluang kursi terisi lima tahun lagi, rata-rata (persen)")),
            *(_mean_cover(session, rate) for rate in rates),
        ),
    ]
    method = methods(session)[0]
    scales = read_scales(session, method)
    return found + _boxes(
        session, (method, scales), (method, replace(scales, rules=box_rules(new)))
    )


def _ending(session: Session, days: int) -> int:
    today = clock.today()
    ends = session.scalars(
        select(Placement.planned_until).where(
            Placement.until.is_(None), Placement.planned_until >= today
        )
    )
    return sum((day - today).days <= days for day in ends if day is not None)


def _mean_cover(session: Session, rate: float) -> float:
    rows = coverage_of(session, rate=rate, runs=_RUNS)
    return round(100 * float(np.mean([row.covered[-1] for row in rows])), 1) if rows else 0.0


def _of_methods(session: Session, rows: Rows) -> list[Effect]:
    known = {method.code: method for method in methods(session)}
    found: list[Effect] = []
    for row in rows:
        method = Method.from_row(row)
        old = known.get(method.code)
        if old is not None and old != method:
            ways = ((way, read_scales(session, way)) for way in (old, method))
            found += _boxes(session, *ways)
    return found


_Way = tuple[Method, Scales]


def _boxes(session: Session, old: _Way, new: _Way) -> list[Effect]:
    """Compute the boxes of the last period both ways, from what is known today."""
    period = session.scalar(
        select(func.max(TalentAssessment.period)).where(TalentAssessment.method_code == new[0].code)
    )
    if period is None:
        return []
    before, after = (_boxes_of(session, way, period) for way in (old, new))
    told: dict[str, object] = {"method": new[0].code, "period": period}
    moved = sum(after[person] != box for person, box in before.items())
    return [
        Effect(
            Message(N_("%(method)s %(period)s: orang yang berkotak"), told),
            *(sum(box is not None for box in boxes.values()) for boxes in (before, after)),
        ),
        Effect(
            Message(N_("%(method)s %(period)s: orang di kotak kelompok talenta"), told),
            *(
                sum(box in way[0].pool_boxes for box in boxes.values())
                for way, boxes in ((old, before), (new, after))
            ),
        ),
        Effect(Message(N_("%(method)s %(period)s: orang yang pindah kotak"), told), 0, moved),
    ]


def _boxes_of(session: Session, way: _Way, period: int) -> dict[int, int | None]:
    method, scales = way
    asked = position_requirements(session, clock.today())
    facts = talent_facts(session, period=period, skp_years=method.skp_years)
    return {
        person: assess(fact, method, scales, asked.get(fact.position_id or 0, {}), period)["box"]
        for person, fact in facts.items()
    }


def _of_criteria(session: Session, rows: Rows) -> list[Effect]:
    begun = begun_panels(session)
    text = N_("Panel yang sudah mulai menilai dan tetap memakai kriteria lamanya")
    return [Effect(Message(text), begun, begun)]


def _of_letter(session: Session, rows: Rows) -> list[Effect]:
    texts = {str(row["code"]): str(row["value"]) for row in rows}
    year, old = clock.today().year, letter_texts(session)
    kept = session.scalar(select(func.count(Decision.id))) or 0
    return [
        Effect(
            Message(N_("Contoh nomor")),
            *(pattern.format(number=1, year=year) for pattern in _patterns(old, texts)),
        ),
        Effect(Message(N_("Keputusan lama yang tetap memakai kata-kata lamanya")), kept, kept),
    ]


def _patterns(old: Mapping[str, str], new: Mapping[str, str]) -> Sequence[str]:
    return old["number_pattern"], new["number_pattern"]


_EFFECTS: Mapping[str, Callable[[Session, Any], list[Effect]]] = {
    "scoring_rules": _of_scoring,
    "process_rules": _of_process,
    "nine_box_methods": _of_methods,
    "panel_criteria": _of_criteria,
    "letter": _of_letter,
}
