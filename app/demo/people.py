"""The staff: who holds each post, with dates that agree with each other and with the NIP."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from random import Random

from app.demo import schooling
from app.demo.names import NameMaker, email_name
from app.demo.organisation import Post
from app.demo.schooling import Schooling
from app.demo.words import pick
from skills.enums import EmploymentKind, EmploymentState, Sex
from skills.reference_files import ReferenceFiles
from skills.rules import months_after

_AGES: Mapping[str, tuple[int, int]] = {
    "JPT_PRATAMA": (47, 59),
    "ADMINISTRATOR": (41, 57),
    "PENGAWAS": (33, 57),
    "PELAKSANA": (22, 57),
    "JF_TERAMPIL": (22, 44),
    "JF_MAHIR": (31, 52),
    "JF_PENYELIA": (39, 57),
    "JF_AHLI_PERTAMA": (23, 46),
    "JF_AHLI_MUDA": (34, 57),
    "JF_AHLI_MADYA": (43, 59),
}
_ENTRY_CLASSES = ("PELAKSANA", "JF_TERAMPIL", "JF_AHLI_PERTAMA")
_PPPK_SINCE = 2021  # the first appointments of the present kind
_PPPK_CODE = 21  # digits 13 and 14 of a PPPK's number, where others have the month
_OLDEST_CPNS = 35
_YEARS_PER_GOLONGAN = 4
MAIL_DOMAIN = "pegawai.example"  # reserved: no mail ever arrives


@dataclass(eq=False)
class Person:
    """An employee on the way into the database."""

    number: int
    post: Post
    name: str
    sex: Sex
    birth_date: date
    kind: EmploymentKind
    service_start: date
    nip: str
    golongan: str
    golongan_since: date
    position_since: date
    retirement_date: date
    schooling: Schooling
    email: str | None
    state: EmploymentState = EmploymentState.ACTIVE
    supervisor: "Person | None" = None

    @property
    def position_class(self) -> str:
        """Class of the jabatan."""
        return self.post.entry.position_class

    @property
    def opd_code(self) -> str:
        """Code of the OPD."""
        return self.post.unit.opd.code

    @property
    def is_structural(self) -> bool:
        """Whether the post leads a unit of the organisation."""
        return self.position_class in ("JPT_PRATAMA", "ADMINISTRATOR", "PENGAWAS")


class Registry:
    """Engages a person for each post."""

    def __init__(self, rng: Random, files: ReferenceFiles, day: date) -> None:
        self.rng = rng
        self.day = day
        self.names = NameMaker(rng)
        self.retirement = {row.position_class: row.age for row in files.retirement_ages}
        ranks = [r for r in files.golongan if r.employment_kind is EmploymentKind.PNS]
        self.ranks = [row.golongan for row in ranks]
        self.entry_ranks = _entry_ranks(files, EmploymentKind.PNS)
        self.pppk_ranks = _entry_ranks(files, EmploymentKind.PPPK)
        self.ranges = files.positions.golongan_ranges
        self.education = [row.code for row in files.education_levels]
        self.sequences: Counter[str] = Counter()
        self.emails: set[str] = set()

    def engage(self, posts: Sequence[Post]) -> list[Person]:
        """Return one person per post, numbered from 1."""
        return [self._person(number, post) for number, post in enumerate(posts, start=1)]

    def _person(self, number: int, post: Post) -> Person:
        rng, entry = self.rng, post.entry
        kind = self._kind(post)
        birth = self._birth(post, kind)
        sex = Sex.FEMALE if rng.random() < _female_share(post) else Sex.MALE
        start = self._service_start(kind, birth)
        learned = schooling.draw(rng, entry, birth, start, self.day)
        name = self.names.make(sex)
        golongan, since = self._golongan(post, kind, start, learned.level)
        return Person(
            number=number,
            post=post,
            name=name,
            sex=sex,
            birth_date=birth,
            kind=kind,
            service_start=start,
            nip=self._nip(birth, start, kind, sex),
            golongan=golongan,
            golongan_since=since,
            position_since=self._position_since(post, kind, start),
            retirement_date=self._retirement(entry.position_class, birth),
            schooling=learned,
            email=self._email(name),
            state=EmploymentState.ACTIVE if post.heads else self._state(kind),
        )

    def _kind(self, post: Post) -> EmploymentKind:
        entry = post.entry
        if EmploymentKind.PPPK in entry.employment_kinds and self.rng.random() < 0.34:
            return EmploymentKind.PPPK
        if entry.position_class in _ENTRY_CLASSES and self.rng.random() < 0.045:
            return EmploymentKind.CPNS
        return EmploymentKind.PNS

    def _birth(self, post: Post, kind: EmploymentKind) -> date:
        low, high = _AGES[post.entry.position_class]
        if kind is EmploymentKind.CPNS:
            high = _OLDEST_CPNS - 1
        elif kind is EmploymentKind.PPPK:
            low, high = max(low, 25), max(high, 52)
        age = self.rng.triangular(low, high + 0.9, low + 0.66 * (high - low))
        if kind is EmploymentKind.PNS and self.rng.random() < 0.16:
            age = self.rng.uniform(high - 5, high + 0.95)  # the large years before retirement
        return self.day - timedelta(days=int(age * 365.25))

    def _service_start(self, kind: EmploymentKind, birth: date) -> date:
        rng, day = self.rng, self.day
        if kind is EmploymentKind.CPNS:
            return months_after(day.replace(day=1), -rng.randint(3, 11))
        if kind is EmploymentKind.PPPK:
            earliest = max(_PPPK_SINCE, birth.year + 20)
            return date(
                rng.randint(earliest, max(earliest, day.year - 1)), rng.choice((3, 6, 7)), 1
            )
        age = min(rng.triangular(19, 34, 24), (day - birth).days / 365.25 - 2)
        first = birth + timedelta(days=int(max(age, 18.5) * 365.25))
        latest = months_after(day.replace(day=1), -14)
        return min(date(first.year, rng.choice((1, 2, 3, 4, 12)), 1), latest)

    def _golongan(
        self, post: Post, kind: EmploymentKind, start: date, education: str
    ) -> tuple[str, date]:
        """Return golongan and the date it counts from."""
        if kind is EmploymentKind.PPPK:
            return _entry_rank(self.pppk_ranks, self.education, education), start
        entry = self.ranks.index(_entry_rank(self.entry_ranks, self.education, education))
        if kind is EmploymentKind.CPNS:
            return self.ranks[entry], start
        years = (self.day - start).days / 365.25
        steps = int(years / _YEARS_PER_GOLONGAN)
        low, high = (self.ranks.index(rank) for rank in self.ranges[post.entry.position_class])
        place = max(low, min(high, entry + steps))
        gained = months_after(self.day.replace(month=self.rng.choice((4, 10)), day=1), 0)
        since = months_after(gained, -12 * self.rng.randint(1, 4))
        return self.ranks[place], max(start, since)

    def _position_since(self, post: Post, kind: EmploymentKind, start: date) -> date:
        if kind is not EmploymentKind.PNS:
            return start
        longest = 60 if post.heads else 110
        since = months_after(self.day.replace(day=1), -self.rng.randint(2, longest))
        return max(start, since)

    def _retirement(self, position_class: str, birth: date) -> date:
        """Return the first day of the month after the retirement age is reached."""
        reached = months_after(birth, 12 * self.retirement[position_class])
        return months_after(reached.replace(day=1), 1)

    def _nip(self, birth: date, start: date, kind: EmploymentKind, sex: Sex) -> str:
        code = _PPPK_CODE if kind is EmploymentKind.PPPK else start.month
        digit = 1 if sex is Sex.MALE else 2
        prefix = f"{birth:%Y%m%d}{start.year}{code:02d}{digit}"
        if prefix not in self.sequences:
            self.sequences[prefix] = self.rng.choice((0, 0, 0, 1, 1, 2, 3, 5))
        self.sequences[prefix] += 1
        return f"{prefix}{self.sequences[prefix]:03d}"

    def _email(self, name: str) -> str | None:
        plain = email_name(name)
        found, number = plain, 1
        while found in self.emails:
            number += 1
            found = f"{plain}{number}"
        self.emails.add(found)
        return f"{found}@{MAIL_DOMAIN}" if self.rng.random() < 0.7 else None

    def _state(self, kind: EmploymentKind) -> EmploymentState:
        if kind is not EmploymentKind.PNS:
            return EmploymentState.ACTIVE
        return pick(
            self.rng,
            {
                EmploymentState.ACTIVE: 985,
                EmploymentState.STUDY_LEAVE: 9,
                EmploymentState.UNPAID_LEAVE: 4,
                EmploymentState.SUSPENDED: 2,
            },
        )


def assign_supervisors(people: Sequence[Person]) -> None:
    """Give everybody the leader of the unit, of the unit above, or of the city's staff."""
    leaders = _leaders(people)
    top = next(person for person in people if person.post.entry.code == "SEKDA")
    for person in people:
        if person is top:
            continue
        unit = person.post.unit
        if leaders.get(unit.number) is person:
            unit = unit.parent  # type: ignore[assignment]
        while unit is not None and unit.number not in leaders:
            unit = unit.parent  # type: ignore[assignment]
        person.supervisor = leaders[unit.number] if unit is not None else top


