"""The reference files of the repository into the database; loading them again changes nothing.

What is in the database already is kept where people may have edited it (names of OPD, states of
adoption); a version of a table or standard that differs from the file is added as a new version.
"""

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.core import clock
from app.core.audit import record
from skills.models import (
    Competency,
    CompetencyLevel,
    CompetencyMapping,
    Framework,
    Opd,
    Position,
    ReferenceSet,
    RejectionReason,
    Standard,
    StandardItem,
)
from skills.reference_files import ReferenceFiles
from skills.reference_files.competencies import Competency as CompetencyEntry
from skills.reference_files.competencies import Framework as FrameworkEntry
from skills.reference_files.standards import Requirement


def load_reference(session: Session, files: ReferenceFiles) -> dict[str, int]:
    """Load dictionary, standards, OPD and small tables; return how many rows were added."""
    added = {
        "opd": _load_opd(session, files),
        "framework": sum(_load_framework(session, entry) for entry in files.frameworks),
        "reason": _load_reasons(session, files),
        "table": _load_tables(session, files),
    }
    added["standard"] = _load_standards(session, files)
    added["position"] = _load_positions(session, files)
    if any(added.values()):
        record(session, "skills:reference:load", None, added=added)
    return added


def _load_opd(session: Session, files: ReferenceFiles) -> int:
    known = set(session.scalars(select(Opd.code)))
    rows = [
        Opd(
            code=row.code,
            name=row.name,
            short_name=row.short_name,
            kind=row.kind,
            valid_from=row.valid_from,
            valid_until=row.valid_to,
            source=f"{row.source} ({row.confidence}); {row.note}"[:300],
        )
        for row in files.opds
        if row.code not in known
    ]
    session.add_all(rows)
    session.flush()
    return len(rows)


def _load_framework(session: Session, entry: FrameworkEntry) -> int:
    head = entry.head
    framework = session.scalar(select(Framework).where(Framework.code == head.code))
    if framework is None:
        framework = Framework(
            code=head.code,
            name=head.name_id,
            name_en=head.name_en,
            version=head.version,
            kind=head.kind,
            source=f"{head.source}. {head.adoption_note}",
            confidence=head.confidence,
            state=head.status,
            valid_from=head.valid_from,
        )
        session.add(framework)
        session.flush()
    known = {
        row.code: row
        for row in session.scalars(
            select(Competency).where(Competency.framework_id == framework.id)
        )
    }
    start = len(known)
    areas = _load_areas(session, entry, framework, known)
    column = session.scalar(select(func.max(Competency.column)))
    following = 0 if column is None else column + 1
    order = session.scalar(select(func.max(Competency.position))) or 0
    for item in entry.competencies:
        if item.code not in known:
            order += 1
            known[item.code] = _competency(item, framework, areas[item.area], following, order)
            session.add(known[item.code])
            following += 1
    session.flush()
    return len(known) - start


def _load_areas(
    session: Session, entry: FrameworkEntry, framework: Framework, known: dict[str, Competency]
) -> dict[str, Competency]:
    found = {}
    for number, area in enumerate(entry.areas):
        code = f"{entry.head.code}/{area.code}"
        if code not in known:
            known[code] = Competency(
                framework_id=framework.id,
                code=code,
                name=area.name_id,
                name_en=area.name_en,
                kind=area.kind or entry.head.kind,
                definition=f"{area.source} ({area.confidence})",
                is_area=True,
                state=entry.head.status,
                position=number,
            )
            session.add(known[code])
            session.flush()
        found[area.code] = known[code]
    return found


def _competency(
    item: CompetencyEntry, framework: Framework, area: Competency, column: int, order: int
) -> Competency:
    row = Competency(
        framework_id=framework.id,
        parent_id=area.id,
        code=item.code,
        name=item.name_id,
        name_en=item.name_en,
        kind=item.kind,
        definition=item.definition_id,
        two_stage=item.needs_two_stage,
        shelf_life_months=item.shelf_life_months,
        keywords=[*item.keywords_id, *item.keywords_en],
        state=framework.state,
        position=order,
        column=column,
    )
    row.levels = [
        CompetencyLevel(level=level, behaviours=list(texts))
        for level, texts in sorted(item.levels.items())
    ]
    row.mappings = [
        CompetencyMapping(
            target_framework=mapping.scheme,
            target_code=mapping.code,
            target_name=mapping.name,
            confidence=mapping.confidence,
        )
        for mapping in item.mappings
    ]
    return row


