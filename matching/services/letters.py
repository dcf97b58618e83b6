"""What a decision leaves on paper: numbers of draft letters, and the facts of the decision file."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from app.core import clock
from app.core.audit import record
from app.core.errors import InvalidInput
from app.core.i18n import N_, Message
from matching.models import (
    Decision,
    DecisionSignature,
    FairnessSheet,
    LetterSeries,
    ModelVersion,
    Placement,
    ScoutingRun,
    ShortlistEntry,
)
from matching.services.criteria import criteria_from_json
from matching.services.gates import gate_labels
from matching.services.panel import Panel, panel_of
from matching.services.reference_sets import rows_at, rows_in_force, shipped_rows
from matching.services.runs import ranked_rows
from matching.services.signatures import file_hash, signatures_of
from matching.services.term_history import TermChange, term_changes
from skills.models import Employee

PLACEMENT = "placement"
TEXTS = "letter"  # the table of the number pattern and the words of a letter
TOP = 20  # places printed in the decision file
_FIELD = re.compile(r"\{(number(:0?\d+d)?|year)\}")


@dataclass(frozen=True)
class FilePerson:
    """A line of the ranking as printed."""

    rank: int
    name: str
    opd: str
    fit: float
    similarity: float
    shortlisted: bool


@dataclass(frozen=True)
class DecisionFile:
    """Everything the decision file prints, read from what was kept then."""

    decision: Decision
    run: ScoutingRun
    model: ModelVersion | None
    entries: Sequence[ShortlistEntry]
    sheet: FairnessSheet | None
    ranking: Sequence[FilePerson]
    passed: int
    gates: Mapping[str, Message]  # words by the name kept with the run
    panel: Panel
    placements: Sequence[Placement]
    signatures: Sequence[DecisionSignature]
    file_hash: str
    term_changes: Sequence[TermChange] = ()  # of the placement of the one who was chosen

    @property
    def placed(self) -> Placement | None:
        """The placement of the one who was chosen."""
        found = (p for p in self.placements if p.employee_id == self.decision.employee_id)
        return next(found, None)

    def change_after(self, signature: DecisionSignature) -> TermChange | None:
        """Return the first change of the term since a signature; it was given for the term before.

        The audit trail counts in whole seconds.
        """
        moment = signature.signed_at.replace(microsecond=0)
        return next((change for change in self.term_changes if change.at >= moment), None)


def letter_texts(session: Session, *, at: datetime | None = None) -> dict[str, str]:
    """Return number pattern and words of a letter, today or as they were at a moment."""
    rows = rows_in_force(session, TEXTS) if at is None else rows_at(session, TEXTS, at)
    return {row["code"]: row["value"] for table in (shipped_rows(TEXTS), rows) for row in table}


def check_pattern(pattern: str) -> str:
    """Return a number pattern with `{number}` and `{year}`.

    Raises:
        InvalidInput: no number, or other fields in it.
    """
    rest = _FIELD.sub("", pattern)
    if len(pattern) > 80 or "{number" not in pattern or "{" in rest or "}" in rest:
        raise InvalidInput(
            N_("Pola nomor memuat {number} dan boleh memuat {year}."), field="number_pattern"
        )
    return pattern


def next_number(session: Session, *, kind: str = PLACEMENT) -> str:
    """Take the next number of a series; numbers of a year have no holes."""
    year = clock.today().year
    series = session.scalar(
        select(LetterSeries)
        .where(LetterSeries.kind == kind, LetterSeries.year == year)
        .with_for_update()
    )
    if series is None:
        pattern = letter_texts(session)["number_pattern"]
        series = LetterSeries(kind=kind, year=year, pattern=pattern, last_number=0)
        session.add(series)
    series.last_number += 1
    session.flush()
    return check_pattern(series.pattern).format(number=series.last_number, year=year)


def set_pattern(session: Session, *, pattern: str, kind: str = PLACEMENT) -> None:
    """Change the pattern of this year's numbers from the next one on.

    Raises:
        InvalidInput: as `check_pattern`.
    """
    check_pattern(pattern)
    year = clock.today().year
    series = session.scalar(
        select(LetterSeries).where(LetterSeries.kind == kind, LetterSeries.year == year)
    )
    if series is None or series.pattern == pattern:
        return
    before, series.pattern = series.pattern, pattern
    session.flush()
    record(session, "matching:letter:pattern", series, changes={"pattern": (before, pattern)})


def ensure_number(session: Session, *, decision: Decision) -> str:
    """Return the number of the decision's draft letter; it takes one the first time."""
    if decision.letter_number is None:
        decision.letter_number = next_number(session)
        session.flush()
        record(
            session,
            "matching:letter:number",
            decision,
            people=[decision.employee_id],
            number=decision.letter_number,
        )
    return decision.letter_number


