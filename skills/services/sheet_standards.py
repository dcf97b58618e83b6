"""Files of standards: a row is one requirement; a standard that changes gets a new version.

Requirements that the file does not name stay; `Hapus` takes one out.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from app.core import clock
from app.core.actor import Actor
from app.core.audit import record
from app.core.i18n import N_, Message
from skills.enums import ImportKind
from skills.models import Competency, ImportBatch, ImportRow, Standard, StandardItem
from skills.rules import Requirement
from skills.services import standards as services
from skills.services.import_plan import Action, Plan
from skills.services.import_undo import in_use
from skills.services.reference_load import reference_rows
from skills.services.sheet_run import EDITED, register_sheet
from skills.sheets.cells import SheetRow
from skills.standard_rules import is_weight

KINDS = {"kelas jabatan": "class", "jabatan": "position", "peran": "role"}
_ALL = KINDS | {kind: kind for kind in KINDS.values()}
_FACTS = ("level", "weight", "mandatory")


class StandardSheet:
    """Rows of requirements."""

    key = "standard"

    def plan(self, session: Session, rows: Sequence[SheetRow], actor: Actor) -> list[Plan]:
        """Return what each row would do."""
        newest = _newest(session)
        competencies = {
            row.code: row for row in session.scalars(select(Competency).where(~Competency.is_area))
        }
        classes = {str(row["code"]) for row in reference_rows(session, "position_classes")}
        plans, seen, heads = [], dict[tuple[str, int], int](), dict[str, dict[str, Any]]()
        for row in rows:
            plan = _plan(row, newest, competencies, seen)
            code = row.text("standard", 60)
            if code not in newest:
                heads.setdefault(code, _head(row, classes))
                plan.values["head"] = heads[code]
            plan.problems = row.problems
            if any(problem.severity == "error" for problem in row.problems):
                plan.action = Action.ERROR
            plans.append(plan)
        return plans

    def write(
        self, session: Session, plans: Sequence[Plan], batch: ImportBatch
    ) -> dict[int, dict[str, Any]]:
        """Make one new version of each standard that changes, and put it into force today."""
        groups: dict[str, list[Plan]] = defaultdict(list)
        for plan in plans:
            groups[plan.values["standard"]].append(plan)
        newest, details = _newest(session), {}
        reason = f"Impor {batch.file_name}"[:300]
        for code, group in sorted(groups.items()):
            old = newest.get(code)
            made = _version(session, code, old, group, reason)
            until = old.valid_until.isoformat() if old and old.valid_until else None
            items = {item.competency_id: item for item in old.items} if old else {}
            _fill(session, made, items, group, reason)
            services.put_in_force(
                session,
                standard=made,
                valid_from=clock.today(),
                adopted=old is not None and old.state == "in_force",
            )
            for plan in group:
                details[plan.number] = {
                    "standard": made.id,
                    "previous": old.id if old else None,
                    "until": until,
                }
        return details

    def refusal(self, session: Session, row: ImportRow) -> Message | None:
        """Refuse standards that got another version since."""
        detail: Any = row.detail or {}
        made = session.get(Standard, detail["standard"])
        if made is None or made.state not in ("draft", "in_force"):
            return Message(EDITED)
        later = session.scalar(
            select(Standard.id).where(Standard.code == made.code, Standard.version > made.version)
        )
        return Message(EDITED) if later else None

    def take_back(self, session: Session, rows: Sequence[ImportRow]) -> None:
        """Take the new versions away; the ones before count again."""
        details: dict[int, Any] = {}
        for row in rows:
            detail: Any = row.detail or {}
            details[detail["standard"]] = detail
        for made_id, detail in sorted(details.items()):
            _undo_version(session, session.get_one(Standard, made_id), detail)


def _newest(session: Session) -> dict[str, Standard]:
    rows = session.scalars(
        select(Standard).options(selectinload(Standard.items)).order_by(Standard.version)
    )
    return {row.code: row for row in rows}


def _head(row: SheetRow, classes: set[str]) -> dict[str, Any]:
    """Return what the first row of a new standard says of it."""
    kind = _ALL.get(row.text("standard_kind").casefold())
    name, class_code = row.text("standard_name", 250), row.text("class_code", 30) or None
    if not name:
        row.fault("standard_name", Message(N_("Standar baru harus punya nama.")))
    if kind not in ("class", "position"):
        row.fault(
            "standard_kind", Message(N_("Standar baru berlaku untuk kelas jabatan atau jabatan."))
        )
    if kind == "class" and class_code not in classes:
        row.fault("class_code", Message(N_("Kelas jabatan ini tidak dikenal.")))
    return {"name": name, "kind": kind, "class_code": class_code}


def _plan(
    row: SheetRow,
    newest: Mapping[str, Standard],
    competencies: Mapping[str, Competency],
    seen: dict[tuple[str, int], int],
) -> Plan:
    code, name = row.text("standard", 60), row.text("competency")
    plan = Plan(row.number, Action.ERROR, f"{code} · {name}", None, [])
    plan.values = {"standard": code}
    standard, competency = newest.get(code), competencies.get(name)
    if not code:
        row.fault("standard", Message(N_("Wajib diisi.")))
    if standard is not None:
        _check_standard(row, standard)
    if competency is None:
        row.fault("competency", Message(N_("Kode kompetensi ini tidak dikenal.")))
        return plan
    removes = row.flag("remove")
    if competency.state == "retired" and not removes:
        row.fault("competency", Message(N_("Kompetensi ini tidak dipakai lagi.")))
    if (first := seen.setdefault((code, competency.id), row.number)) != row.number:
        row.fault("competency", Message(N_("Sama dengan baris %(row)s."), {"row": first}))
    items = {item.competency_id: item for item in standard.items} if standard else {}
    _settle(row, plan, items.get(competency.id), competency, removes)
    return plan


def _check_standard(row: SheetRow, standard: Standard) -> None:
    if standard.state == "prepared":
        row.fault("standard", Message(N_("Ada versi yang sedang disiapkan; selesaikan dahulu.")))
    elif standard.state == "retired":
        row.fault("standard", Message(N_("Standar ini tidak dipakai lagi.")))
    elif standard.valid_from and standard.valid_from > clock.today():
        row.fault("standard", Message(N_("Ada versi yang menunggu hari berlakunya.")))


def _settle(
    row: SheetRow, plan: Plan, item: StandardItem | None, competency: Competency, removes: bool
) -> None:
    plan.values["competency_id"] = competency.id
    if removes:
        plan.values["item"] = None
        plan.action = Action.UPDATE if item is not None else Action.UNCHANGED
        if item is not None:
            plan.before, plan.after = _shown(item), {"remove": N_("ya")}
        return
    level, weight = row.level(), row.number_of("weight", item.weight if item else 1.0)
    if not is_weight(weight):
        row.fault("weight", Message(N_("Bobot harus lebih dari 0, paling besar 100.")))
    mandatory = row.flag("mandatory") if row.has("mandatory") else bool(item and item.mandatory)
    plan.values["item"] = Requirement(competency.id, level, weight, mandatory)
    after = {"level": level, "weight": weight, "mandatory": mandatory}
    if item is None:
        plan.action, plan.after = Action.CREATE, after
        return
    before = _shown(item)
    changed = [name for name in _FACTS if before[name] != after[name]]
    plan.action = Action.UPDATE if changed else Action.UNCHANGED
    if changed:
        plan.before = {name: before[name] for name in changed}
        plan.after = {name: after[name] for name in changed}


def _shown(item: StandardItem) -> dict[str, Any]:
    return {"level": item.level, "weight": item.weight, "mandatory": item.mandatory}


def _version(
    session: Session, code: str, old: Standard | None, group: Sequence[Plan], reason: str
) -> Standard:
    if old is not None:
        return services.prepare_version(session, standard=old)
    head = group[0].values["head"]
    return services.create_standard(
        session,
        code=code,
        kind=head["kind"],
        class_code=head["class_code"],
        values=services.StandardInput(head["name"], reason=reason),
    )


def _fill(
    session: Session,
    made: Standard,
    items: Mapping[int, StandardItem],
    group: Sequence[Plan],
    reason: str,
) -> None:
    wanted = {
        key: Requirement(key, item.level, item.weight, item.mandatory)
        for key, item in items.items()
    }
    for plan in group:
        key = plan.values["competency_id"]
        if plan.values["item"] is None:
            wanted.pop(key, None)
        else:
            wanted[key] = plan.values["item"]
    services.save_version(
        session,
        standard=made,
        values=services.StandardInput(
            made.name, made.source, reason, clock.today(), made.confidence
        ),
        items=list(wanted.values()),
        expected_revision=made.revision,
    )


def _undo_version(session: Session, made: Standard, detail: Mapping[str, Any]) -> None:
    previous = session.get(Standard, detail["previous"]) if detail["previous"] else None
    if previous is not None:
        until = detail["until"]
        previous.valid_until = date.fromisoformat(until) if until else None
        services.tell_adopters(session, previous)
    record(session, "skills:standard:undo", made, code=made.code, version=made.version)
    if in_use(session, Standard.__table__, [made.id], without={"standard_item"}):  # type: ignore[arg-type]
        made.state = "retired"
    else:
        session.delete(made)
    session.flush()


register_sheet(ImportKind.STANDARD, StandardSheet(), N_("Impor standar %(name)s"))