def _load_reasons(session: Session, files: ReferenceFiles) -> int:
    known = set(session.scalars(select(RejectionReason.code)))
    rows = [
        RejectionReason(
            code=row.code,
            text=row.name_id,
            text_en=row.name_en,
            advice=row.advice_id,
            position=number,
        )
        for number, row in enumerate(files.rejection_reasons)
        if row.code not in known
    ]
    session.add_all(rows)
    session.flush()
    return len(rows)


_TABLES = (
    "golongan",
    "position_classes",
    "levels",
    "education_levels",
    "discipline_levels",
    "retirement_ages",
    "strategies",
    "skp_predicates",
    "skp_matrix",
    "ip_asn_scores",
    "index_bands",
    "ip_asn_forms",
    "quality_checks",
    "assessment_settings",
    "kappa_bands",
    "contest_kinds",
    "languages",
    "language_levels",
    "nine_box",
    "nine_box_methods",
    "bangkom_forms",
    "jp_duty",
    "plan_policy",
    "evaluation_form",
    "evaluation_policy",
)


def _load_tables(session: Session, files: ReferenceFiles) -> int:
    return sum(_load_table(session, name, getattr(files, name)) for name in _TABLES)


def _load_table(session: Session, code: str, entries: Sequence[Any]) -> int:
    rows = [_plain(vars(entry)) for entry in entries]
    checksum = hashlib.sha256(json.dumps(rows, sort_keys=True).encode()).hexdigest()
    latest = session.scalar(
        select(ReferenceSet)
        .where(ReferenceSet.code == code)
        .order_by(ReferenceSet.version.desc())
        .limit(1)
    )
    known = select(ReferenceSet.id).where(
        ReferenceSet.code == code, ReferenceSet.checksum == checksum
    )
    if session.scalar(known.limit(1)):
        return 0  # what an officer changed since then stays in force
    confidences = {str(row.get("confidence", "local_draft")) for row in rows}
    session.add(
        ReferenceSet(
            code=code,
            version=latest.version + 1 if latest else 1,
            name=code,
            rows=rows,
            checksum=checksum,
            source="; ".join(sorted({str(row["source"]) for row in rows if row.get("source")})),
            confidence=confidences.pop() if len(confidences) == 1 else "mixed",
            # A new release does not undo what an officer decided; it waits to be put in force.
            state="prepared" if latest is not None and latest.changed_by else "in_force",
            created_at=clock.now(),
        )
    )
    session.flush()
    return 1


def _plain(value: Any) -> Any:
    def other(item: Any) -> Any:
        return dict(item) if isinstance(item, Mapping) else str(item)

    return json.loads(json.dumps(value, default=other))


def _load_standards(session: Session, files: ReferenceFiles) -> int:
    competencies = competency_ids(session)
    known = set(session.scalars(select(Standard.code)))
    entries = [*files.standards.managerial, *files.standards.technical]
    rows = [
        Standard(
            code=entry.code,
            name=entry.name,
            kind="class" if entry in files.standards.managerial else "position",
            class_code=entry.position_class,
            state=entry.status,
            valid_from=entry.valid_from,
            source=entry.source,
            confidence=entry.confidence,
            items=standard_items(entry.requirements, competencies),
        )
        for entry in entries
        if entry.code not in known
    ]
    session.add_all(rows)
    session.flush()
    return len(rows)


def _load_positions(session: Session, files: ReferenceFiles) -> int:
    known = set(session.scalars(select(Position.name)))
    kinds = {row.code: row.kind for row in files.position_classes}
    rows = [
        Position(
            name=entry.name,
            kind=kinds[entry.position_class],
            class_code=entry.position_class,
            standard_code=entry.technical_standard,
        )
        for entry in files.positions.positions
        if entry.name not in known
    ]
    session.add_all(rows)
    session.flush()
    return len(rows)


def standard_items(
    requirements: Iterable[Requirement], competencies: Mapping[str, int]
) -> list[StandardItem]:
    """Return the items of a standard from the requirements of a file."""
    return [
        StandardItem(
            competency_id=competencies[item.competency],
            level=item.min_level,
            weight=item.weight,
            mandatory=item.mandatory,
        )
        for item in requirements
    ]


def competency_ids(session: Session) -> dict[str, int]:
    """Return competency ids by code."""
    rows = session.execute(select(Competency.code, Competency.id).where(~Competency.is_area))
    return {row.code: row.id for row in rows}


def reference_rows(session: Session, code: str) -> list[dict[str, Any]]:
    """Return the rows of the newest version in force of a small table."""
    row = session.scalar(
        select(ReferenceSet)
        .where(ReferenceSet.code == code, ReferenceSet.state == "in_force")
        .order_by(ReferenceSet.version.desc())
        .limit(1)
    )
    return list(row.rows) if row else []
