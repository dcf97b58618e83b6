"""Gates of a role: mandatory criteria that include or exclude with a reason and a count.

They are apart from the scores. What a gate needs and does not know does not pass it; the count
tells how many that concerns, so that unknown is never taken for absent.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

import numpy as np
from numpy.typing import NDArray

from app.core.i18n import N_, Message
from matching.queries.facts import Facts, HasFacts, facts_of, field_code, lookup, word_code
from skills.rules import years_before

Mask = NDArray[np.bool_]


@dataclass(frozen=True)
class Scales:
    """Orders of the reference data that gates compare by."""

    golongan: Mapping[tuple[str, str], int]  # (PNS or PPPK, golongan) -> order
    education: Mapping[str, int]  # level code -> order


@dataclass(frozen=True)
class Gates:
    """Mandatory criteria; what is empty or None does not exclude anybody."""

    employment_kinds: tuple[str, ...] = ()
    golongan_min: tuple[tuple[str, str], ...] = ()  # (kind, golongan)
    education_min: str | None = None
    service_years_min: int = 0
    discipline_clean_years: int = 0
    opd_id: int | None = None  # only people of this OPD
    months_to_retirement_min: int = 0
    golongan_max: tuple[tuple[str, str], ...] = ()  # (kind, golongan)
    education_fields: tuple[str, ...] = ()  # one of these fields of study

    @classmethod
    def from_role(cls, values: Mapping[str, Any]) -> "Gates":
        """Read the gates stored with a role."""
        golongan, highest = values.get("golongan_min") or {}, values.get("golongan_max") or {}
        return cls(
            employment_kinds=tuple(values.get("employment_kinds") or ()),
            golongan_min=tuple(sorted(golongan.items())),
            education_min=values.get("education_min") or None,
            service_years_min=int(values.get("service_years_min") or 0),
            discipline_clean_years=int(values.get("discipline_clean_years") or 0),
            months_to_retirement_min=int(values.get("months_to_retirement_min") or 0),
            golongan_max=tuple(sorted(highest.items())),
            education_fields=tuple(values.get("education_fields") or ()),
        )

    def without(self, name: str) -> "Gates":
        """Return the gates without one of them."""
        return replace(self, **{name: getattr(Gates(), name)})


@dataclass(frozen=True)
class GateStep:
    """One gate in the order applied: its words, how many it leaves, how many it did not know."""

    name: str
    label: Message
    remaining: int
    removed: int
    unknown: int


@dataclass(frozen=True)
class GateResult:
    """Who passes all gates, and per gate what it left."""

    passes: Mask
    steps: Sequence[GateStep]

    @property
    def emptied_by(self) -> GateStep | None:
        """The first gate that left nobody, or None."""
        return next((step for step in self.steps if step.remaining == 0), None)


Answer = tuple[Mask, Mask]  # per person: passes, is known
Rule = tuple[str, Message, Callable[[Facts], Answer]]


def apply_gates(facts: Facts, gates: Gates, scales: Scales, day: date) -> GateResult:
    """Apply the gates in a fixed order and count what each leaves.

    Args:
        facts: packed facts of the pool, (n_people,).
    """
    passes = np.ones(len(facts), bool)
    steps = []
    for name, label, rule in _rules(gates, scales, day):
        yes, known = rule(facts)
        before, passes = passes, passes & yes
        steps.append(
            GateStep(
                name=name,
                label=label,
                remaining=int(passes.sum()),
                removed=int((before & ~yes).sum()),
                unknown=int((before & ~known).sum()),
            )
        )
    return GateResult(passes, steps)


def gates_passed(
    people: Sequence[HasFacts], gates: Gates, scales: Scales, day: date
) -> list[list[tuple[Message, bool, bool]]]:
    """Return, for each person, each gate with whether it is passed and whether it is known."""
    facts = facts_of(people)
    answers: list[list[tuple[Message, bool, bool]]] = [[] for _person in people]
    for _name, label, rule in _rules(gates, scales, day):
        yes, known = rule(facts)
        for found, passed, sure in zip(answers, yes.tolist(), known.tolist(), strict=True):
            found.append((label, passed, sure))
    return answers


def gate_labels(gates: Gates, day: date) -> dict[str, Message]:
    """Return the words of each gate by its name."""
    return {name: label for name, label, _rule in _rules(gates, Scales({}, {}), day)}


def _rules(gates: Gates, scales: Scales, day: date) -> Iterator[Rule]:
    if gates.opd_id is not None:
        yield "opd_id", Message(N_("Dari OPD yang sama")), _same_opd(gates.opd_id)
    if gates.employment_kinds:
        kinds = Message(N_("Status %(kinds)s"), {"kinds": ", ".join(gates.employment_kinds)})
        yield "employment_kinds", kinds, _kind_rule(gates.employment_kinds)
    if gates.golongan_min:
        least = ", ".join(f"{rank} ({kind})" for kind, rank in gates.golongan_min)
        label = Message(N_("Golongan paling rendah %(least)s"), {"least": least})
        yield "golongan_min", label, _golongan_rule(gates.golongan_min, scales)
    if gates.golongan_max:
        most = ", ".join(f"{rank} ({kind})" for kind, rank in gates.golongan_max)
        label = Message(N_("Golongan paling tinggi %(most)s"), {"most": most})
        yield "golongan_max", label, _golongan_rule(gates.golongan_max, scales, highest=True)
    if gates.education_min:
        level = Message(N_("Pendidikan paling rendah %(level)s"), {"level": gates.education_min})
        yield "education_min", level, _education_rule(gates.education_min, scales)
    if gates.education_fields:
        fields = Message(
            N_("Bidang pendidikan %(fields)s"), {"fields": ", ".join(gates.education_fields)}
        )
        yield "education_fields", fields, _field_rule(gates.education_fields)
    yield from _time_rules(gates, day)


def _time_rules(gates: Gates, day: date) -> Iterator[Rule]:
    if gates.service_years_min:
        label = Message(
            N_("Masa kerja paling sedikit %(years)s tahun"), {"years": gates.service_years_min}
        )
        yield "service_years_min", label, _service_rule(gates.service_years_min, day)
    if gates.discipline_clean_years:
        label = Message(
            N_("Tanpa hukuman disiplin dalam %(years)s tahun"),
            {"years": gates.discipline_clean_years},
        )
        yield "discipline_clean_years", label, _discipline_rule(gates.discipline_clean_years, day)
    if gates.months_to_retirement_min:
        label = Message(
            N_("Pensiun paling cepat %(months)s bulan lagi"),
            {"months": gates.months_to_retirement_min},
        )
        yield (
            "months_to_retirement_min",
            label,
            _retirement_rule(gates.months_to_retirement_min, day),
        )


def _same_opd(opd_id: int) -> Callable[[Facts], Answer]:
    return lambda facts: (facts["opd"] == opd_id, np.ones(len(facts), bool))


def _kind_rule(kinds: Sequence[str]) -> Callable[[Facts], Answer]:
    codes = [word_code(kind) for kind in kinds]
    return lambda facts: (np.isin(facts["kind"], codes), np.ones(len(facts), bool))


def _golongan_rule(
    limits: Sequence[tuple[str, str]], scales: Scales, *, highest: bool = False
) -> Callable[[Facts], Answer]:
    def rule(facts: Facts) -> Answer:
        yes, known = np.ones(len(facts), bool), np.ones(len(facts), bool)
        for kind, rank in limits:
            orders = {word: at for (of, word), at in scales.golongan.items() if of == kind}
            order = lookup(facts["golongan"], orders)
            concerned = facts["kind"] == word_code(kind)
            limit = orders.get(rank, 0)
            within = (order <= limit) if highest else (order >= limit)
            yes &= ~concerned | ((order > 0) & within)
            known &= ~concerned | (order > 0)
        return yes, known

    return rule


def _education_rule(level: str, scales: Scales) -> Callable[[Facts], Answer]:
    least = scales.education.get(level, 0)

    def rule(facts: Facts) -> Answer:
        order = lookup(facts["education"], scales.education)
        return (order > 0) & (order >= least), order > 0

    return rule


def _field_rule(fields: Sequence[str]) -> Callable[[Facts], Answer]:
    codes = [field_code(field) for field in fields]
    unknown = field_code(None)
    return lambda facts: (np.isin(facts["field"], codes), facts["field"] != unknown)


def _service_rule(years: int, day: date) -> Callable[[Facts], Answer]:
    limit = years_before(day, years).toordinal()

    def rule(facts: Facts) -> Answer:
        start = facts["service_start"]
        return (start > 0) & (start <= limit), start > 0

    return rule


def _discipline_rule(years: int, day: date) -> Callable[[Facts], Answer]:
    limit = years_before(day, years).toordinal()

    def rule(facts: Facts) -> Answer:
        clean = facts["clean_since"] <= limit  # 0: never had a penalty
        return clean & ~facts["in_discipline"], np.ones(len(facts), bool)

    return rule


def _retirement_rule(months: int, day: date) -> Callable[[Facts], Answer]:
    # Whole months count, as they do for the pension: somebody who leaves in month m passes for
    # all of m. A date that is not known does not exclude anybody.
    first = _month_start(day, months).toordinal()

    def rule(facts: Facts) -> Answer:
        leaves = facts["retirement"]
        return (leaves == 0) | (leaves >= first), leaves > 0

    return rule


def _month_start(day: date, months: int) -> date:
    number = day.year * 12 + day.month - 1 + months
    return date(number // 12, number % 12 + 1, 1)