def _leaders(people: Sequence[Person]) -> dict[int, Person]:
    """Return the leader per unit: the structural head, or the senior person of a service unit."""
    leaders: dict[int, Person] = {p.post.unit.number: p for p in people if p.post.heads}
    for person in people:
        unit = person.post.unit
        if unit.number in leaders and leaders[unit.number].post.heads:
            continue
        able = person.kind is EmploymentKind.PNS and person.state is EmploymentState.ACTIVE
        if able and unit.name.startswith("UPTD"):
            present = leaders.get(unit.number)
            if present is None or _seniority(person) > _seniority(present):
                leaders[unit.number] = person
    return leaders


def _seniority(person: Person) -> tuple[str, int]:
    return person.golongan, -person.service_start.toordinal()


def by_rank(people: Sequence[Person]) -> list[Person]:
    """Return the people with every supervisor before the people supervised."""

    def depth(person: Person) -> int:
        count, above = 0, person.supervisor
        while above is not None:
            count, above = count + 1, above.supervisor
        return count

    return sorted(people, key=lambda person: (depth(person), person.number))


def _entry_ranks(files: ReferenceFiles, kind: EmploymentKind) -> dict[str, str]:
    rows = [r for r in files.golongan if r.employment_kind is kind and r.entry_education]
    return {str(row.entry_education): row.golongan for row in rows}


def _entry_rank(ranks: Mapping[str, str], levels: Sequence[str], education: str) -> str:
    """Return the golongan of the highest education listed that is not above the person's."""
    reached = levels[: levels.index(education) + 1]
    return next(ranks[level] for level in reversed(reached) if level in ranks)


def _female_share(post: Post) -> float:
    if post.unit.opd.code in ("004", "011"):
        return 0.66
    if post.entry.code in ("BIDAN-MAHIR", "BIDAN-TERAMPIL"):
        return 1.0
    if post.unit.opd.code in ("009", "014", "018"):
        return 0.2
    return 0.36 if post.heads else 0.48
