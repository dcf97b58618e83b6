"""From the answer of a scenario to figures, a matrix of moves, and words for what binds it."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flask_babel import gettext as _
from flask_babel import ngettext

from app.core.db import DbSession as Session
from app.web.scenarios.flow_map import Moves
from matching.models import AssignmentScenario, ScenarioPlace
from matching.queries.scenarios import seats_by_id
from skills.queries.organisation import opd_in_force

CELL, LEFT, TOP = 26, 92, 92


@dataclass(frozen=True)
class Cell:
    """A cell of the matrix: where somebody comes from and goes to."""

    x: int
    y: int
    count: int
    shade: int  # 1 to 4
    stays: bool
    label: str


@dataclass(frozen=True)
class Matrix:
    """Moves between OPD in the units of a view box."""

    width: int
    height: int
    rows: Sequence[tuple[int, str]]
    columns: Sequence[tuple[int, str]]
    cells: Sequence[Cell]


def constraint_words() -> dict[str, str]:
    """Return the names of the constraints."""
    return {
        "most_leavers": _("Batas pegawai yang keluar per OPD"),
        "own_opd_bonus": _("Keutamaan OPD sendiri"),
        "keep_margin": _("Pengisi dipertahankan"),
        "locked": _("Pasangan yang dikunci"),
        "backups": _("Cadangan setiap kursi"),
        "eligibility": _("Syarat kursi atau kesesuaian paling rendah"),
        "people": _("Jumlah pegawai"),
    }


def state_words() -> dict[str, tuple[str, str]]:
    """Return word and tone of the states of a scenario."""
    return {
        "solved": (_("Selesai"), "success"),
        "infeasible": (_("Tidak dapat dipenuhi"), "danger"),
        "proposed": (_("Sudah diusulkan"), "info"),
    }


def settings_rows(values: Mapping[str, Any]) -> list[dict[str, str]]:
    """Return the constraints of a scenario as label and value."""
    yes, no = _("Ya"), _("Tidak")
    limit = values["most_leavers"]
    return [
        {"label": _("Kesesuaian paling rendah"), "value": f"{values['least_fit']:g}"},
        {
            "label": _("Paling banyak keluar dari satu OPD"),
            "value": _("Tanpa batas") if limit is None else str(limit),
        },
        {"label": _("Keutamaan OPD sendiri"), "value": f"{values['own_opd_bonus']:g}"},
        {
            "label": _("Kursi terisi ikut"),
            "value": f"{yes} (+{values['keep_margin']:g})" if values["keep_holders"] else no,
        },
        {"label": _("Cadangan"), "value": yes if values["backups"] else no},
        {"label": _("Semua harus terisi"), "value": yes if values["must_fill"] else no},
        {"label": _("Pasangan yang dikunci"), "value": str(len(values["locked"]))},
    ]


def moves(rows: Sequence[ScenarioPlace]) -> Counter[tuple[str, str]]:
    """Return how many people move from which OPD to which; the same twice fills its own seats."""
    return Counter(
        (row.employee.opd.short_name, row.seat.opd.short_name)
        for row in rows
        if row.employee is not None
    )


def matrix(pairs: Moves) -> Matrix:
    """Return the moves as a matrix to draw."""
    origins = sorted({origin for origin, _to in pairs})
    targets = sorted({target for _from, target in pairs})
    most = max(pairs.values(), default=1)
    cells = [
        Cell(
            x=LEFT + CELL * targets.index(target),
            y=TOP + CELL * origins.index(origin),
            count=count,
            shade=1 + (3 * (count - 1)) // max(1, most - 1) if most > 1 else 2,
            stays=origin == target,
            label=_(
                "%(count)s orang dari %(origin)s ke %(target)s",
                count=count,
                origin=origin,
                target=target,
            ),
        )
        for (origin, target), count in sorted(pairs.items())
    ]
    return Matrix(
        width=LEFT + CELL * len(targets) + 4,
        height=TOP + CELL * len(origins) + 4,
        rows=[(TOP + CELL * at + CELL // 2, name) for at, name in enumerate(origins)],
        columns=[(LEFT + CELL * at + CELL // 2, name) for at, name in enumerate(targets)],
        cells=cells,
    )


def ways_out(session: Session, scenario: AssignmentScenario) -> list[dict[str, Any]]:
    """Return for an infeasible scenario which constraint to relax, and where."""
    words = constraint_words()
    found = []
    for way in scenario.figures.get("relaxations", []):  # type: ignore[attr-defined]
        if way["constraint"] == "most_leavers":
            opd = {row.id: row.short_name for row in opd_in_force(session)}
            names = [opd[key] for key in way["where"] if key in opd]
        else:
            seats = seats_by_id(session, way["where"])
            names = [
                f"{seats[key].role.name} ({seats[key].opd.short_name})"
                for key in way["where"]
                if key in seats
            ]
        found.append({"label": words[way["constraint"]], "where": names})
    return found


def gain_words(figures: Mapping[str, Any]) -> str:
    """Return what solving together wins over filling one by one."""
    seats = figures["filled"] - figures["greedy_filled"]
    if seats:
        return ngettext("%(num)s kursi lebih banyak", "%(num)s kursi lebih banyak", seats)
    return _("sama banyak kursi")


def comparison(found: Sequence[AssignmentScenario]) -> list[dict[str, Any]]:
    """Return the seats on which scenarios differ, a line each, with the answer of each."""
    answers = [{(row.seat_id, at): row for at, row in _numbered(item.rows)} for item in found]
    keys = sorted({key for answer in answers for key in answer})
    lines = []
    for key in keys:
        rows = [answer.get(key) for answer in answers]
        if len({row.employee_id if row else None for row in rows}) > 1:
            first = next(row for row in rows if row)
            lines.append({"seat": first.seat, "rows": rows})
    return lines


def _numbered(rows: Sequence[ScenarioPlace]) -> list[tuple[int, ScenarioPlace]]:
    seen: Counter[int] = Counter()
    numbered = []
    for row in rows:
        numbered.append((seen[row.seat_id], row))
        seen[row.seat_id] += 1
    return numbered
