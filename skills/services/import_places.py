"""OPD, units and positions by the names that a staff file uses; new ones are made as needed."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.core import clock
from app.core.audit import record
from app.core.i18n import N_, Message
from skills.enums import PositionKind
from skills.models import Opd, Position, Unit
from skills.siasn.problems import CellProblem, Severity
from skills.siasn.terms import position_kind_of_eselon

NEW = "new"
_SPACES = re.compile(r"[\s.,/()'\"-]+")
_CITY = re.compile(r" (?:kota|pemerintah kota) \w+$")
_FUNCTIONAL = (
    ("ahli utama", "JF_AHLI_UTAMA"),
    ("ahli madya", "JF_AHLI_MADYA"),
    ("ahli muda", "JF_AHLI_MUDA"),
    ("ahli pertama", "JF_AHLI_PERTAMA"),
    ("penyelia", "JF_PENYELIA"),
    ("mahir", "JF_MAHIR"),
    ("terampil", "JF_TERAMPIL"),
    ("pemula", "JF_PEMULA"),
)
_CLASS_OF_KIND = {
    PositionKind.ADMINISTRATOR: "ADMINISTRATOR",
    PositionKind.PENGAWAS: "PENGAWAS",
    PositionKind.PELAKSANA: "PELAKSANA",
}
_UNKNOWN_OPD = N_(
    'Perangkat daerah "%(name)s" belum dikenal. Petakan ke perangkat daerah yang ada, atau buat '
    "baru."
)


def name_key(text: str) -> str:
    """Return a name without case, punctuation and the city's name at its end."""
    plain = _SPACES.sub(" ", text).strip().casefold()
    return _CITY.sub("", plain)


def position_class(name: str, kind: str, eselon: str | None) -> str | None:
    """Return the class of a position, which decides its managerial standard; None where unsure."""
    if kind == PositionKind.JPT:
        return "JPT_MADYA" if (eselon or "").startswith("I.") else "JPT_PRATAMA"
    if kind == PositionKind.FUNGSIONAL:
        plain = name.casefold()
        return next((code for words, code in _FUNCTIONAL if words in plain), None)
    return _CLASS_OF_KIND.get(PositionKind(kind))


@dataclass(frozen=True, slots=True)
class Named:
    """Id and name of an OPD, unit or position; a negative id is one that a dry run would make."""

    id: int
    name: str
    kind: str | None = None


@dataclass(slots=True)
class Place:
    """Where a row puts a person; None where the row does not say."""

    opd: Named | None = None
    unit: Named | None = None
    position: Named | None = None
    problem: CellProblem | None = None


