"""Files of levels of people: results of assessors and assessments, by NIP and competency.

The history is never overwritten: a row that differs from an imported one of the same person,
competency, source and day withdraws it; a row that differs from any other record is refused.
"""

from collections.abc import Sequence
from datetime import date
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.core import clock
from app.core.actor import Actor
from app.core.i18n import N_, Message
from skills.enums import VERIFIED_SOURCES, ImportKind, LevelSource
from skills.models import Competency, Employee, ImportBatch, ImportRow, LevelRecord
from skills.rules import months_after
from skills.services.import_plan import Action, Plan
from skills.services.levels import recompute_levels
from skills.services.sheet_run import EDITED, register_sheet
from skills.sheets.cells import SheetRow

SOURCES = {
    "penilaian atasan": LevelSource.SUPERVISOR,
    "penilaian rekan": LevelSource.PEER,
    "penilaian asesor": LevelSource.ASSESSOR,
    "hasil asesmen": LevelSource.ASSESSMENT,
    "bukti terverifikasi": LevelSource.EVIDENCE,
}
_WORDS = {source: word for word, source in SOURCES.items()}
_ALL = SOURCES | {source.value: source for source in SOURCES.values()}
_CHUNK = 500
_Key = tuple[int, int, str, date]


class LevelSheet:
    """Rows of levels."""

    key = "nip"

    def plan(self, session: Session, rows: Sequence[SheetRow], actor: Actor) -> list[Plan]:
        """Return what each row would do."""
        people = _people(session, {row.text("nip") for row in rows})
        competencies = {
            row.code: row for row in session.scalars(select(Competency).where(~Competency.is_area))
        }
        known = _known(session, [person.id for person in people.values()])
        seen: dict[_Key, int] = {}
        return [_plan(row, people, competencies, known, seen, actor) for row in rows]

    def write(
        self, session: Session, plans: Sequence[Plan], batch: ImportBatch
    ) -> dict[int, dict[str, Any]]:
        """Add the rows to the history, withdraw what they replace, and recompute the people."""
        actor, moment, details = session.info["actor"], clock.now(), {}
        for plan in plans:
            replaced = plan.values.pop("replaces")
            if replaced is not None:
                old = session.get_one(LevelRecord, replaced)
                old.withdrawn_at, old.withdrawn_reason = moment, "replaced by an import"
            row = LevelRecord(
                **plan.values,
                reference=f"import:{batch.id}:{plan.number}",
                recorded_at=moment,
                recorded_by_id=actor.account_id,
            )
            session.add(row)
            details[plan.number] = {"row": row, "replaced": replaced}
        session.flush()
        recompute_levels(session, employee_ids=_ids(plans))
        return {
            number: {"record": found["row"].id, "replaced": found["replaced"]}
            for number, found in details.items()
        }

    def refusal(self, session: Session, row: ImportRow) -> Message | None:
        """Refuse what was withdrawn or replaced since."""
        record = session.get(LevelRecord, (row.detail or {}).get("record"))
        if record is None or record.withdrawn_at is not None:
            return Message(EDITED)
        return None

    def take_back(self, session: Session, rows: Sequence[ImportRow]) -> None:
        """Withdraw the rows, let what they replaced count again, and recompute."""
        for row in rows:
            detail: Any = row.detail or {}
            record = session.get_one(LevelRecord, detail["record"])
            record.withdrawn_at, record.withdrawn_reason = clock.now(), "import undone"
            if detail["replaced"] is not None:
                old = session.get_one(LevelRecord, detail["replaced"])
                old.withdrawn_at = old.withdrawn_reason = None
        session.flush()
        people = sorted({row.employee_id for row in rows if row.employee_id})
        recompute_levels(session, employee_ids=people)


def _ids(plans: Sequence[Plan]) -> list[int]:
    return sorted({plan.values["employee_id"] for plan in plans})


def _people(session: Session, nips: set[str]) -> dict[str, Employee]:
    wanted, found = sorted(nips), {}
    for start in range(0, len(wanted), _CHUNK):
        for person in session.scalars(
            select(Employee)
            .where(Employee.nip.in_(wanted[start : start + _CHUNK]))
            .order_by(Employee.id)
        ):
            found[person.nip] = person
    return found


def _known(session: Session, people: Sequence[int]) -> dict[_Key, LevelRecord]:
    found: dict[_Key, LevelRecord] = {}
    for start in range(0, len(people), _CHUNK):
        for row in session.scalars(
            select(LevelRecord)
            .where(
                LevelRecord.employee_id.in_(people[start : start + _CHUNK]),
                LevelRecord.withdrawn_at.is_(None),
            )
            .order_by(LevelRecord.id)
        ):
            found[row.employee_id, row.competency_id, row.source, row.obtained_on] = row
    return found


