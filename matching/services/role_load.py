"""The smart-city roles of the repository into the database; loading again changes nothing."""

from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.core.audit import record
from matching.models import Role
from matching.services.process_load import load_process_lists
from skills.models import Standard
from skills.reference_files import ReferenceFiles
from skills.services.reference_load import competency_ids, standard_items


def load_roles(session: Session, files: ReferenceFiles) -> int:
    """Load the roles with their standards and the lists of panels; return the new roles."""
    competencies = competency_ids(session)
    known = set(session.scalars(select(Role.code)))
    added = 0
    for entry in files.roles.roles:
        if entry.code in known:
            continue
        standard = Standard(
            code=f"ROLE-{entry.code}",
            name=entry.name_id,
            kind="role",
            state=files.roles.status,
            valid_from=files.roles.valid_from,
            source=files.roles.source,
            confidence=files.roles.confidence,
            items=standard_items(entry.requirements, competencies),
        )
        session.add(
            Role(
                code=entry.code,
                name=entry.name_id,
                name_en=entry.name_en,
                text=entry.purpose_id,
                text_en=entry.text_en,
                strategy=f"strategi {entry.strategy}",
                gates=_gates(entry.gates),
                source=files.roles.source,
                standard=standard,
            )
        )
        added += 1
    load_process_lists(session)
    session.flush()
    if added:
        record(session, "matching:role:load", None, added=added)
    return added


def _gates(gates: Any) -> dict[str, object]:
    values = dict(vars(gates))
    values["employment_kinds"] = [str(kind) for kind in gates.employment_kinds]
    values["golongan_min"] = {str(kind): rank for kind, rank in gates.golongan_min.items()}
    values["education_preferred"] = list(gates.education_preferred)
    return values
