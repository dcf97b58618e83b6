"""From assessments to the drawn grid: nine cells with their people as dots."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flask import url_for
from flask_babel import gettext as _

from app.core.db import DbSession as Session
from app.web.shell import url_with
from app.web.talent.words import method_name, treatments
from matching.box_rules import Method, numbers
from matching.models import CalibrationMove
from matching.queries.talent import CellFigures, Spot
from skills.services.reference_load import reference_rows

WIDTH, HEIGHT, INSET = 300, 90, 8  # view box of the dots of a cell
MOST_DOTS = 60


@dataclass(frozen=True)
class Cell:
    """A cell of the grid, as it is drawn."""

    box: int
    performance: int
    potential: int
    count: int
    share: float
    qualification: float | None
    in_pool: bool
    treatments: Sequence[str]
    dots: Sequence[tuple[float, float]]

    @property
    def tone(self) -> str:
        """The look of the cell by the sum of its levels, whatever its number."""
        return {6: "best", 5: "good", 4: "middle", 3: "weak", 2: "low"}[
            self.performance + self.potential
        ]


def grid(
    session: Session,
    method: Method,
    figures: Mapping[int, CellFigures],
    spots: Sequence[Spot] = (),
) -> list[list[Cell]]:
    """Return the rows of the grid, the highest performance first."""
    table = numbers(reference_rows(session, "nine_box"), method.numbering)
    told = {
        int(row["box"]): treatments(row)
        for row in reference_rows(session, "nine_box")
        if row["numbering"] == method.numbering
    }
    total = sum(cell.count for box, cell in figures.items() if box)
    by_box: dict[int, list[Spot]] = {}
    for spot in spots:
        by_box.setdefault(spot.box, []).append(spot)

    def cell(y: int, x: int) -> Cell:
        box = table[y, x]
        found = figures.get(box)
        return Cell(
            box=box,
            performance=y,
            potential=x,
            count=found.count if found else 0,
            share=found.count / total if found and total else 0.0,
            qualification=found.qualification if found else None,
            in_pool=box in method.pool_boxes,
            treatments=told.get(box, []),
            dots=_dots(by_box.get(box, []), method, y, x),
        )

    return [[cell(y, x) for x in (1, 2, 3)] for y in (3, 2, 1)]


def _dots(spots: Sequence[Spot], method: Method, y: int, x: int) -> list[tuple[float, float]]:
    """Return where the people of a cell lie; of very many, every n-th."""
    step = max(1, -(-len(spots) // MOST_DOTS))
    found = []
    for spot in spots[::step]:
        across = _within(spot.potential, x, method)
        up = _within(spot.performance, y, method)
        found.append(
            (
                round(INSET + across * (WIDTH - 2 * INSET), 1),
                round(HEIGHT - INSET - up * (HEIGHT - 2 * INSET), 1),
            )
        )
    return found


def _within(value: float | None, level: int, method: Method) -> float:
    """Return the place between the cuts of a level, 0 to 1; moved people lie at its edge."""
    low = (0.0, method.middle, method.high)[level - 1]
    high = (method.middle, method.high, 100.0)[level - 1]
    return 0.5 if value is None else min(1.0, max(0.0, (value - low) / (high - low)))


def parts_of(parts: Sequence[Mapping[str, Any]], axis: str) -> list[Mapping[str, Any]]:
    """Return the parts of an axis, the heaviest first."""
    return sorted(
        (part for part in parts if part["axis"] == axis), key=lambda part: -float(part["weight"])
    )


def contributions(
    parts: Sequence[Mapping[str, Any]], words: Mapping[str, str], note_words: Any
) -> list[dict[str, Any]]:
    """Return the parts of an axis as bars: points of the hundred, and what they rest on."""
    total = sum(float(part["weight"]) for part in parts) or 1.0
    return [
        {
            "label": words.get(str(part["code"]), str(part["code"])),
            "value": float(part["points"] or 0.0) * float(part["weight"]) / total,
            "most": 100.0 * float(part["weight"]) / total,
            "state": "unknown"
            if part["points"] is None
            else ("met" if float(part["points"]) >= 100 else "short"),
            "note": note_words(part),
        }
        for part in parts
    ]


def url_of(box: int) -> str:
    """Return the address of this page with a box chosen, at the list of its people."""
    return f"{url_with(kotak=box, halaman=None)}#orang"


def choices(methods: Sequence[Method], years: Sequence[int]) -> dict[str, Any]:
    """Return the options of period and method."""
    return {
        "year_options": [(year, str(year)) for year in years],
        "method_options": [(method.code, method_name(method)) for method in methods],
    }


def box_options() -> list[tuple[int, str]]:
    """Return the nine boxes to choose from."""
    return [(box, _("Kotak %(box)s", box=box)) for box in range(1, 10)]


def period_tabs(periods: Sequence[int], current: int) -> list[dict[str, Any]]:
    """Return the periods of one person as tabs."""
    return [
        {
            "label": str(period),
            "url": url_for("own_talent.mine", periode=period),
            "active": period == current,
        }
        for period in periods
    ]


def move_events(moves: Sequence[CalibrationMove]) -> list[dict[str, Any]]:
    """Return the moves of one person as a timeline."""
    return [
        {
            "title": _(
                "Dari kotak %(before)s ke kotak %(now)s",
                before=move.from_box or "?",
                now=move.to_box or "?",
            ),
            "when": move.moved_at,
            "actor": move.meeting.name,
            "text": move.reason,
            "icon": "arrow-clockwise" if move.undoes_id else "people",
            "state": "warning" if move.undoes_id else "info",
        }
        for move in moves
    ]
