"""Education of the staff: level and field that fit the post, titles that fit both."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from random import Random

from app.demo.words import pick, words
from skills.reference_files.standards import PositionEntry

_SENIOR = ("JPT_PRATAMA", "ADMINISTRATOR", "JF_AHLI_MADYA")
_HEALTH = ("Kesehatan", "Kep", "Kebidanan", "Profesi", "Rekam Medis")
_YEARS = {"SLTA": 18, "D3": 21, "S1": 23, "S2": 29, "S3": 38}
_CHAINS = {"S2": ("S1", "S2"), "S3": ("S1", "S2", "S3")}
_HIGHER: Mapping[str, Mapping[str, float]] = {  # what holders of a post studied, by the minimum
    "SLTA": {"SLTA": 70, "D3": 8, "S1": 22},
    "D3": {"D3": 58, "S1": 40, "S2": 2},
    "S1": {"S1": 86, "S2": 13.6, "S3": 0.4},
    "S2": {"S2": 88, "S3": 12},
}
_HIDDEN_TALENT = 0.05  # staff of other posts who studied computing


@dataclass(frozen=True)
class Degree:
    """One degree or diploma."""

    level: str
    field: str
    school: str
    year: int


@dataclass(frozen=True)
class Schooling:
    """All degrees, the highest last, and the titles they give."""

    degrees: tuple[Degree, ...]
    title_front: str | None
    title_back: str | None

    @property
    def level(self) -> str:
        """Highest level."""
        return self.degrees[-1].level

    @property
    def computing(self) -> bool:
        """Whether any degree is in computing."""
        return any(
            degree.field in words("education")["computing_fields"] for degree in self.degrees
        )


def draw(rng: Random, entry: PositionEntry, birth: date, start: date, day: date) -> Schooling:
    """Return the education of a person in a post.

    Args:
        birth, start: dates of birth and of entering the service.
        day: the present; nobody graduates later.
    """
    level = _level(rng, entry)
    field = _field(rng, entry, level)
    chain = _CHAINS.get(level, (level,))
    years = _years(rng, chain, birth, start, day)
    degrees = tuple(
        Degree(one, field, _school(rng, one, field), year)
        for one, year in zip(chain, years, strict=True)
    )
    front, back = _titles(degrees)
    return Schooling(degrees, front, back)


def _level(rng: Random, entry: PositionEntry) -> str:
    if entry.position_class in _SENIOR and entry.education_min != "S2":
        return pick(rng, {"S1": 38, "S2": 58, "S3": 4})
    return pick(rng, _HIGHER[entry.education_min])


def _field(rng: Random, entry: PositionEntry, level: str) -> str:
    lists = words("education")
    schools = lists["upper_secondary_fields"]
    fitting = [name for name in entry.education_fields if (level == "SLTA") == (name in schools)]
    free = entry.position_class == "PELAKSANA" and rng.random() < _HIDDEN_TALENT
    if free and level in ("D3", "S1", "S2"):
        return "Manajemen Informatika" if level == "D3" else "Sistem Informasi"
    if level == "SLTA":
        return rng.choice(fitting or schools)
    return rng.choice(fitting or ["Administrasi Publik", "Manajemen", "Hukum"])


def _years(rng: Random, chain: Sequence[str], birth: date, start: date, day: date) -> list[int]:
    """Return the years of graduation: the first before the service, two years apart at least."""
    years, latest = [], day.year
    for level in reversed(chain):
        year = birth.year + _YEARS[level] + rng.randint(0, 2)
        if level in ("S2", "S3"):
            year = max(year, start.year + rng.randint(2, 6))
        else:
            year = min(year, start.year)
        years.append(min(year, latest))
        latest = years[-1] - 2
    return years[::-1]


def _school(rng: Random, level: str, field: str) -> str:
    schools = words("education")["schools"]
    health = field.startswith(_HEALTH)
    if level == "SLTA":
        kind = "sma"
    elif level == "D3":
        kind = "health_diploma" if health else "diploma"
    elif level in ("S2", "S3"):
        kind = "master"
    elif health:
        kind = "health"
    elif field.startswith("Pendidikan"):
        kind = "education"
    else:
        kind = "computing" if field in words("education")["computing_fields"] else "general"
    return str(rng.choice(schools[kind]))


def _titles(degrees: tuple[Degree, ...]) -> tuple[str | None, str | None]:
    titles = words("education")["titles"]
    front, back = [], []
    for degree in degrees:
        base = "Pendidikan" if degree.field.startswith("Pendidikan") else degree.field
        own = {**titles["default"], **titles.get(base, {})}
        if own.get("front") and own["front"] not in front:
            front.append(own["front"])
        if degree.level == "S3":
            front.insert(0, "Dr.")
        elif degree.level != "SLTA":
            back.append(own[degree.level.lower()])
    return " ".join(front) or None, ", ".join(title for title in back if title) or None
