"""Completions from another platform: one import applied, one that waits after its check."""

from datetime import timedelta

from app.core.actor import SYSTEM
from app.core.errors import InvalidInput
from app.demo.city import City
from courses.outside_rules import Completion
from courses.services.outside_import import apply_import, keep_check
from skills.enums import EmploymentState

_TITLES = (
    ("Literasi Data untuk Layanan Publik", "NKL03", 6),
    ("Keamanan Informasi bagi Pegawai", "NKL03", 4),
    ("Menulis Naskah Dinas yang Jelas", "NKL04", 8),
)


def write_completions(city: City) -> dict[str, int]:
    """Write two imports; return counts."""
    rng = city.rng("outside")
    active = [p for p in city.people if p.state is EmploymentState.ACTIVE]
    chosen = rng.sample(active, k=min(36, len(active)))
    found: list[tuple[int, Completion | InvalidInput]] = []
    for line, person in enumerate(chosen, start=2):
        title, form, hours = rng.choice(_TITLES)
        day = city.day - timedelta(days=rng.randint(3, 80))
        found.append(
            (line, Completion(person.nip, title, day, hours, "Kelas Daring Nusantara", form, day))
        )
    names = ("penyelesaian-triwulan-3.csv", "penyelesaian-triwulan-4.csv")
    first = keep_check(city.session, actor=SYSTEM, source="file", name=names[0], found=found[:24])
    apply_import(city.session, batch=first, version=first.version)
    keep_check(city.session, actor=SYSTEM, source="file", name=names[1], found=found[20:])
    return {"import of learning": 2}
