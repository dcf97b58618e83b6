"""Relations of a competency to items of other frameworks."""

from collections.abc import Sequence

from sqlalchemy import delete
from sqlalchemy.orm import Session

from app.core.audit import record
from app.core.errors import InvalidInput
from app.core.i18n import N_
from skills.models import Competency, CompetencyMapping
from skills.sheets.dictionary_rows import mapping_parts

Mapped = tuple[str, str, str]


def read_mappings(lines: Sequence[str]) -> list[Mapped]:
    """Return mappings from lines such as `SFIA:DTAN:Data modelling`.

    Raises:
        InvalidInput: a line lacks a part, or the same item is named twice.
    """
    found: list[Mapped] = []
    for line in lines:
        if len(line.split(":", 2)) < 3:
            raise InvalidInput(N_("Tulis padanan sebagai kerangka:kode:nama."), field="mappings")
        found.append(mapping_parts(line))
    if len({one[:2] for one in found}) < len(found):
        raise InvalidInput(N_("Padanan yang sama disebut dua kali."), field="mappings")
    return found


def set_mappings(session: Session, row: Competency, wanted: Sequence[Sequence[str]]) -> None:
    """Replace the mappings of a competency where they differ; known ones keep their certainty."""
    kept = {(m.target_framework, m.target_code, m.target_name): m for m in row.mappings}
    if list(kept) == [tuple(one) for one in wanted]:
        return
    sure = {key: (m.relation, m.confidence) for key, m in kept.items()}
    session.execute(delete(CompetencyMapping).where(CompetencyMapping.competency_id == row.id))
    session.expire(row, ["mappings"])
    for scheme, code, name in wanted:
        relation, confidence = sure.get((scheme, code, name), ("related", "local_draft"))
        row.mappings.append(
            CompetencyMapping(
                target_framework=scheme,
                target_code=code,
                target_name=name,
                relation=relation,
                confidence=confidence,
            )
        )
    session.flush()
    record(session, "skills:competency:mappings", row, count=len(wanted))
