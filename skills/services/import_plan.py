"""What a row of a staff file would change, worked out from values alone."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import Enum, StrEnum
from typing import Any

from app.core.i18n import N_, Message
from app.core.message_json import to_json
from skills.enums import EmploymentKind, EmploymentState
from skills.services.import_places import Place
from skills.siasn.problems import CellProblem, Severity
from skills.siasn.rows import ParsedRow

# Columns of `employee` that a file fills under the same name.
FACTS = (
    "name",
    "title_front",
    "title_back",
    "birth_date",
    "sex",
    "official_email",
    "employment_kind",
    "employment_state",
    "golongan",
    "golongan_since",
    "position_kind",
    "position_since",
    "eselon",
    "education_level",
    "education_field",
    "graduation_year",
    "school",
    "service_start",
)
PLACES = ("opd_id", "unit_id", "position_id")
COLUMNS = FACTS + PLACES
# A blank cell says nothing, except where having none is a fact of its own.
_BLANK_CLEARS = frozenset(("title_front", "title_back", "eselon"))
_FACTS_OF_NEW = ("opd_id", "unit_id", "position_id", "golongan", "employment_kind")
GONE = (EmploymentState.MOVED, EmploymentState.RETIRED, EmploymentState.LEFT)


class Action(StrEnum):
    """What happens to a row."""

    CREATE = "create"
    UPDATE = "update"
    UNCHANGED = "unchanged"
    ERROR = "error"


@dataclass(slots=True)
class Plan:
    """A row with what it would do.

    Args:
        values: columns of `employee` to write. current: the person's columns now, or None.
        before, after: what changes, in words, to be shown and compared at the write.
    """

    number: int
    action: Action
    label: str
    nip: str | None
    problems: list[CellProblem]
    values: dict[str, Any] = field(default_factory=dict)
    current: Mapping[str, Any] | None = None
    before: dict[str, Any] | None = None
    after: dict[str, Any] | None = None
    place: Place | None = None

    @property
    def same_as_shown(self) -> tuple[Any, ...]:
        """What must not differ between the dry run and the write."""
        return (str(self.action), self.before, self.after)

    def as_row(self, batch_id: int) -> dict[str, Any]:
        """Return the columns of `import_row`."""
        return {
            "batch_id": batch_id,
            "number": self.number,
            "action": self.action.value,
            "applied": False,
            "flagged": bool(self.problems),
            "employee_id": self.current["id"] if self.current else None,
            "label": self.label[:200],
            "nip": self.nip,
            "before": self.before,
            "after": self.after,
            "problems": [problem_json(problem) for problem in self.problems] or None,
            "detail": None,
        }


def problem_json(problem: CellProblem) -> dict[str, Any]:
    """Return a finding as JSON."""
    return {
        "field": problem.field,
        "severity": str(problem.severity),
        "message": to_json(problem.message),
    }


def plan_row(row: ParsedRow, current: Mapping[str, Any] | None, place: Place) -> Plan:
    """Return what a row would do to a person, or to nobody yet.

    Args:
        row: without errors of its own. current: the person's columns, with `opd`, `unit` and
            `position` names. place: where the row puts the person.
    """
    plan = Plan(
        number=row.row_number,
        action=Action.ERROR,
        label=row.values.get("name") or row.values.get("nip") or "",
        nip=row.values.get("nip"),
        problems=list(row.problems),
        current=current,
        place=place,
    )
    if place.problem is not None:
        plan.problems.append(place.problem)
        return plan
    wanted = _wanted(row.values, current, place)
    if current is None:
        return _plan_new(plan, wanted, place)
    changed = {name: value for name, value in wanted.items() if current[name] != value}
    plan.values = changed
    plan.action = Action.UPDATE if changed else Action.UNCHANGED
    if changed:
        plan.before, plan.after = _shown(changed, current, place)
        _warn_of_leaving(plan, changed, current)
    return plan


def _wanted(
    values: Mapping[str, Any], current: Mapping[str, Any] | None, place: Place
) -> dict[str, Any]:
    wanted: dict[str, Any] = {}
    for name in FACTS:
        value = values.get(name)
        if value is not None:
            wanted[name] = value.value if isinstance(value, Enum) else value
        elif name in values and name in _BLANK_CLEARS:
            wanted[name] = None
    if place.opd is not None:
        wanted["opd_id"] = place.opd.id
    if place.position is not None:
        wanted["position_id"] = place.position.id
        moved = current is None or current["position_id"] != place.position.id
        if moved and "position_kind" not in wanted:
            wanted["position_kind"] = place.position.kind
    if place.unit is not None:
        wanted["unit_id"] = place.unit.id
    elif current is not None and place.opd is not None and place.opd.id != current["opd_id"]:
        wanted["unit_id"] = None  # the old unit belongs to the old OPD
    return wanted


def _plan_new(plan: Plan, wanted: dict[str, Any], place: Place) -> Plan:
    if place.opd is None:
        plan.problems.append(CellProblem("opd_name", Severity.ERROR, Message(_NO_OPD)))
        return plan
    if wanted.get("employment_kind") is None and not _infer_kind(plan, wanted):
        return plan
    wanted.setdefault("employment_state", EmploymentState.ACTIVE.value)
    plan.values = {name: wanted.get(name) for name in COLUMNS}
    plan.action = Action.CREATE
    facts = {name: wanted[name] for name in _FACTS_OF_NEW if wanted.get(name) is not None}
    plan.after = _shown(facts, dict.fromkeys([*facts, *_NAMES.values()]), place)[1]
    return plan


_NO_OPD = N_("Perangkat daerah kosong; pegawai baru harus punya perangkat daerah.")
_NO_KIND = N_("Jenis pegawai (PNS, CPNS, PPPK) kosong dan tidak terbaca dari golongan.")
_INFERRED = N_("Jenis pegawai kosong; dibaca dari golongan sebagai %(kind)s.")


def _infer_kind(plan: Plan, wanted: dict[str, Any]) -> bool:
    """Fill the kind of employment from the form of the golongan; a NIP is never used for it."""
    golongan = wanted.get("golongan")
    if golongan is None:
        plan.problems.append(CellProblem("employment_kind", Severity.ERROR, Message(_NO_KIND)))
        return False
    kind = EmploymentKind.PNS if "/" in golongan else EmploymentKind.PPPK
    wanted["employment_kind"] = kind.value
    message = Message(_INFERRED, {"kind": kind.value})
    plan.problems.append(CellProblem("employment_kind", Severity.WARNING, message))
    return True


_NAMES = {"opd_id": "opd", "unit_id": "unit", "position_id": "position"}


def _shown(
    changed: Mapping[str, Any], current: Mapping[str, Any], place: Place
) -> tuple[dict[str, Any], dict[str, Any]]:
    """Return before and after of the changed columns in words."""
    before: dict[str, Any] = {}
    after: dict[str, Any] = {}
    for column, value in changed.items():
        name = _NAMES.get(column)
        if name is None:
            before[column], after[column] = plain(current[column]), plain(value)
        else:
            before[name] = current[name]
            named = getattr(place, name)
            after[name] = named.name if named is not None else None
    return before, after


def plain(value: Any) -> Any:
    """Return a value as JSON holds it."""
    return value.isoformat() if isinstance(value, date) else value


_LEAVING = N_(
    "Status menjadi tidak aktif. Akun, kursi, klaim, dan pendaftaran pelatihannya ditutup lewat "
    "daftar tindak lanjut setelah impor."
)


def _warn_of_leaving(plan: Plan, changed: Mapping[str, Any], current: Mapping[str, Any]) -> None:
    if changed.get("employment_state") in GONE and current["employment_state"] not in GONE:
        plan.problems.append(CellProblem("employment_state", Severity.WARNING, Message(_LEAVING)))
