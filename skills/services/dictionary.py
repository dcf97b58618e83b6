"""Keep the dictionary: frameworks, competencies and areas, their wordings, and their end.

Names, place in the tree and settings change in place (identity is the id, so renaming is safe).
What a used competency says gets a new edition instead; what is used is never deleted.
"""

from dataclasses import dataclass, field
from datetime import date
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.core.audit import changed_fields, record
from app.core.errors import Conflict, InvalidInput
from app.core.i18n import N_, Message
from skills.enums import CompetencyKind, ReferenceState
from skills.models import Competency, CompetencyLevel, Framework
from skills.services.editions import Wording, change_wording, wording_of
from skills.services.reference_usage import standards_asking, use_words, uses_of_competency

_PLACES = ("name", "name_en", "parent_id", "two_stage", "shelf_life_months", "kind")
_STALE = N_("Data ini baru saja diubah orang lain. Muat ulang halaman lalu ulangi perubahan Anda.")


@dataclass(frozen=True)
class FrameworkInput:
    """What a form or file says of a framework."""

    code: str
    name: str
    name_en: str
    kind: str
    version: str
    source: str
    confidence: str = "local_draft"
    valid_from: date | None = None
    valid_until: date | None = None


@dataclass(frozen=True)
class CompetencyInput:
    """What a form or file says of a competency or an area."""

    code: str
    name: str
    name_en: str
    kind: str
    wording: Wording = field(default_factory=Wording)
    parent_id: int | None = None
    is_area: bool = False
    two_stage: bool = False
    shelf_life_months: int | None = None


def save_framework(
    session: Session, *, framework: Framework | None, values: FrameworkInput
) -> Framework:
    """Create a framework as a draft, or change what one is called, its source and its time.

    Raises:
        InvalidInput: a missing or wrong value. Conflict: the code is taken.
    """
    _check_names(values.code, values.name)
    _check_kind(values.kind)
    if values.valid_from and values.valid_until and values.valid_until < values.valid_from:
        raise InvalidInput(N_("Akhir masa berlaku mendahului awalnya."), field="valid_until")
    row = framework or Framework(code=values.code, state=ReferenceState.DRAFT)
    if framework is None:
        if session.scalar(select(Framework.id).where(Framework.code == values.code)):
            raise Conflict(N_("Kode ini sudah dipakai."))
        session.add(row)
    for name, value in vars(values).items():
        if name != "code":
            setattr(row, name, value)
    changes = changed_fields(row) if framework is not None else None
    session.flush()
    tag = "skills:framework:edit" if framework is not None else "skills:framework:create"
    record(session, tag, row, changes=changes, code=row.code)
    return row


def set_framework_state(session: Session, *, framework: Framework, state: str) -> None:
    """Put a framework into force, or retire it.

    Raises:
        InvalidInput: an unknown state. Conflict: standards in use ask its competencies.
    """
    if state not in (ReferenceState.IN_FORCE, ReferenceState.DRAFT, ReferenceState.RETIRED):
        raise InvalidInput(N_("Keadaan ini tidak dikenal."))
    if state == ReferenceState.RETIRED:
        ids = session.scalars(
            select(Competency.id).where(Competency.framework_id == framework.id)
        ).all()
        _refuse_asked(session, list(ids))
    framework.state = state
    changes = changed_fields(framework, "state")
    session.flush()
    record(session, "skills:framework:state", framework, changes=changes)


def _refuse_asked(session: Session, ids: list[int]) -> None:
    names = standards_asking(session, ids)
    if names:
        text = N_(
            "Masih dituntut %(count)s standar, antara lain %(name)s. Ubah standar itu dahulu."
        )
        raise Conflict(Message(text, {"count": len(names), "name": names[0]}))


def create_competency(
    session: Session, *, framework: Framework, values: CompetencyInput
) -> Competency:
    """Add a competency or an area to a framework.

    Raises:
        InvalidInput: a missing or wrong value. Conflict: the code is taken.
    """
    _check_names(values.code, values.name)
    _check_kind(values.kind)
    if session.scalar(select(Competency.id).where(Competency.code == values.code)):
        raise InvalidInput(N_("Kode ini sudah dipakai."), field="code")
    if not values.is_area:
        values.wording.check()
    row = Competency(
        framework_id=framework.id,
        code=values.code,
        is_area=values.is_area,
        state=framework.state,
        column=None if values.is_area else _next(session, Competency.column),
        position=_next(session, Competency.position),
        definition=values.wording.definition,
        keywords=list(values.wording.keywords),
        levels=[
            CompetencyLevel(level=level, behaviours=list(texts))
            for level, texts in sorted(values.wording.levels.items())
        ],
    )
    _place(session, row, values)
    session.add(row)
    session.flush()
    record(session, "skills:competency:create", row, code=row.code)
    return row


