"""Editions of what a competency says: the old wording stays, the new one counts from its day."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.core import clock
from app.core.actor import SYSTEM
from app.core.audit import record
from app.core.errors import InvalidInput
from app.core.i18n import N_, Message
from skills.enums import ReferenceState
from skills.models import Competency, CompetencyEdition, CompetencyLevel
from skills.rules import LEVELS


@dataclass(frozen=True)
class Wording:
    """What a competency says: definition, keywords and the behaviours of each level."""

    definition: str = ""
    keywords: tuple[str, ...] = ()
    levels: Mapping[int, tuple[str, ...]] = field(default_factory=dict)

    def check(self) -> None:
        """Refuse levels outside of 1 to 5 and levels without a behaviour.

        Raises:
            InvalidInput: as said; the field is `level_N`.
        """
        for level in self.levels:
            if level not in LEVELS:
                raise InvalidInput(N_("Level harus antara 1 dan 5."), field="levels")
        for level in LEVELS:
            if not self.levels.get(level):
                text = N_("Level %(level)s belum memiliki perilaku; isi paling sedikit satu.")
                raise InvalidInput(Message(text, {"level": level}), field=f"level_{level}")

    def content(self) -> dict[str, Any]:
        """Return the wording as an edition keeps it."""
        return {
            "definition": self.definition,
            "keywords": list(self.keywords),
            "levels": {str(level): list(texts) for level, texts in sorted(self.levels.items())},
        }

    @classmethod
    def kept(cls, content: Mapping[str, Any]) -> "Wording":
        """Return the wording that an edition keeps."""
        levels = {int(level): tuple(texts) for level, texts in content["levels"].items()}
        return cls(content["definition"], tuple(content["keywords"]), levels)


def wording_of(competency: Competency) -> Wording:
    """Return what a competency says now."""
    levels = {row.level: tuple(row.behaviours) for row in competency.levels}
    return Wording(competency.definition, tuple(competency.keywords), levels)


def editions_of(session: Session, competency_id: int) -> Sequence[CompetencyEdition]:
    """Return the editions of a competency, the newest first; none where it never changed."""
    return session.scalars(
        select(CompetencyEdition)
        .where(CompetencyEdition.competency_id == competency_id)
        .order_by(CompetencyEdition.number.desc())
    ).all()


def change_wording(
    session: Session,
    *,
    competency: Competency,
    wording: Wording,
    used: bool,
    valid_from: date,
    reason: str,
) -> bool:
    """Change what a competency says, by a new edition where it is used.

    Returns:
        Whether an edition was made.

    Raises:
        InvalidInput: no reason is given, or the day lies before the present edition's.
    """
    if not used:
        write_wording(competency, wording)
        session.flush()
        return False
    if not reason.strip():
        raise InvalidInput(
            N_("Sebutkan alasan perubahan; rumusan lama tetap disimpan."), field="reason"
        )
    known = list(editions_of(session, competency.id))
    present = known[0] if known else _first(session, competency)
    if present.valid_from and valid_from < present.valid_from:
        raise InvalidInput(
            N_("Tanggal berlaku mendahului edisi yang sekarang."), field="valid_from"
        )
    if present.state == ReferenceState.PREPARED:
        raise InvalidInput(
            N_("Sudah ada edisi yang menunggu hari berlakunya; batalkan itu dahulu."),
            field="valid_from",
        )
    edition = _add(session, competency, wording, present.number + 1)
    edition.valid_from, edition.reason = valid_from, reason.strip()[:300]
    if valid_from <= clock.today():
        _put_in_force(session, competency, edition)
    session.flush()
    return True


def _first(session: Session, competency: Competency) -> CompetencyEdition:
    edition = _add(session, competency, wording_of(competency), 1)
    edition.state = ReferenceState.IN_FORCE
    edition.valid_from = competency.framework.valid_from
    edition.source = competency.framework.source
    session.flush()
    return edition


def _add(
    session: Session, competency: Competency, wording: Wording, number: int
) -> CompetencyEdition:
    actor = session.info.get("actor") or SYSTEM
    edition = CompetencyEdition(
        competency_id=competency.id,
        number=number,
        content=wording.content(),
        state=ReferenceState.PREPARED,
        created_at=clock.now(),
        created_by_label=actor.label[:200],
    )
    session.add(edition)
    return edition


def _put_in_force(session: Session, competency: Competency, edition: CompetencyEdition) -> None:
    for older in editions_of(session, competency.id):
        if older.state == ReferenceState.IN_FORCE and older is not edition:
            older.state = ReferenceState.RETIRED
            if edition.valid_from:
                older.valid_until = edition.valid_from - timedelta(days=1)
    edition.state = ReferenceState.IN_FORCE
    write_wording(competency, Wording.kept(edition.content))
    competency.revision += 1
    session.flush()
    record(session, "skills:competency:edition", competency, number=edition.number)


def write_wording(competency: Competency, wording: Wording) -> None:
    """Put a wording on a competency, levels included."""
    competency.definition = wording.definition
    competency.keywords = list(wording.keywords)
    rows = {row.level: row for row in competency.levels}
    for level, texts in wording.levels.items():
        if level in rows:
            rows[level].behaviours = list(texts)
        else:
            competency.levels.append(CompetencyLevel(level=level, behaviours=list(texts)))


def cancel_prepared(session: Session, *, competency: Competency) -> None:
    """Take back an edition that waits for its day.

    Raises:
        InvalidInput: there is none.
    """
    waiting = [
        row for row in editions_of(session, competency.id) if row.state == ReferenceState.PREPARED
    ]
    if not waiting:
        raise InvalidInput(N_("Tidak ada edisi yang menunggu."))
    record(session, "skills:competency:edition_cancel", competency, number=waiting[0].number)
    session.delete(waiting[0])
    session.flush()


def put_due_in_force(session: Session, *, day: date) -> int:
    """Put the editions into force whose day has come; return how many."""
    due = session.scalars(
        select(CompetencyEdition)
        .where(
            CompetencyEdition.state == ReferenceState.PREPARED,
            CompetencyEdition.valid_from <= day,
        )
        .order_by(CompetencyEdition.competency_id)
    ).all()
    for edition in due:
        competency = session.get_one(Competency, edition.competency_id)
        _put_in_force(session, competency, edition)
    return len(due)


def restore_wording(session: Session, *, competency: Competency, number: int) -> None:
    """Take back an edition: the one before it is in force again (the undo of an import)."""
    for row in editions_of(session, competency.id):
        if row.number == number:
            session.delete(row)
        elif row.number == number - 1:
            row.state, row.valid_until = ReferenceState.IN_FORCE, None
            write_wording(competency, Wording.kept(row.content))
    competency.revision += 1
    session.flush()
