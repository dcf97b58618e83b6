"""Files of the dictionary: a row is a framework, an area or a competency with all its levels.

Columns that the file leaves out stay as they are. What a used competency says becomes a new
edition; nothing is deleted.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload, selectinload

from app.core import clock
from app.core.actor import Actor
from app.core.i18n import N_, Message
from skills.enums import ImportKind, ReferenceState
from skills.models import (
    Competency,
    Framework,
    ImportBatch,
    ImportRow,
)
from skills.services import dictionary as services
from skills.services.editions import (
    Wording,
    editions_of,
    restore_wording,
    wording_of,
    write_wording,
)
from skills.services.import_plan import Action, Plan
from skills.services.mappings import set_mappings
from skills.services.reference_usage import standards_asking, uses_of_competency
from skills.services.sheet_run import EDITED, register_sheet
from skills.sheets import dictionary_rows as rules
from skills.sheets.cells import SheetRow
from skills.sheets.dictionary_rows import ROW_KINDS, Entry

IN_USE = N_("Sudah dipakai data lain.")


class DictionarySheet:
    """Rows of the dictionary."""

    key = "code"

    def plan(self, session: Session, rows: Sequence[SheetRow], actor: Actor) -> list[Plan]:
        """Return what each row would do."""
        known = _known(session)
        frameworks = {row.code: row for row in session.scalars(select(Framework))}
        entries = [rules.read_entry(row, _present(row, known, frameworks)) for row in rows]
        rules.check_together(rows, entries, known.keys(), frameworks.keys())
        self._check_retired(session, rows, entries, known)
        return [
            _plan(row, entry, _present(row, known, frameworks))
            for row, entry in zip(rows, entries, strict=True)
        ]

    def _check_retired(
        self,
        session: Session,
        rows: Sequence[SheetRow],
        entries: Sequence[Entry],
        known: Mapping[str, Competency],
    ) -> None:
        for row, entry in zip(rows, entries, strict=True):
            competency = known.get(entry.code)
            retires = entry.values.get("state") == ReferenceState.RETIRED
            if not retires or competency is None or competency.state == "retired":
                continue
            names = standards_asking(session, [competency.id])
            if names:
                text = N_("Tidak dapat dinonaktifkan: masih dituntut standar %(name)s.")
                row.fault("state", Message(text, {"name": names[0]}))

    def write(
        self, session: Session, plans: Sequence[Plan], batch: ImportBatch
    ) -> dict[int, dict[str, Any]]:
        """Write frameworks, then areas from the top, then competencies."""
        reason, details = f"Impor {batch.file_name}"[:300], {}
        for plan in sorted(plans, key=lambda one: _order(one, plans)):
            details[plan.number] = _write(session, plan.values["entry"], reason)
        return details

    def refusal(self, session: Session, row: ImportRow) -> Message | None:
        """Refuse what was edited since, and what was made and is used."""
        detail: Any = row.detail or {}
        if detail["what"] == "framework":
            framework = session.get(Framework, detail["id"])
            same = framework is not None and _framework_facts(framework) == detail["after"]
            return None if same else Message(EDITED)
        competency = session.get(Competency, detail["id"])
        if competency is None or _facts(competency) != detail["after"]:
            return Message(EDITED)
        if row.action == Action.CREATE and uses_of_competency(session, competency.id):
            return Message(IN_USE)
        return None

    def take_back(self, session: Session, rows: Sequence[ImportRow]) -> None:
        """Take rows back in the opposite order of their writing."""
        details: list[Any] = [row.detail or {} for row in rows]
        for detail in sorted(details, key=lambda one: -one["order"]):
            _take_back(session, detail)
        session.flush()


def _known(session: Session) -> dict[str, Competency]:
    rows = session.scalars(
        select(Competency).options(
            selectinload(Competency.levels),
            selectinload(Competency.mappings),
            joinedload(Competency.framework),
        )
    )
    return {row.code: row for row in rows}


def _present(
    row: SheetRow, known: Mapping[str, Competency], frameworks: Mapping[str, Framework]
) -> dict[str, Any] | None:
    """Return the shown values of what a row speaks of, or None for something new."""
    code = row.text("code")
    if row.text("row_kind").casefold() in ("kamus", "framework"):
        found = frameworks.get(code)
        return _framework_shown(found) if found else None
    competency = known.get(code)
    if competency is None:
        return None
    parents = {one.id: one.code for one in known.values() if one.is_area}
    return competency_shown(competency, parents)


def _framework_shown(row: Framework) -> dict[str, Any]:
    return {
        "framework": row.code,
        "code": row.code,
        "row_kind": "framework",
        "name": row.name,
        "name_en": row.name_en,
        "kind": row.kind,
        "definition": row.source,
        "state": row.state,
    }


def competency_shown(row: Competency, parents: Mapping[int, str]) -> dict[str, Any]:
    """Return the values of a competency as a file shows them."""
    behaviours = {level.level: tuple(level.behaviours) for level in row.levels}
    return {
        "framework": row.framework.code,
        "code": row.code,
        "row_kind": "area" if row.is_area else "competency",
        "parent": parents.get(row.parent_id or 0, ""),
        "name": row.name,
        "name_en": row.name_en,
        "kind": row.kind,
        "definition": row.definition,
        "two_stage": row.two_stage,
        "months": row.shelf_life_months,
        "keywords": tuple(row.keywords),
        **{f"level_{level}": behaviours.get(level, ()) for level in range(1, 6)},
        "mappings": tuple(
            f"{one.target_framework}:{one.target_code}:{one.target_name}" for one in row.mappings
        ),
        "state": row.state,
    }


def _plan(row: SheetRow, entry: Entry, present: Mapping[str, Any] | None) -> Plan:
    label = f"{entry.code} {entry.values.get('name', '')}".strip()
    plan = Plan(row.number, Action.ERROR, label, None, row.problems, {"entry": entry})
    if any(problem.severity == "error" for problem in row.problems):
        return plan
    if present is None:
        plan.action = Action.CREATE
        plan.after = {
            name: rules.plain(value)
            for name, value in entry.values.items()
            if value not in (None, "", (), False) and name not in ("code", "row_kind")
        }
        return plan
    changed = [name for name, value in entry.values.items() if present.get(name) != value]
    plan.action = Action.UPDATE if changed else Action.UNCHANGED
    if changed:
        plan.before = {name: rules.plain(present.get(name)) for name in changed}
        plan.after = {name: rules.plain(entry.values[name]) for name in changed}
    return plan


def _order(plan: Plan, plans: Sequence[Plan]) -> tuple[int, int, int]:
    """Frameworks first, then areas from the top of the tree, then competencies."""
    entry: Entry = plan.values["entry"]
    parents = {one.values["entry"].code: one.values["entry"].values.get("parent") for one in plans}
    depth, above = 0, parents.get(entry.code)
    while above in parents and depth < len(parents):
        depth, above = depth + 1, parents.get(above)
    return ROW_KINDS.index(entry.row_kind), depth, plan.number


def _write(session: Session, entry: Entry, reason: str) -> dict[str, Any]:
    if entry.row_kind == "framework":
        return _write_framework(session, entry)
    framework = session.scalars(select(Framework).filter_by(code=entry.values["framework"])).one()
    found = session.scalar(select(Competency).where(Competency.code == entry.code))
    before = _facts(found) if found else None
    values = _input(session, entry)
    if found is None:
        found = services.create_competency(session, framework=framework, values=values)
        made = False
    else:
        made = services.change_competency(
            session, competency=found, values=values, valid_from=clock.today(), reason=reason
        )
    _write_rest(session, found, entry)
    session.expire(found)
    number = editions_of(session, found.id)[0].number if made else None
    order = ROW_KINDS.index(entry.row_kind) * 1_000_000 + found.id
    return {
        "what": "competency",
        "id": found.id,
        "order": order,
        "edition": number,
        "before": before,
        "after": _facts(found),
    }


def _input(session: Session, entry: Entry) -> services.CompetencyInput:
    v = entry.values
    parent = session.scalar(select(Competency.id).where(Competency.code == v["parent"]))
    return services.CompetencyInput(
        code=entry.code,
        name=v["name"],
        name_en=v["name_en"] or v["name"],
        kind=v["kind"],
        parent_id=parent,
        is_area=entry.row_kind == "area",
        two_stage=v["two_stage"],
        shelf_life_months=v["months"],
        wording=Wording(
            v["definition"],
            v["keywords"],
            {level: v[f"level_{level}"] for level in range(1, 6) if v[f"level_{level}"]},
        ),
    )


def _write_rest(session: Session, row: Competency, entry: Entry) -> None:
    if row.state != entry.values["state"]:
        services.set_competency_state(session, competency=row, state=entry.values["state"])
    wanted = [rules.mapping_parts(text) for text in entry.values["mappings"]]
    kept = [(m.target_framework, m.target_code, m.target_name) for m in row.mappings]
    if wanted != kept:
        set_mappings(session, row, wanted)


def _write_framework(session: Session, entry: Entry) -> dict[str, Any]:
    v = entry.values
    found = session.scalar(select(Framework).where(Framework.code == entry.code))
    before = _framework_facts(found) if found else None
    row = services.save_framework(
        session,
        framework=found,
        values=services.FrameworkInput(
            code=entry.code,
            name=v["name"],
            name_en=v["name_en"] or v["name"],
            kind=v["kind"],
            version=found.version if found else "1",
            source=v["definition"],
            confidence=found.confidence if found else "local_draft",
            valid_from=found.valid_from if found else None,
            valid_until=found.valid_until if found else None,
        ),
    )
    if row.state != v["state"]:
        services.set_framework_state(session, framework=row, state=v["state"])
    after = _framework_facts(row)
    facts = {"what": "framework", "id": row.id, "order": row.id, "edition": None}
    return {**facts, "before": before, "after": after}


_FRAMEWORK = ("name", "name_en", "kind", "source", "state")
_COMPETENCY = ("name", "name_en", "kind", "parent_id", "two_stage", "shelf_life_months", "state")


def _framework_facts(row: Framework) -> dict[str, Any]:
    return {name: getattr(row, name) for name in _FRAMEWORK}


def _facts(row: Competency) -> dict[str, Any]:
    facts: dict[str, Any] = {name: getattr(row, name) for name in _COMPETENCY}
    mappings = [[m.target_framework, m.target_code, m.target_name] for m in row.mappings]
    return {**facts, "wording": wording_of(row).content(), "mappings": mappings}


def _take_back(session: Session, detail: Mapping[str, Any]) -> None:
    before = detail["before"]
    model: Any = Framework if detail["what"] == "framework" else Competency
    row = session.get_one(model, detail["id"])
    if before is None:
        session.delete(row)
        session.flush()
        return
    for name in _FRAMEWORK if model is Framework else _COMPETENCY:
        setattr(row, name, before[name])
    if model is Competency:
        if detail["edition"]:
            restore_wording(session, competency=row, number=detail["edition"])
        else:
            write_wording(row, Wording.kept(before["wording"]))
        set_mappings(session, row, before["mappings"])
        row.revision += 1
    session.flush()


register_sheet(ImportKind.DICTIONARY, DictionarySheet(), N_("Impor kamus %(name)s"))