def _plan(
    row: SheetRow,
    people: dict[str, Employee],
    competencies: dict[str, Competency],
    known: dict[_Key, LevelRecord],
    seen: dict[_Key, int],
    actor: Actor,
) -> Plan:
    nip = row.text("nip", 40)
    person, competency = people.get(nip), competencies.get(row.text("competency"))
    values = _values(row, person, competency)
    label = person.name if person else row.text("person") or nip
    plan = Plan(row.number, Action.ERROR, f"{label} · {row.text('competency')}", nip[:18], [])
    plan.current = {"id": person.id} if person else None
    if person and person.id == actor.employee_id and values["source"] in VERIFIED_SOURCES:
        row.fault("source", Message(N_("Level sendiri tidak dapat dinyatakan terverifikasi.")))
    if not row.problems:
        _settle(row, plan, values, known, seen)
    plan.problems = row.problems
    if any(problem.severity == "error" for problem in row.problems):
        plan.action = Action.ERROR
    return plan


def _values(
    row: SheetRow, person: Employee | None, competency: Competency | None
) -> dict[str, Any]:
    if person is None:
        row.fault("nip", Message(N_("NIP ini tidak ada dalam data pegawai.")))
    if competency is None:
        row.fault("competency", Message(N_("Kode kompetensi ini tidak dikenal.")))
    elif competency.state == "retired":
        row.fault("competency", Message(N_("Kompetensi ini tidak dipakai lagi.")))
    source = _ALL.get(row.text("source").casefold())
    if source is None:
        text = N_("Sumber tidak dikenal; isi salah satu: %(names)s.")
        row.fault("source", Message(text, {"names": ", ".join(SOURCES)}))
    obtained, until = row.day("obtained_on"), row.day("valid_until")
    _check_days(row, obtained, until)
    if until is None and obtained and competency and competency.shelf_life_months:
        if source in VERIFIED_SOURCES:
            until = months_after(obtained, competency.shelf_life_months)
    return {
        "employee_id": person.id if person else None,
        "competency_id": competency.id if competency else None,
        "level": row.level(),
        "source": source,
        "obtained_on": obtained,
        "valid_until": until,
        "note": row.text("note", 300) or None,
    }


def _check_days(row: SheetRow, obtained: date | None, until: date | None) -> None:
    if obtained is None:
        if not any(problem.field == "obtained_on" for problem in row.problems):
            row.fault("obtained_on", Message(N_("Wajib diisi.")))
        return
    if obtained > clock.today():
        row.fault("obtained_on", Message(N_("Tanggal ini belum tiba.")))
    if until is not None and until < obtained:
        row.fault("valid_until", Message(N_("Akhir masa berlaku mendahului tanggal diperoleh.")))


def _settle(
    row: SheetRow,
    plan: Plan,
    values: dict[str, Any],
    known: dict[_Key, LevelRecord],
    seen: dict[_Key, int],
) -> None:
    key = (
        values["employee_id"],
        values["competency_id"],
        values["source"].value,
        values["obtained_on"],
    )
    if key in seen:
        row.fault("nip", Message(N_("Sama dengan baris %(row)s."), {"row": seen[key]}))
        return
    seen[key] = row.number
    old = known.get(key)
    plan.values = {**values, "replaces": None}
    if old is None:
        plan.action, plan.after = Action.CREATE, _shown(values)
        return
    facts = {name: getattr(old, name) for name in ("level", "valid_until", "note")}
    changed = {name: value for name, value in facts.items() if values[name] != value}
    if not changed:
        plan.action = Action.UNCHANGED
    elif not (old.reference or "").startswith("import:"):
        row.fault("level", Message(N_("Sudah ada catatan lain pada tanggal dan sumber ini.")))
    else:
        plan.action, plan.values["replaces"] = Action.UPDATE, old.id
        plan.before = _plain({name: facts[name] for name in changed})
        plan.after = _plain({name: values[name] for name in changed})


def _shown(values: dict[str, Any]) -> dict[str, Any]:
    names = ("level", "source", "obtained_on", "valid_until")
    return _plain({name: values[name] for name in names if values[name] is not None})


def _plain(values: dict[str, Any]) -> dict[str, Any]:
    def one(value: Any) -> Any:
        if isinstance(value, LevelSource):
            return _WORDS[value]
        return value.isoformat() if isinstance(value, date) else value

    return {name: one(value) for name, value in values.items()}


register_sheet(ImportKind.LEVEL, LevelSheet(), N_("Impor level %(name)s"))