@dataclass
class Places:
    """All names known so far, with those that the file adds.

    Args:
        choices: what a person chose for an unknown OPD name: its id, or `new`.
        create: make what is missing (write); otherwise only count it (dry run).
    """

    choices: Mapping[str, int | str]
    create: bool
    opds: dict[str, Named] = field(default_factory=dict)
    units: dict[tuple[int, str], Named] = field(default_factory=dict)
    unit_codes: dict[tuple[int, str], Named] = field(default_factory=dict)
    unit_opds: dict[str, int | None] = field(default_factory=dict)
    positions: dict[str, Named] = field(default_factory=dict)
    names: dict[tuple[str, int], str] = field(default_factory=dict)
    unknown: dict[str, dict[str, Any]] = field(default_factory=dict)
    made: dict[str, list[int]] = field(
        default_factory=lambda: {"opd": [], "unit": [], "position": []}
    )
    _next: int = -1

    def load(self, session: Session) -> None:
        """Read what exists: three statements."""
        merged: dict[int, int] = {}
        rows = session.execute(
            select(Opd.id, Opd.name, Opd.short_name, Opd.code, Opd.merged_into_id).order_by(Opd.id)
        ).all()
        for row in rows:
            self._know("opd", Named(row.id, row.name))
            if row.merged_into_id is not None:
                merged[row.id] = row.merged_into_id
        for row in rows:
            named = self.named("opd", _last(row.id, merged))
            for text in (row.name, row.short_name, row.code):
                self.opds.setdefault(name_key(text), named)
        for unit in session.execute(select(Unit.id, Unit.opd_id, Unit.name, Unit.code)):
            self._add_unit(Named(unit.id, unit.name), unit.opd_id, unit.code)
        for position in session.execute(select(Position.id, Position.name, Position.kind)):
            named = Named(position.id, position.name, position.kind)
            self._know("position", named)
            self.positions.setdefault(name_key(position.name), named)

    def named(self, table: str, number: int) -> Named:
        """Return id and name of something known."""
        return Named(number, self.names.get((table, number), ""))

    def prepare(self, session: Session, rows: Iterable[Mapping[str, Any]]) -> None:
        """Make (or count) the OPD, units and positions that some rows name and nobody knows.

        Args:
            rows: values of parsed rows without errors.
        """
        rows = list(rows)
        self._prepare_opds(session, rows)
        self._prepare_units(session, rows)
        self._prepare_positions(session, rows)

    def resolve(self, values: Mapping[str, Any], home: int | None) -> Place:
        """Return the place of a row.

        Args:
            values: of the parsed row. home: id of the person's present OPD, or None.
        """
        place = Place()
        name = values.get("opd_name")
        if name:
            place.opd = self.opd_of(name)
            if place.opd is None:
                place.problem = self._unknown(name)
                return place
        elif home is None:
            place.opd = self._opd_by_unit(values)
        opd_id = place.opd.id if place.opd else home
        if opd_id is not None:
            place.unit = self._unit(opd_id, values)
        if values.get("position_name"):
            place.position = self.positions.get(name_key(values["position_name"]))
        return place

    def opd_of(self, name: str) -> Named | None:
        """Return the OPD of a name, a choice of a person first, or None."""
        key = name_key(name)
        chosen = self.choices.get(key)
        if isinstance(chosen, int):
            return self.named("opd", chosen)
        return self.opds.get(key)

    def _unknown(self, name: str) -> CellProblem:
        entry = self.unknown.setdefault(name_key(name), {"name": name, "rows": 0})
        entry["rows"] += 1
        return CellProblem("opd_name", Severity.ERROR, Message(_UNKNOWN_OPD, {"name": name}))

    def _opd_by_unit(self, values: Mapping[str, Any]) -> Named | None:
        number = self.unit_opds.get(name_key(values.get("unit_name") or ""))
        return self.named("opd", number) if number is not None else None

    def _unit(self, opd_id: int, values: Mapping[str, Any]) -> Named | None:
        code, name = values.get("unit_code"), values.get("unit_name")
        if code and (opd_id, code) in self.unit_codes:
            return self.unit_codes[opd_id, code]
        return self.units.get((opd_id, name_key(name))) if name else None

    def _know(self, table: str, named: Named) -> None:
        self.names[table, named.id] = named.name

    def _add_unit(self, unit: Named, opd_id: int, code: str | None) -> None:
        self._know("unit", unit)
        key = name_key(unit.name)
        self.units.setdefault((opd_id, key), unit)
        if code:
            self.unit_codes.setdefault((opd_id, code), unit)
        known = self.unit_opds.setdefault(key, opd_id)
        if known != opd_id:
            self.unit_opds[key] = None  # two OPD have a unit of this name

    def _placeholder(self) -> int:
        self._next -= 1
        return self._next

    def _prepare_opds(self, session: Session, rows: list[Mapping[str, Any]]) -> None:
        for name in {row["opd_name"] for row in rows if row.get("opd_name")}:
            key = name_key(name)
            if key in self.opds or self.choices.get(key) != NEW:
                continue
            number = self._make_opd(session, name) if self.create else self._placeholder()
            self.opds[key] = Named(number, name)
            self._know("opd", self.opds[key])
            self.made["opd"].append(number)

    def _make_opd(self, session: Session, name: str) -> int:
        opd = new_opd(session, name=name)
        record(session, "skills:opd:create", opd, source="import", name=name)
        return opd.id

    def _prepare_units(self, session: Session, rows: list[Mapping[str, Any]]) -> None:
        wanted: dict[tuple[int, str], tuple[str, str | None]] = {}
        for row in rows:
            name, opd = row.get("unit_name"), self._named_opd(row)
            if not name or opd is None or name_key(name) == name_key(opd.name):
                continue
            if self._unit(opd.id, row) is None:
                wanted.setdefault((opd.id, name_key(name)), (name, row.get("unit_code")))
        if self.create and wanted:
            made = [
                Unit(opd_id=opd_id, name=name, code=code)
                for (opd_id, _key), (name, code) in wanted.items()
            ]
            session.add_all(made)
            session.flush()
            numbers = [unit.id for unit in made]
        else:
            numbers = [self._placeholder() for _ in wanted]
        for number, ((opd_id, _key), (name, code)) in zip(numbers, wanted.items(), strict=True):
            self._add_unit(Named(number, name), opd_id, code)
        self.made["unit"] += numbers

    def _named_opd(self, row: Mapping[str, Any]) -> Named | None:
        """Return the OPD a row names, or that its `home` key carries."""
        if row.get("opd_name"):
            return self.opd_of(row["opd_name"])
        home = row.get("home")
        return self.named("opd", home) if home is not None else None

    def _prepare_positions(self, session: Session, rows: list[Mapping[str, Any]]) -> None:
        wanted: dict[str, Mapping[str, Any]] = {}
        for row in rows:
            name = row.get("position_name")
            if name and name_key(name) not in self.positions:
                wanted.setdefault(name_key(name), row)
        kinds = {key: _kind_of(row) for key, row in wanted.items()}
        if self.create and wanted:
            made = [
                Position(
                    name=row["position_name"],
                    kind=kinds[key],
                    class_code=position_class(row["position_name"], kinds[key], row.get("eselon")),
                    from_import=True,
                )
                for key, row in wanted.items()
            ]
            session.add_all(made)
            session.flush()
            numbers = [position.id for position in made]
        else:
            numbers = [self._placeholder() for _ in wanted]
        for number, (key, row) in zip(numbers, wanted.items(), strict=True):
            self.positions[key] = Named(number, row["position_name"], kinds[key])
            self._know("position", self.positions[key])
        self.made["position"] += numbers