def _next(session: Session, column: Any) -> int:
    last = session.scalar(select(func.max(column)))
    return 0 if last is None else int(last) + 1


def change_competency(
    session: Session,
    *,
    competency: Competency,
    values: CompetencyInput,
    valid_from: date,
    reason: str = "",
    expected_revision: int | None = None,
) -> bool:
    """Change a competency: names and settings in place, its wording by a new edition where used.

    Returns:
        Whether a new edition was made.

    Raises:
        InvalidInput: a missing or wrong value, a cycle in the tree. Conflict: a stale form.
    """
    if expected_revision is not None and competency.revision != expected_revision:
        raise Conflict(_STALE)
    _check_names(competency.code, values.name)
    _check_kind(values.kind)
    _place(session, competency, values)
    changes = changed_fields(competency, *_PLACES)
    made = False
    if values.wording != wording_of(competency):
        if not competency.is_area:
            values.wording.check()
        made = change_wording(
            session,
            competency=competency,
            wording=values.wording,
            used=bool(uses_of_competency(session, competency.id)),
            valid_from=valid_from,
            reason=reason,
        )
        changes = {**changes, "wording": ("", "edition" if made else "in place")}
    if changes:
        competency.revision += 1
        session.flush()
        record(session, "skills:competency:edit", competency, changes=changes, reason=reason)
    return made


def _place(session: Session, row: Competency, values: CompetencyInput) -> None:
    months = values.shelf_life_months
    if months is not None and not 1 <= months <= 240:
        raise InvalidInput(N_("Masa berlaku bukti antara 1 dan 240 bulan."), field="months")
    _check_parent(session, row, values.parent_id)
    for name in _PLACES:
        setattr(row, name, getattr(values, name))


def _check_parent(session: Session, row: Competency, parent_id: int | None) -> None:
    """Refuse a parent outside of the framework, one that is no area, and a cycle."""
    seen = {row.id} if row.id is not None else set()
    following = parent_id
    while following is not None:
        parent = session.get(Competency, following)
        if parent is None or parent.framework_id != row.framework_id or not parent.is_area:
            raise InvalidInput(
                N_("Induk harus sebuah bidang dalam kamus yang sama."), field="parent_id"
            )
        if parent.id in seen:
            raise InvalidInput(
                N_("Susunan ini melingkar: sebuah bidang tidak dapat berada di dalam dirinya."),
                field="parent_id",
            )
        seen.add(parent.id)
        following = parent.parent_id


def set_competency_state(session: Session, *, competency: Competency, state: str) -> None:
    """Put a competency into force, back to draft, or retire it.

    Raises:
        InvalidInput: an unknown state. Conflict: standards in use ask it.
    """
    if state not in (ReferenceState.IN_FORCE, ReferenceState.DRAFT, ReferenceState.RETIRED):
        raise InvalidInput(N_("Keadaan ini tidak dikenal."))
    if state == ReferenceState.RETIRED:
        _refuse_asked(session, [competency.id])
    competency.state = state
    changes = changed_fields(competency, "state")
    competency.revision += 1
    session.flush()
    record(session, "skills:competency:state", competency, changes=changes)


def delete_competency(session: Session, *, competency: Competency) -> None:
    """Delete a competency or area that nothing uses.

    Raises:
        Conflict: it is used; the sentence says by what.
    """
    told = use_words(uses_of_competency(session, competency.id))
    below = session.scalar(
        select(func.count()).select_from(Competency).where(Competency.parent_id == competency.id)
    )
    if below:
        told.append(Message(N_("%(count)s kompetensi di bawahnya"), {"count": below}))
    if told:
        raise Conflict(
            Message(
                N_(
                    "Tidak dapat dihapus karena dipakai: %(use)s. Nonaktifkan bila tidak "
                    "dipakai lagi."
                ),
                {"use": told[0] if len(told) == 1 else _joined(told)},
            )
        )
    record(session, "skills:competency:delete", competency, code=competency.code)
    session.delete(competency)
    session.flush()


def _joined(told: list[Message]) -> Message:
    first, *others = told
    rest = _joined(others) if len(others) > 1 else others[0]
    return Message(N_("%(first)s, %(rest)s"), {"first": first, "rest": rest})


def _check_names(code: str, name: str) -> None:
    if not code or len(code) > 30 or any(sign.isspace() for sign in code):
        raise InvalidInput(
            N_("Kode wajib diisi, tanpa spasi, paling panjang 30 huruf."), field="code"
        )
    if not name.strip() or len(name) > 200:
        raise InvalidInput(N_("Nama wajib diisi, paling panjang 200 huruf."), field="name")


def _check_kind(kind: str) -> None:
    if kind not in set(CompetencyKind):
        raise InvalidInput(N_("Jenis kompetensi ini tidak dikenal."), field="kind")
