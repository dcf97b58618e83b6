"""Who uses an item of reference data, in words: what is used is neither edited nor deleted."""

from collections.abc import Mapping, Sequence

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.core.db import Base
from app.core.i18n import N_, Message
from skills.models import Competency, Standard, StandardItem

_OWN = frozenset(
    {"competency", "competency_level", "competency_mapping", "competency_edition", "level_path"}
)
_WORDS: Mapping[str, str] = {
    "standard_item": N_("%(count)s syarat standar"),
    "claim": N_("%(count)s klaim"),
    "level_record": N_("%(count)s catatan level"),
    "course_competency": N_("%(count)s pelatihan"),
    "level_path_step": N_("%(count)s langkah jalur"),
}
_OTHER = N_("%(count)s data lain")


def uses_of_competency(session: Session, competency_id: int) -> dict[str, int]:
    """Return how many rows of which tables name a competency, its own parts left out."""
    found: dict[str, int] = {}
    for table in Base.metadata.sorted_tables:
        if table.name in _OWN or table.name == "level_in_force":
            continue
        for column in table.columns:
            if any(key.column is Competency.__table__.c.id for key in column.foreign_keys):
                count = session.scalar(
                    select(func.count()).select_from(table).where(column == competency_id)
                )
                if count:
                    found[table.name] = found.get(table.name, 0) + count
    return found


def use_words(uses: Mapping[str, int]) -> list[Message]:
    """Return uses as messages, known tables by their name and the others as one number."""
    told = [Message(text, {"count": uses[name]}) for name, text in _WORDS.items() if name in uses]
    others = sum(count for name, count in uses.items() if name not in _WORDS)
    return [*told, Message(_OTHER, {"count": others})] if others else told


def standards_asking(session: Session, competency_ids: Sequence[int]) -> list[str]:
    """Return the names of the standards in use that ask any of the competencies."""
    return list(
        session.scalars(
            select(Standard.name)
            .join(StandardItem, StandardItem.standard_id == Standard.id)
            .where(
                StandardItem.competency_id.in_(competency_ids),
                Standard.state.in_(("draft", "in_force", "prepared")),
            )
            .distinct()
            .order_by(Standard.name)
        )
    )
