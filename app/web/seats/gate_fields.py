"""The gates of a search as fields: prefilled from the role, changed or left out in the address."""

from dataclasses import dataclass, replace

from flask_babel import gettext as _
from werkzeug.datastructures import MultiDict

from app.core.db import DbSession
from matching.services.gates import Gates
from skills.services.reference_load import reference_rows

NONE = "-"  # a gate left out; an address without the key keeps that of the role
KINDS = ("PNS", "PPPK")
MOST_YEARS, MOST_MONTHS = 50, 600


@dataclass(frozen=True)
class GateField:
    """A field of the criteria form; without options it takes a number."""

    name: str
    label: str
    value: str
    options: tuple[tuple[str, str], ...] = ()
    most: int = 0


def gate_fields(session: DbSession, gates: Gates) -> list[GateField]:
    """Return the fields with what is in force in this search."""
    ranks = dict(gates.golongan_min)
    kinds = gates.employment_kinds
    education = [
        (str(row["code"]), str(row["name"])) for row in reference_rows(session, "education_levels")
    ]
    golongan = reference_rows(session, "golongan")
    free = (NONE, _("tanpa syarat"))
    fields = [
        GateField(
            "status",
            _("Status kepegawaian"),
            kinds[0] if len(kinds) == 1 else NONE,
            (free, *((kind, kind) for kind in KINDS)),
        ),
        *(
            GateField(
                f"golongan-{kind}",
                _("Golongan paling rendah %(kind)s", kind=kind),
                ranks.get(kind, NONE),
                (
                    free,
                    *(
                        (str(row["golongan"]), str(row["golongan"]))
                        for row in golongan
                        if row["employment_kind"] == kind
                    ),
                ),
            )
            for kind in KINDS
        ),
        GateField(
            "pendidikan",
            _("Pendidikan paling rendah"),
            gates.education_min or NONE,
            (free, *education),
        ),
    ]
    numbers = (
        ("masa_kerja", _("Masa kerja paling sedikit (tahun)"), gates.service_years_min, MOST_YEARS),
        ("disiplin", _("Tanpa hukuman disiplin (tahun)"), gates.discipline_clean_years, MOST_YEARS),
        (
            "pensiun",
            _("Pensiun paling cepat (bulan lagi)"),
            gates.months_to_retirement_min,
            MOST_MONTHS,
        ),
    )
    return fields + [GateField(n, label, str(v), (), most) for n, label, v, most in numbers]


def gates_from_args(base: Gates, args: MultiDict[str, str]) -> Gates:
    """Return the gates of the role as the address changes them.

    `status`, `golongan-PNS`, `golongan-PPPK`, `pendidikan` (`-` leaves the gate out),
    `masa_kerja`, `disiplin` (years) and `pensiun` (months; 0 leaves it out).
    """
    ranks = dict(base.golongan_min)
    for kind in KINDS:
        if rank := args.get(f"golongan-{kind}"):
            ranks[kind] = rank
    education = args.get("pendidikan") or base.education_min
    return replace(
        base,
        employment_kinds=_kinds(base, args.get("status")),
        golongan_min=tuple(sorted((k, rank) for k, rank in ranks.items() if rank != NONE)),
        education_min=None if education == NONE else education,
        service_years_min=_whole(args, "masa_kerja", base.service_years_min, MOST_YEARS),
        discipline_clean_years=_whole(args, "disiplin", base.discipline_clean_years, MOST_YEARS),
        months_to_retirement_min=_whole(
            args, "pensiun", base.months_to_retirement_min, MOST_MONTHS
        ),
    )


def _kinds(base: Gates, wanted: str | None) -> tuple[str, ...]:
    if not wanted:
        return base.employment_kinds
    return (wanted,) if wanted in KINDS else ()


def _whole(args: MultiDict[str, str], name: str, default: int, most: int) -> int:
    value = args.get(name, default, type=int)
    return min(max(0, value), most)
