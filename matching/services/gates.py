"""Gates of a role: mandatory criteria that include or exclude with a reason and a count.

They are apart from the scores. What a gate needs and does not know does not pass it; the count
tells how many that concerns, so that unknown is never taken for absent.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

import numpy as np
from numpy.typing import NDArray

from app.core.i18n import N_, Message
from matching.queries.pool import Person
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

    @classmethod
    def from_role(cls, values: Mapping[str, Any]) -> "Gates":
        """Read the gates stored with a role."""
        golongan = values.get("golongan_min") or {}
        return cls(
            employment_kinds=tuple(values.get("employment_kinds") or ()),
            golongan_min=tuple(sorted(golongan.items())),
            education_min=values.get("education_min") or None,
            service_years_min=int(values.get("service_years_min") or 0),
            discipline_clean_years=int(values.get("discipline_clean_years") or 0),
            months_to_retirement_min=int(values.get("months_to_retirement_min") or 0),
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


Known = tuple[bool, bool]  # (passes, is known)


def apply_gates(people: Sequence[Person], gates: Gates, scales: Scales, day: date) -> GateResult:
    """Apply the gates in a fixed order and count what each leaves."""
    passes = np.ones(len(people), bool)
    steps = []
    for name, label, rule in _rules(gates, scales, day):
        answers = [rule(person) for person in people]
        yes = np.fromiter((answer[0] for answer in answers), bool, len(people))
        known = np.fromiter((answer[1] for answer in answers), bool, len(people))
        before = passes
        passes = passes & yes
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
    person: Person, gates: Gates, scales: Scales, day: date
) -> list[tuple[Message, bool, bool]]:
    """Return, for one person, each gate with whether it is passed and whether it is known."""
    return [(label, *rule(person)) for _name, label, rule in _rules(gates, scales, day)]


def _rules(
    gates: Gates, scales: Scales, day: date
) -> list[tuple[str, Message, Callable[[Person], Known]]]:
    made: list[tuple[str, Message, Callable[[Person], Known]]] = []
    if gates.opd_id is not None:
        made.append(
            (
                "opd_id",
                Message(N_("Dari OPD yang sama")),
                lambda p: (p.opd_id == gates.opd_id, True),
            )
        )
    if gates.employment_kinds:
        kinds = Message(N_("Status %(kinds)s"), {"kinds": ", ".join(gates.employment_kinds)})
        made.append(("employment_kinds", kinds, _kind_rule(gates)))
    if gates.golongan_min:
        least = Message(
            N_("Golongan paling rendah %(least)s"),
            {"least": ", ".join(f"{rank} ({kind})" for kind, rank in gates.golongan_min)},
        )
        made.append(("golongan_min", least, _golongan_rule(gates, scales)))
    if gates.education_min:
        level = Message(N_("Pendidikan paling rendah %(level)s"), {"level": gates.education_min})
        made.append(("education_min", level, _education_rule(gates, scales)))
    return made + _time_rules(gates, day)


def _time_rules(gates: Gates, day: date) -> list[tuple[str, Message, Callable[[Person], Known]]]:
    made: list[tuple[str, Message, Callable[[Person], Known]]] = []
    if gates.service_years_min:
        label = Message(
            N_("Masa kerja paling sedikit %(years)s tahun"), {"years": gates.service_years_min}
        )
        made.append(("service_years_min", label, _service_rule(gates, day)))
    if gates.discipline_clean_years:
        label = Message(
            N_("Tanpa hukuman disiplin dalam %(years)s tahun"),
            {"years": gates.discipline_clean_years},
        )
        made.append(("discipline_clean_years", label, _discipline_rule(gates, day)))
    if gates.months_to_retirement_min:
        label = Message(
            N_("Pensiun paling cepat %(months)s bulan lagi"),
            {"months": gates.months_to_retirement_min},
        )
        made.append(("months_to_retirement_min", label, _retirement_rule(gates, day)))
    return made


def base_kind(kind: str) -> str:
    """Return PNS for a CPNS: the ranks of the two are the same."""
    return "PNS" if kind == "CPNS" else kind


def _kind_rule(gates: Gates) -> Callable[[Person], Known]:
    return lambda p: (base_kind(p.employment_kind) in gates.employment_kinds, True)


def _golongan_rule(gates: Gates, scales: Scales) -> Callable[[Person], Known]:
    least = {kind: scales.golongan.get((kind, rank), 0) for kind, rank in gates.golongan_min}

    def rule(person: Person) -> Known:
        kind = base_kind(person.employment_kind)
        if kind not in least:
            return True, True
        order = scales.golongan.get((kind, person.golongan or ""))
        return (order is not None and order >= least[kind]), order is not None

    return rule


def _education_rule(gates: Gates, scales: Scales) -> Callable[[Person], Known]:
    least = scales.education.get(gates.education_min or "", 0)

    def rule(person: Person) -> Known:
        order = scales.education.get(person.education_level or "")
        return (order is not None and order >= least), order is not None

    return rule


def _service_rule(gates: Gates, day: date) -> Callable[[Person], Known]:
    limit = years_before(day, gates.service_years_min)

    def rule(person: Person) -> Known:
        start = person.service_start
        return (start is not None and start <= limit), start is not None

    return rule


def _discipline_rule(gates: Gates, day: date) -> Callable[[Person], Known]:
    limit = years_before(day, gates.discipline_clean_years)

    def rule(person: Person) -> Known:
        clean = person.clean_since is None or person.clean_since <= limit
        return clean and not person.in_discipline, True

    return rule


def _retirement_rule(gates: Gates, day: date) -> Callable[[Person], Known]:
    def rule(person: Person) -> Known:
        leaves = person.retirement_date
        if leaves is None:
            return True, False
        months = (leaves.year - day.year) * 12 + leaves.month - day.month
        return months >= gates.months_to_retirement_min, True

    return rule
