"""The city's units and posts: how many people each OPD has, in which jabatan and unit."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from random import Random
from typing import Any

from app.demo.words import draw_counts, words
from skills.reference_files import ReferenceFiles
from skills.reference_files.standards import PositionEntry

SMALLEST_OPD = 8
_STRUCTURAL = ("JPT_PRATAMA", "ADMINISTRATOR", "PENGAWAS")
_SECOND_IN_UNIT = ("ASISTEN", "SEKLUR")  # posts beside the head of their unit
_MOST_STRUCTURAL = 0.45  # share of structural posts; what is above stays vacant


@dataclass(eq=False)
class UnitPlan:
    """A unit kerja; `number` counts from 1 through the whole city."""

    number: int
    opd: "OpdPlan"
    name: str
    parent: "UnitPlan | None" = None


@dataclass(eq=False)
class OpdPlan:
    """An OPD with its units as far as they are used."""

    code: str
    kind: str
    name: str
    opd_id: int
    size: int
    units: dict[str, UnitPlan] = field(default_factory=dict)


@dataclass(frozen=True, eq=False)
class Post:
    """A place of work: jabatan and unit; `heads` says whether its holder leads the unit."""

    entry: PositionEntry
    unit: UnitPlan
    heads: bool


class CityPlan:
    """Plans units and posts; afterwards `units` holds all units, parents first."""

    def __init__(self, rng: Random, files: ReferenceFiles, opd_ids: Mapping[str, int]) -> None:
        self.rng = rng
        self.files = files
        self.opd_ids = opd_ids
        self.words: Mapping[str, Any] = words("units")
        self.units: list[UnitPlan] = []

    def posts(self, people: int) -> list[Post]:
        """Return as many posts as there are people, heads of OPD first."""
        found: list[Post] = []
        for opd in self._opds(people):
            found += self._posts_of(opd)
        return found

    def _opds(self, people: int) -> list[OpdPlan]:
        shares = self.files.positions.headcount_shares
        extra = people - SMALLEST_OPD * len(self.files.opds)
        counts = draw_counts(self.rng, [shares[row.code] for row in self.files.opds], extra)
        return [
            OpdPlan(row.code, row.kind, row.name, self.opd_ids[row.code], SMALLEST_OPD + count)
            for row, count in zip(self.files.opds, counts, strict=True)
        ]

    def _posts_of(self, opd: OpdPlan) -> list[Post]:
        own = [e for e in self.files.positions.positions if e.belongs_to(opd.code, opd.kind)]
        self.unit(opd, opd.name)
        quota = max(2, int(opd.size * _MOST_STRUCTURAL))
        posts = [
            Post(entry, self._fixed_unit(opd, entry, turn), entry.code not in _SECOND_IN_UNIT)
            for entry, turn in list(_in_turns(e for e in own if e.per_opd))[:quota]
        ]
        shared = [entry for entry in own if entry.share]
        counts = draw_counts(self.rng, [e.share or 0.0 for e in shared], opd.size - len(posts))
        for entry, count in zip(shared, counts, strict=True):
            posts += [Post(entry, self._unit_for(opd, entry, n), False) for n in range(count)]
        return posts

    def unit(self, opd: OpdPlan, name: str, parent: UnitPlan | None = None) -> UnitPlan:
        """Return the unit of this name in the OPD, made at its first use."""
        found = opd.units.get(name)
        if found is None:
            root = next(iter(opd.units.values()), None)
            found = UnitPlan(len(self.units) + 1, opd, name, parent or root)
            opd.units[name] = found
            self.units.append(found)
        return found

    def _fixed_unit(self, opd: OpdPlan, entry: PositionEntry, turn: int) -> UnitPlan:
        if entry.unit == "Pimpinan":
            return self.unit(opd, opd.name)
        if entry.code in ("KASUBBAG-UMUM", "KASUBBAG-KEU"):
            name = self.words["secretariat"][entry.code == "KASUBBAG-KEU"]
            return self.unit(opd, name, self.unit(opd, "Sekretariat"))
        if entry.code in ("KASI", "KASUBBID", "KASI-TIK"):
            return self._section(opd, entry, turn)
        if entry.code == "KASUBBAG-SET":
            bureau = self._bureau(opd, turn)
            form = "Subbagian Tata Usaha" if turn < len(self._topics(opd)) else "Subbagian Program"
            return self.unit(opd, f"{form} {bureau.name}", bureau)
        return self._unit_for(opd, entry, turn)

    def _section(self, opd: OpdPlan, entry: PositionEntry, turn: int) -> UnitPlan:
        topics = self.words["divisions"][opd.code]
        topic = topics[0] if entry.code == "KASI-TIK" else topics[turn % len(topics)]
        kind = "subdivision_forms" if entry.code == "KASUBBID" else "section_forms"
        forms = self.words[kind]
        place = turn if entry.code == "KASI-TIK" else turn // len(topics) + len(opd.code) + turn
        form = forms[place % len(forms)]
        return self.unit(opd, form.format(topic=topic), self.unit(opd, f"Bidang {topic}"))

    def _topics(self, opd: OpdPlan) -> list[str]:
        topics: list[str] = self.words["bureaus"][opd.code]
        return topics

    def _bureau(self, opd: OpdPlan, turn: int) -> UnitPlan:
        topics = self._topics(opd)
        return self.unit(opd, f"Bagian {topics[turn % len(topics)]}")

    def _unit_for(self, opd: OpdPlan, entry: PositionEntry, turn: int) -> UnitPlan:
        """Return the unit of the turn-th post of a jabatan, from the word of its list entry."""
        if opd.kind == "Sekretariat":
            return self._bureau(opd, turn)
        if entry.unit in ("Satuan Pendidikan", "Puskesmas"):
            return self._place_of_service(opd, entry)
        if opd.kind == "Kecamatan":
            return self._district_unit(opd, entry, turn)
        if entry.unit == "Inspektur Pembantu" or (
            opd.kind == "Inspektorat" and entry.unit != "Sekretariat"
        ):
            areas = self.words["inspector_areas"]
            return self.unit(opd, areas[turn % len(areas)])
        if entry.unit.startswith("UPTD"):
            return self.unit(opd, entry.unit)
        return self._division(opd, entry, turn)

    def _division(self, opd: OpdPlan, entry: PositionEntry, turn: int) -> UnitPlan:
        topics = self.words["divisions"].get(opd.code, ())
        if entry.unit == "Bidang Teknis" and topics:
            return self.unit(opd, f"Bidang {topics[turn % len(topics)]}")
        if entry.unit.removeprefix("Bidang ") in topics:
            return self.unit(opd, entry.unit)
        secretariat = self.unit(opd, "Sekretariat")
        if entry.unit != "Sekretariat" or entry.per_opd or self.rng.random() < 0.3:
            return secretariat
        return self.unit(opd, self.rng.choice(self.words["secretariat"]), secretariat)

    def _district_unit(self, opd: OpdPlan, entry: PositionEntry, turn: int) -> UnitPlan:
        wards = self.words["wards"][opd.code]
        if entry.unit == "Kelurahan" or (entry.share and self.rng.random() < 0.6):
            name = wards[turn % len(wards)] if entry.per_opd else self.rng.choice(wards)
            return self.unit(opd, f"Kelurahan {name}")
        if entry.unit == "Sekretariat":
            return self.unit(opd, "Sekretariat")
        sections = self.words["district_sections"]
        return self.unit(opd, f"Seksi {sections[turn % len(sections)]}")

    def _place_of_service(self, opd: OpdPlan, entry: PositionEntry) -> UnitPlan:
        if entry.unit == "Puskesmas":
            wards = [name for names in self.words["wards"].values() for name in names]
            used = max(2, min(len(wards), opd.size // self.words["clinic_size"]))
            return self.unit(opd, f"UPTD Puskesmas {self.rng.choice(wards[:used])}")
        number = self.rng.randrange(max(2, opd.size // self.words["school_size"]))
        if number % 3 == 2:
            junior = self.unit(opd, "Bidang Pembinaan Sekolah Menengah Pertama")
            return self.unit(opd, f"UPTD SMP Negeri {number // 3 + 1} Pontianak", junior)
        districts = self.words["districts"]
        primary = self.unit(opd, "Bidang Pembinaan Sekolah Dasar")
        name = f"UPTD SD Negeri {number + 1} {districts[number % len(districts)]}"
        return self.unit(opd, name, primary)


def _in_turns(entries: Iterable[PositionEntry]) -> Iterator[tuple[PositionEntry, int]]:
    """Yield the fixed posts, first one of each jabatan, the highest classes first."""
    ordered = sorted(entries, key=lambda e: _STRUCTURAL.index(e.position_class))
    for turn in range(max((entry.per_opd or 0 for entry in ordered), default=0)):
        for entry in ordered:
            if turn < (entry.per_opd or 0):
                yield entry, turn
