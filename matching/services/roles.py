"""Roles: made and changed by officers; a version that a run used is never edited in place."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from app.core import clock
from app.core.audit import record
from app.core.errors import Conflict, InvalidInput
from app.core.i18n import N_
from matching.models import Role, ScoutingRun, Seat
from matching.role_rules import checked_gates
from matching.services.gates import Scales
from skills.models import Standard
from skills.rules import Requirement
from skills.services.standards import (
    StandardInput,
    check_items,
    create_role_standard,
    prepare_version,
    put_in_force,
    save_version,
)

_TEXTS = ("name", "name_en", "text", "text_en")


@dataclass(frozen=True)
class RoleInput:
    """What a form says of a role."""

    name: str
    name_en: str
    text: str
    text_en: str = ""
    gates: Mapping[str, Any] = field(default_factory=dict)
    requirements: Sequence[Requirement] = ()
    reason: str = ""


def create_role(session: Session, *, code: str, values: RoleInput, scales: Scales) -> Role:
    """Make a role with its standard; both count from today as a local draft.

    Raises:
        InvalidInput: a missing or wrong value; requirements name their competency in the field.
        Conflict: the code is taken.
    """
    code = code.strip().upper()
    if not re.fullmatch(r"[A-Z0-9][A-Z0-9-]{1,29}", code):
        raise InvalidInput(
            N_("Kode 2 sampai 30 huruf besar, angka, atau tanda hubung."), field="code"
        )
    if session.scalar(select(Role.id).where(Role.code == code).limit(1)):
        raise Conflict(N_("Kode peran ini sudah dipakai."), field="code")
    gates = _checked(session, values, scales)
    standard = create_role_standard(
        session, code=f"ROLE-{code}", name=values.name, items=values.requirements
    )
    role = Role(code=code, standard_id=standard.id, gates=gates, source="draf lokal")
    _fill(role, values)
    session.add(role)
    session.flush()
    record(session, "matching:role:create", role, code=code)
    return role


def change_role(
    session: Session, *, role: Role, values: RoleInput, scales: Scales, expected: int
) -> Role:
    """Change a role; where a kept ranking used it, as a new version that its seats follow.

    Args:
        expected: id of the version that the form showed.

    Raises:
        InvalidInput: as for `create_role`, or requirements changed without a reason.
        Conflict: there is a newer version already, or nothing was changed.
    """
    newest = newest_role(session, role.code)
    if newest is None or newest.id != expected or newest.state == "retired":
        raise Conflict(N_("Peran ini sudah diubah orang lain. Muat ulang halaman."))
    gates = _checked(session, values, scales)
    asked = [
        Requirement(i.competency_id, i.level, i.weight, i.mandatory) for i in role.standard.items
    ]
    as_before = sorted(asked, key=_key) == sorted(values.requirements, key=_key)
    if as_before and not _differs(newest, values, gates):
        raise Conflict(N_("Tidak ada yang diubah."))
    if not as_before:
        _new_standard(session, newest.standard, values)
        newest = newest_role(session, role.code) or newest
    changed = next_version(session, newest)
    _fill(changed, values)
    changed.gates = gates
    session.flush()
    record(session, "matching:role:change", changed, version=changed.version, reason=values.reason)
    return changed


def _key(item: Requirement) -> int:
    return item.competency_id


def _differs(role: Role, values: RoleInput, gates: Mapping[str, Any]) -> bool:
    texts = any(getattr(role, name) != getattr(values, name).strip() for name in _TEXTS)
    return texts or {k: v for k, v in role.gates.items() if v} != {
        **{k: v for k, v in role.gates.items() if v and k not in gates},
        **{k: v for k, v in gates.items() if v},
    }


def _new_standard(session: Session, standard: Standard, values: RoleInput) -> None:
    if not values.reason.strip():
        raise InvalidInput(N_("Sebutkan alasan perubahan."), field="reason")
    prepared = prepare_version(session, standard=standard)
    day = max(clock.today(), standard.valid_from or clock.today())
    save_version(
        session,
        standard=prepared,
        values=StandardInput(values.name, standard.source, values.reason, day, standard.confidence),
        items=values.requirements,
        expected_revision=prepared.revision,
    )
    put_in_force(session, standard=prepared, valid_from=day, adopted=standard.state == "in_force")


def _checked(session: Session, values: RoleInput, scales: Scales) -> dict[str, Any]:
    for name in ("name", "name_en", "text"):
        if not getattr(values, name).strip():
            raise InvalidInput(N_("Wajib diisi."), field=name)
    if not values.requirements:
        raise InvalidInput(
            N_("Peran harus meminta sedikitnya satu kompetensi."), field="requirements"
        )
    check_items(session, values.requirements)
    return checked_gates(values.gates, ranks=scales.golongan, education=set(scales.education))


def _fill(role: Role, values: RoleInput) -> None:
    role.name, role.name_en = values.name.strip()[:200], values.name_en.strip()[:200]
    role.text, role.text_en = values.text.strip(), values.text_en.strip()


def next_version(session: Session, role: Role) -> Role:
    """Return the version of a role that may be changed: itself, or a copy where it was used.

    The copy follows it: the seats ask the new version, the old one is retired and stays readable.
    """
    if not is_used(session, role):
        return role
    copy = Role(
        **{
            name: getattr(role, name)
            for name in (*_TEXTS, "code", "strategy", "gates", "standard_id", "source")
        },
        version=role.version + 1,
        state=role.state,
    )
    role.state = "retired"
    session.add(copy)
    session.flush()
    session.execute(
        update(Seat)
        .where(Seat.role_id == role.id)
        .values(role_id=copy.id, version=Seat.version + 1)
        .execution_options(synchronize_session="fetch")
    )
    session.expire_all()
    record(session, "matching:role:version", copy, follows=role.id, version=copy.version)
    return copy


def is_used(session: Session, role: Role) -> bool:
    """Return whether a kept ranking rests on this version; shortlists always have one."""
    run = select(ScoutingRun.id).where(ScoutingRun.role_id == role.id).limit(1)
    return session.scalar(run) is not None


def newest_role(session: Session, code: str) -> Role | None:
    """Return the newest version of a role, or None."""
    last = select(func.max(Role.version)).where(Role.code == code).scalar_subquery()
    return session.scalar(select(Role).where(Role.code == code, Role.version == last))


def retire_role(session: Session, *, role: Role, reason: str) -> None:
    """Let nobody open a seat of a role any more; it stays readable.

    Raises:
        Conflict: seats of it are open. InvalidInput: no reason.
    """
    if not reason.strip():
        raise InvalidInput(N_("Isi alasannya."), field="reason")
    seats = select(func.count(Seat.id)).where(Seat.role_id == role.id, Seat.state != "closed")
    if session.scalar(seats):
        raise Conflict(N_("Tutup dahulu semua kursi peran ini."))
    before, role.state = role.state, "retired"
    session.flush()
    record(
        session, "matching:role:retire", role, changes={"state": (before, "retired")}, reason=reason
    )