def decision_file(session: Session, *, decision: Decision) -> DecisionFile:
    """Read what a decision file prints."""
    run = session.get_one(ScoutingRun, decision.run_id)
    entries = session.scalars(
        select(ShortlistEntry)
        .where(ShortlistEntry.seat_id == decision.seat_id, ShortlistEntry.round == decision.round)
        .order_by(ShortlistEntry.rank, ShortlistEntry.employee_id)
    ).all()
    sheet = session.scalar(
        select(FairnessSheet)
        .where(FairnessSheet.seat_id == decision.seat_id, FairnessSheet.round == decision.round)
        .order_by(FairnessSheet.id.desc())
        .limit(1)
    )
    table, placements = ranked_rows(run), placements_of(session, decision)
    listed = {entry.employee_id for entry in entries}
    return DecisionFile(
        decision=decision,
        run=run,
        model=session.get(ModelVersion, run.model_version_id) if run.model_version_id else None,
        entries=entries,
        sheet=sheet,
        ranking=_printed(session, [tuple(row) for row in table[:TOP]], listed),
        passed=len(table),
        gates=gate_labels(criteria_from_json(run.parameters).gates, run.created_at.date()),
        panel=panel_of(session, entries),
        placements=placements,
        signatures=signatures_of(session, [decision.id]).get(decision.id, ()),
        file_hash=file_hash(session, decision),
        term_changes=term_changes(
            session, [row for row in placements if row.employee_id == decision.employee_id]
        ),
    )


def people_of_file(session: Session, decision: Decision) -> list[int]:
    """Return whose data a decision file prints: the shortlist and the first of the ranking."""
    run = session.get_one(ScoutingRun, decision.run_id)
    listed = session.scalars(
        select(ShortlistEntry.employee_id)
        .where(ShortlistEntry.seat_id == decision.seat_id, ShortlistEntry.round == decision.round)
        .order_by(ShortlistEntry.employee_id)
    )
    return sorted({*listed, *(int(row["id"]) for row in ranked_rows(run)[:TOP])})


def placements_of(session: Session, decision: Decision) -> Sequence[Placement]:
    """Return who was placed by a decision."""
    return session.scalars(
        select(Placement)
        .where(Placement.decision_id == decision.id)
        .options(joinedload(Placement.employee))
        .order_by(Placement.id)
    ).all()


def _printed(
    session: Session, table: Sequence[tuple[int, float, float]], listed: set[int]
) -> list[FilePerson]:
    ids = [int(row[0]) for row in table]
    people = {row.id: row for row in session.scalars(select(Employee).where(Employee.id.in_(ids)))}
    return [
        FilePerson(
            rank=rank,
            name=people[int(person)].display_name if int(person) in people else "–",
            opd=people[int(person)].opd.short_name if int(person) in people else "–",
            fit=float(fit),
            similarity=float(close),
            shortlisted=int(person) in listed,
        )
        for rank, (person, fit, close) in enumerate(table, start=1)
    ]