def new_opd(session: Session, *, name: str, **fields: Any) -> Opd:
    """Add an OPD; code, short name and kind follow from the name unless they are given."""
    first = name.split()[0].capitalize()
    known = ("Dinas", "Badan", "Kecamatan", "Sekretariat", "Inspektorat", "Kelurahan")
    values = {
        "code": _free_code(session),
        "short_name": name[:60],
        "kind": first if first in known else "Lainnya",
        "valid_from": clock.today(),
    }
    opd = Opd(name=name, **(values | {key: value for key, value in fields.items() if value}))
    session.add(opd)
    session.flush()
    return opd


def _free_code(session: Session) -> str:
    taken = set(session.scalars(select(Opd.code)))
    number = (session.scalar(select(func.count(Opd.id))) or 0) + 1
    while f"{number:03d}" in taken:
        number += 1
    return f"{number:03d}"


def _kind_of(row: Mapping[str, Any]) -> str:
    """Return the kind of a new position; without any word it is the lowest, a pelaksana."""
    kind = row.get("position_kind") or position_kind_of_eselon(row.get("eselon"))
    if kind:
        return str(kind)
    plain = (row.get("position_name") or "").casefold()
    if any(words in plain for words, _code in _FUNCTIONAL[:4]):
        return PositionKind.FUNGSIONAL.value
    return PositionKind.PELAKSANA.value


def _last(number: int, merged: Mapping[int, int]) -> int:
    """Follow mergers to the OPD that exists today."""
    seen = {number}
    while number in merged and merged[number] not in seen:
        number = merged[number]
        seen.add(number)
    return number
