"""The fairness sheet of a shortlist: the only place where protected attributes are read.

They are joined to a finished ranking, never given to one. A decision needs the sheet of exactly
the shortlist it is taken on, opened and acknowledged.
"""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

import numpy as np
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.core import clock
from app.core.actor import Actor
from app.core.audit import record
from app.core.errors import Stale
from app.core.i18n import N_
from matching.engine.fairness import GroupFigures, near_misses, selection_figures
from matching.models import FairnessSheet, ScoutingRun, Seat, ShortlistEntry
from matching.queries.facts import base_kind
from matching.services.runs import ranked_rows
from matching.services.scoring_rules import scoring_rules
from skills.models import Employee, Opd
from skills.rules import years_before

SUBJECTS = ("sex", "age", "kind", "opd")
_CHUNK = 500


@dataclass(frozen=True)
class NearMiss:
    """Somebody not selected whose fit is close to the lowest selected one."""

    employee_id: int
    rank: int
    fit: float


@dataclass(frozen=True)
class Sheet:
    """Figures by protected group of those considered (everybody who passed the gates)."""

    key: str
    run_id: int
    considered: int
    selected: int
    groups: Mapping[str, Sequence[GroupFigures]]  # sex, age, kind, opd
    near: Sequence[NearMiss]

    @property
    def warnings(self) -> Sequence[GroupFigures]:
        """Groups below four fifths of the best ratio, small ones left out."""
        return [
            group
            for figures in self.groups.values()
            for group in figures
            if group.below_four_fifths and not group.small
        ]


def shortlist_key(entries: Sequence[ShortlistEntry]) -> str:
    """Return what names one state of a shortlist: who is on it, and from which run."""
    rows = sorted((entry.employee_id, entry.run_id) for entry in entries)
    return hashlib.sha256(repr(rows).encode()).hexdigest()


def make_sheet(session: Session, *, entries: Sequence[ShortlistEntry]) -> Sheet | None:
    """Return the sheet of a shortlist, or None for an empty one.

    Everybody is counted who passed the gates in the newest run of the shortlist.
    """
    if not entries:
        return None
    run = session.get_one(ScoutingRun, max(entry.run_id for entry in entries))
    table = ranked_rows(run)
    chosen = np.isin(table["id"], [entry.employee_id for entry in entries])
    rules = scoring_rules(session)
    people = _protected(session, table["id"].tolist(), run.created_at.date(), rules.age_bands)
    groups = {
        subject: selection_figures([people[i][subject] for i in table["id"].tolist()], chosen)
        for subject in SUBJECTS
    }
    near = near_misses(table["fit"].astype(np.float64), chosen, rules.fairness_margin)
    return Sheet(
        key=shortlist_key(entries),
        run_id=run.id,
        considered=len(table),
        selected=int(chosen.sum()),
        groups=groups,
        near=[
            NearMiss(int(table["id"][at]), int(at) + 1, float(table["fit"][at])) for at in near[:20]
        ],
    )


def _protected(
    session: Session, ids: Sequence[int], day: date, bands: Sequence[int]
) -> dict[int, dict[str, str]]:
    found: dict[int, dict[str, str]] = {}
    for start in range(0, len(ids), _CHUNK):
        rows = session.execute(
            select(
                Employee.id,
                Employee.sex,
                Employee.birth_date,
                Employee.employment_kind,
                Opd.short_name,
            )
            .join(Opd, Opd.id == Employee.opd_id)
            .where(Employee.id.in_(ids[start : start + _CHUNK]))
        )
        for row in rows:
            found[row.id] = {
                "sex": row.sex or "?",
                "age": age_band(row.birth_date, day, bands),
                "kind": base_kind(row.employment_kind),
                "opd": row.short_name,
            }
    blank = dict.fromkeys(SUBJECTS, "?")
    return {person: found.get(person, blank) for person in ids}


def age_band(birth: date | None, day: date, bands: Sequence[int]) -> str:
    """Return the age band on a day, as `30-39`; `?` where the birth date is not known."""
    if birth is None:
        return "?"
    low = 0
    for high in bands:
        if birth > years_before(day, high):
            return f"{low}-{high - 1}"
        low = high
    return f"{low}+"


def acknowledged(
    session: Session, *, seat_id: int, number: int, entries: Sequence[ShortlistEntry]
) -> FairnessSheet | None:
    """Return the acknowledged sheet of exactly this shortlist, or None."""
    return session.scalar(
        select(FairnessSheet).where(
            FairnessSheet.seat_id == seat_id,
            FairnessSheet.round == number,
            FairnessSheet.key == shortlist_key(entries),
        )
    )


def acknowledge(
    session: Session,
    *,
    actor: Actor,
    seat: Seat,
    number: int,
    entries: Sequence[ShortlistEntry],
    expected_key: str,
    note: str = "",
) -> FairnessSheet:
    """Keep the sheet with who has read it, before a decision.

    Raises:
        Stale: the shortlist has changed since the sheet was shown, or is empty.
    """
    sheet = make_sheet(session, entries=entries)
    if sheet is None or sheet.key != expected_key:
        raise Stale(N_("Daftar pendek berubah. Baca lagi lembar keadilan yang baru."))
    known = acknowledged(session, seat_id=seat.id, number=number, entries=entries)
    if known is not None:
        return known
    row = FairnessSheet(
        seat_id=seat.id,
        round=number,
        run_id=sheet.run_id,
        key=sheet.key,
        figures=sheet_json(sheet),
        acknowledged_at=clock.now(),
        acknowledged_by_id=actor.account_id,
        acknowledged_by_label=actor.label[:200],
        note=note.strip()[:2000],
    )
    session.add(row)
    session.flush()
    record(
        session,
        "matching:fairness:acknowledge",
        row,
        people=[entry.employee_id for entry in entries],
        warnings=[group.group for group in sheet.warnings],
    )
    return row


def sheet_json(sheet: Sheet) -> dict[str, Any]:
    """Return the sheet as JSON values, as it is kept; near misses by id only."""
    return {
        "considered": sheet.considered,
        "selected": sheet.selected,
        "groups": {
            subject: [asdict(figures) for figures in rows] for subject, rows in sheet.groups.items()
        },
        "near": [asdict(item) for item in sheet.near],
    }
