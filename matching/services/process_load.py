"""Maintained lists around decisions from the files of this package; local drafts of a city."""

import csv
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session

from matching.models import ContestCategory, PanelCriterion
from matching.services import letters, lexicons, process_rules, scoring_rules
from matching.services.reference_sets import load_shipped

FOLDER = Path(__file__).resolve().parent.parent / "data"


def load_process_lists(session: Session) -> int:
    """Load criteria of panels and reasons to contest; what exists stays; return what was added."""
    criteria = set(session.scalars(select(PanelCriterion.code)))
    categories = set(session.scalars(select(ContestCategory.code)))
    added: list[PanelCriterion | ContestCategory] = [
        PanelCriterion(
            code=row["code"],
            name=row["name"],
            name_en=row["name_en"],
            weight=float(row["weight"]),
            position=int(row["position"]),
        )
        for row in _rows("panel_criteria")
        if row["code"] not in criteria
    ]
    added += [
        ContestCategory(
            code=row["code"],
            name=row["name"],
            name_en=row["name_en"],
            file_days=int(row["file_days"]),
            answer_days=int(row["answer_days"]),
            position=int(row["position"]),
        )
        for row in _rows("contest_categories")
        if row["code"] not in categories
    ]
    session.add_all(added)
    session.flush()
    tables = load_shipped(session, scoring_rules.CODE, name="Aturan penilaian kesesuaian")
    tables += load_shipped(session, lexicons.CODE, name="Singkatan")
    tables += load_shipped(session, process_rules.CODE, name="Aturan proses talenta")
    tables += load_shipped(session, letters.TEXTS, name="Konsep surat keputusan")
    tables += load_shipped(session, "panel_criteria", name="Kriteria panel")
    return len(added) + tables


def _rows(name: str) -> list[dict[str, str]]:
    with (FOLDER / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))
