"""Assessment rounds: prepare, invite, open, remind and close."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from app.core import clock
from app.core.actor import Actor
from app.core.audit import changed_fields, record
from app.core.errors import Conflict, InvalidInput, InvalidTransition
from app.core.i18n import N_
from skills.enums import RaterKind, RoundState
from skills.models import (
    AssessmentRound,
    AssessmentTarget,
    Competency,
    Employee,
)
from skills.queries.people import visible
from skills.services.reference_load import reference_rows

_MOST_COMPETENCIES = 30
_STALE = N_("Putaran ini baru saja diubah orang lain. Periksa lalu kirim lagi.")


@dataclass(frozen=True)
class RoundInput:
    """What the form of a round says."""

    name: str
    purpose: str
    starts_on: date
    ends_on: date
    sources: Sequence[str]
    competency_ids: Sequence[int]
    double_percent: int
    min_raters: int
    valid_months: int | None


@dataclass(frozen=True)
class Invited:
    """What became of an invitation."""

    added: int
    known: int
    unknown: Sequence[str]  # NIP that nobody in reach has


def settings_of(session: Session) -> dict[str, str]:
    """Return what rounds start from, by code."""
    return {
        row["code"]: str(row["value"]) for row in reference_rows(session, "assessment_settings")
    }


def create_round(session: Session, *, given: RoundInput, actor: Actor) -> AssessmentRound:
    """Add a round as a draft.

    Raises:
        InvalidInput: something is missing or contradicts itself.
    """
    competencies = _checked(session, given, None)
    found = AssessmentRound(created_by_id=actor.account_id, created_at=clock.now())
    _fill(found, given, competencies)
    session.add(found)
    session.flush()
    record(session, "skills:assessment:create", found, name=found.name)
    return found


def change_round(
    session: Session, *, round_: AssessmentRound, given: RoundInput, expected_version: int
) -> None:
    """Change a draft; of an open round only the last day may move.

    Raises:
        Conflict: somebody changed it meanwhile. InvalidTransition: it is closed.
    """
    if round_.version != expected_version:
        raise Conflict(_STALE)
    if round_.state == RoundState.DRAFT:
        _fill(round_, given, _checked(session, given, round_.id))
    elif round_.state == RoundState.OPEN:
        if given.ends_on < max(round_.starts_on, clock.today()):
            raise InvalidInput(N_("Hari terakhir tidak boleh sudah lewat."), field="ends_on")
        round_.ends_on = given.ends_on
    else:
        raise InvalidTransition(N_("Putaran yang sudah ditutup tidak dapat diubah."))
    changes = changed_fields(round_, "name", "starts_on", "ends_on", "sources", "double_percent")
    session.flush()
    record(session, "skills:assessment:change", round_, changes=changes)


def _fill(round_: AssessmentRound, given: RoundInput, competencies: list[Competency]) -> None:
    round_.name, round_.purpose = given.name.strip(), given.purpose.strip()
    round_.starts_on, round_.ends_on = given.starts_on, given.ends_on
    round_.sources = ",".join(kind for kind in RaterKind if kind in given.sources)
    round_.double_percent = given.double_percent
    round_.min_raters = given.min_raters
    round_.valid_months = given.valid_months
    round_.competencies = competencies


def _checked(session: Session, given: RoundInput, own_id: int | None) -> list[Competency]:
    if given.ends_on < given.starts_on:
        raise InvalidInput(N_("Hari terakhir mendahului hari pertama."), field="ends_on")
    if not set(given.sources) & set(RaterKind):
        raise InvalidInput(N_("Pilih paling sedikit satu sumber penilaian."), field="sources")
    same = select(AssessmentRound.id).where(
        func.lower(AssessmentRound.name) == given.name.strip().lower()
    )
    if session.scalar(same.where(AssessmentRound.id != (own_id or 0))) is not None:
        raise InvalidInput(N_("Nama ini sudah dipakai putaran lain."), field="name")
    found = list(
        session.scalars(
            select(Competency)
            .where(Competency.id.in_(given.competency_ids), Competency.is_area.is_(False))
            .order_by(Competency.position)
        )
    )
    if not 1 <= len(found) <= _MOST_COMPETENCIES:
        raise InvalidInput(N_("Pilih 1 sampai 30 kompetensi."), field="competency_ids")
    return found


def invite(
    session: Session, *, round_: AssessmentRound, employee_ids: Iterable[int], actor: Actor
) -> Invited:
    """Invite people in service whom the actor may read; who is invited already stays so."""
    _need_draft(round_)
    wanted = set(employee_ids)
    able = set(
        session.scalars(
            select(Employee.id).where(
                Employee.id.in_(wanted), Employee.employment_state == "active", visible(actor)
            )
        )
    )
    return _add(session, round_, able, unknown=())


def invite_by_filter(
    session: Session,
    *,
    round_: AssessmentRound,
    actor: Actor,
    opd_id: int | None,
    unit_id: int | None,
    position_kind: str,
) -> Invited:
    """Invite everybody in service of an OPD, a unit or a kind of position."""
    _need_draft(round_)
    if not (opd_id or unit_id or position_kind):
        raise InvalidInput(N_("Pilih OPD, unit, atau jenis jabatan."), field="opd_id")
    pairs = (
        (Employee.opd_id, opd_id),
        (Employee.unit_id, unit_id),
        (Employee.position_kind, position_kind),
    )
    conditions: list[Any] = [column == value for column, value in pairs if value]
    found = session.scalars(
        select(Employee.id).where(
            Employee.employment_state == "active", visible(actor), *conditions
        )
    )
    return _add(session, round_, set(found), unknown=())


def invite_by_nip(session: Session, *, round_: AssessmentRound, text: str, actor: Actor) -> Invited:
    """Invite people by a pasted list of NIP, in any order and with anything between them."""
    _need_draft(round_)
    given = list(dict.fromkeys(re.findall(r"\d{18}", re.sub(r"(?<=\d)[ .](?=\d)", "", text))))
    if not given:
        raise InvalidInput(N_("Tempel paling sedikit satu NIP 18 angka."), field="nips")
    rows = session.execute(
        select(Employee.nip, Employee.id).where(
            Employee.nip.in_(given), Employee.employment_state == "active", visible(actor)
        )
    )
    people = {row.nip: row.id for row in rows}
    unknown = [nip for nip in given if nip not in people]
    return _add(session, round_, set(people.values()), unknown=unknown)


def _add(
    session: Session, round_: AssessmentRound, people: set[int], *, unknown: Sequence[str]
) -> Invited:
    known = set(
        session.scalars(
            select(AssessmentTarget.employee_id).where(AssessmentTarget.round_id == round_.id)
        )
    )
    new = sorted(people - known)
    session.add_all(AssessmentTarget(round_id=round_.id, employee_id=one) for one in new)
    session.flush()
    if new:
        record(session, "skills:assessment:invite", round_, people=new)
    return Invited(len(new), len(people & known), unknown)


def uninvite(session: Session, *, round_: AssessmentRound, target_ids: Sequence[int]) -> int:
    """Take people off a draft; return how many."""
    _need_draft(round_)
    criteria = (AssessmentTarget.round_id == round_.id, AssessmentTarget.id.in_(target_ids))
    people = session.scalars(select(AssessmentTarget.employee_id).where(*criteria)).all()
    session.execute(delete(AssessmentTarget).where(*criteria))
    session.flush()
    record(session, "skills:assessment:uninvite", round_, people=list(people))
    return len(people)


def delete_round(session: Session, *, round_: AssessmentRound) -> None:
    """Throw a draft away; nothing was asked of anybody yet."""
    _need_draft(round_)
    record(session, "skills:assessment:delete", round_, name=round_.name)
    session.delete(round_)
    session.flush()


def _need_draft(round_: AssessmentRound) -> None:
    if round_.state != RoundState.DRAFT:
        raise InvalidTransition(N_("Putaran ini sudah dibuka; undangannya tetap."))
