"""The civil servant's side: interest in open seats, invitations, own considerations, contests.

Nothing here is read by a score: interest is shown beside a list, never in it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from app.core import clock
from app.core.actor import Actor
from app.core.audit import record
from app.core.errors import Conflict, InvalidInput, Stale
from app.core.i18n import N_, Message
from app.core.notifications.services import notify
from matching.enums import SeatState, ShortlistState
from matching.models import (
    Contest,
    ContestCategory,
    Decision,
    Invitation,
    Role,
    ScoutingRun,
    Seat,
    SeatInterest,
    ShortlistEntry,
)
from matching.rules import group_of
from matching.services.runs import ranked_rows
from skills.models import Employee, Standard

INTERESTED, DECLINED = "interested", "declined"
_RECENT = 60  # decisions that are looked through for one person


def states_of(session: Session, *, seat_id: int) -> Mapping[int, str]:
    """Return who has said what about a seat: employee to interested or declined."""
    rows = session.execute(
        select(SeatInterest.employee_id, SeatInterest.state).where(SeatInterest.seat_id == seat_id)
    )
    return dict(rows.all())


def own_interests(session: Session, *, employee_id: int) -> Mapping[int, SeatInterest]:
    """Return what a person has said, by seat."""
    rows = session.scalars(select(SeatInterest).where(SeatInterest.employee_id == employee_id))
    return {row.seat_id: row for row in rows}


def say(session: Session, *, seat: Seat, employee_id: int, state: str, note: str = "") -> None:
    """Say that one is interested in an open seat, or is not.

    Raises:
        Conflict: the seat is not open any more.
        InvalidInput: neither of the two words.
    """
    if state not in (INTERESTED, DECLINED):
        raise InvalidInput(N_("Pilih berminat atau tidak berminat."), field="state")
    if seat.state != SeatState.VACANT:
        raise Stale(N_("Kursi ini sudah tidak dibuka."))
    row = _own(session, seat.id, employee_id)
    if row is None:
        row = SeatInterest(seat_id=seat.id, employee_id=employee_id, state="", note="")
        session.add(row)
    before, row.state, row.note = row.state or None, state, note.strip()[:500]
    row.updated_at = clock.now()
    session.flush()
    record(
        session,
        "matching:interest:say",
        row,
        changes={"state": (before, state)},
        people=[employee_id],
        seat=seat.code,
    )


def withdraw(session: Session, *, seat: Seat, employee_id: int) -> None:
    """Take back what was said; the row is deleted, and no score ever knew it."""
    row = _own(session, seat.id, employee_id)
    if row is None:
        return
    record(session, "matching:interest:withdraw", row, people=[employee_id], seat=seat.code)
    session.delete(row)
    session.flush()


def _own(session: Session, seat_id: int, employee_id: int) -> SeatInterest | None:
    return session.scalar(
        select(SeatInterest).where(
            SeatInterest.seat_id == seat_id, SeatInterest.employee_id == employee_id
        )
    )


def open_seats(session: Session) -> Sequence[Seat]:
    """Return all vacant seats with OPD and role."""
    return session.scalars(
        select(Seat)
        .where(Seat.state == SeatState.VACANT)
        .options(
            joinedload(Seat.opd),
            joinedload(Seat.role).joinedload(Role.standard).selectinload(Standard.items),
        )
        .order_by(Seat.opened_on.desc(), Seat.code)
    ).all()


def invite(
    session: Session, *, actor: Actor, entry: ShortlistEntry, due_on: date, text: str = ""
) -> Invitation:
    """Invite somebody on the shortlist, with a deadline for the answer.

    Raises:
        Conflict: invited already, or decided.
        InvalidInput: a deadline that has passed.
    """
    if entry.state != ShortlistState.PROPOSED:
        raise Stale(N_("Kandidat ini sudah diundang atau diputuskan."))
    if due_on <= clock.today():
        raise InvalidInput(N_("Batas jawaban paling cepat besok."), field="due_on")
    invitation = Invitation(
        entry_id=entry.id,
        text=text.strip()[:2000],
        due_on=due_on,
        sent_at=clock.now(),
        sent_by_id=actor.account_id,
    )
    entry.state = ShortlistState.INVITED
    session.add(invitation)
    session.flush()
    record(
        session, "matching:invitation:send", invitation, people=[entry.employee_id], due_on=due_on
    )
    facts = {"role": entry.seat.role.name, "opd": entry.seat.opd.name, "day": due_on.isoformat()}
    notify(
        session,
        employee_id=entry.employee_id,
        kind="invitation",
        message=Message(
            N_("Anda diundang mengikuti seleksi %(role)s di %(opd)s. Jawab sebelum %(day)s."), facts
        ),
        url="/kursi/saya",
        email=True,
        key=f"invitation:{invitation.id}",
    )
    return invitation


def answer_invitation(
    session: Session, *, invitation: Invitation, accept: bool, note: str = ""
) -> None:
    """Accept or decline an invitation within its deadline.

    Raises:
        Conflict: answered already, withdrawn, or too late.
    """
    entry = invitation.entry
    if invitation.answered_at is not None or entry.state != ShortlistState.INVITED:
        raise Stale(N_("Undangan ini sudah dijawab atau ditarik."))
    if clock.today() > invitation.due_on:
        raise Conflict(N_("Batas waktu menjawab undangan ini sudah lewat."))
    before = entry.state
    entry.state = ShortlistState.ACCEPTED if accept else ShortlistState.DECLINED
    invitation.answered_at, invitation.note = clock.now(), note.strip()[:500]
    session.flush()
    record(
        session,
        "matching:invitation:answer",
        invitation,
        changes={"state": (before, entry.state)},
        people=[entry.employee_id],
    )
    if invitation.sent_by_id is not None:
        words = N_("Undangan seleksi diterima.") if accept else N_("Undangan seleksi ditolak.")
        notify(
            session,
            account_id=invitation.sent_by_id,
            kind="invitation",
            message=Message(words),
            url=f"/kursi/{entry.seat_id}#daftar-pendek",
            key=f"invitation:{invitation.id}:answer",
        )


def invitations_of(session: Session, *, employee_id: int) -> Sequence[Invitation]:
    """Return the invitations of a person, the newest first."""
    return session.scalars(
        select(Invitation)
        .join(ShortlistEntry, ShortlistEntry.id == Invitation.entry_id)
        .where(ShortlistEntry.employee_id == employee_id)
        .options(
            joinedload(Invitation.entry).joinedload(ShortlistEntry.seat).joinedload(Seat.role),
            joinedload(Invitation.entry).joinedload(ShortlistEntry.seat).joinedload(Seat.opd),
        )
        .order_by(Invitation.id.desc())
    ).all()


@dataclass(frozen=True)
class Consideration:
    """A decided search in which a person was considered: the own figures, nobody else's."""

    decision: Decision
    rank: int
    considered: int
    fit: float
    group: str
    outcome: str  # chosen, backup, shortlisted, not_shortlisted
    reason: str
    explanation: Mapping[str, object] | None
    contests: Sequence[Contest]


def considerations(session: Session, *, employee_id: int) -> list[Consideration]:
    """Return the recent decided searches in which a person was considered, the newest first."""
    rows = session.execute(
        select(Decision, ScoutingRun)
        .join(ScoutingRun, ScoutingRun.id == Decision.run_id)
        .options(
            joinedload(Decision.seat).joinedload(Seat.role),
            joinedload(Decision.seat).joinedload(Seat.opd),
        )
        .order_by(Decision.id.desc())
        .limit(_RECENT)
    ).all()
    contests = _contests_by_decision(session, employee_id)
    entries = {
        (entry.seat_id, entry.round): entry
        for entry in session.scalars(
            select(ShortlistEntry).where(ShortlistEntry.employee_id == employee_id)
        )
    }
    found = []
    for decision, run in rows:
        table = ranked_rows(run)
        places = (table["id"] == employee_id).nonzero()[0]
        if not places.size:
            continue
        entry = entries.get((decision.seat_id, decision.round))
        fit = float(table["fit"][places[0]])
        cuts = run.parameters["cuts"]
        found.append(
            Consideration(
                decision=decision,
                rank=int(places[0]) + 1,
                considered=len(table),
                fit=fit,
                group=group_of(fit, (cuts[0], cuts[1])),  # type: ignore[index]
                outcome=_outcome(decision, entry, employee_id),
                reason=entry.reason if entry else "",
                explanation=entry.explanation if entry else None,
                contests=contests.get(decision.id, []),
            )
        )
    return found


def _outcome(decision: Decision, entry: ShortlistEntry | None, employee_id: int) -> str:
    if decision.employee_id == employee_id:
        return "chosen"
    if decision.backup_id == employee_id:
        return "backup"
    return "shortlisted" if entry is not None else "not_shortlisted"


def _contests_by_decision(session: Session, employee_id: int) -> dict[int, list[Contest]]:
    found: dict[int, list[Contest]] = {}
    rows = session.scalars(
        select(Contest)
        .where(Contest.employee_id == employee_id)
        .options(joinedload(Contest.category))
        .order_by(Contest.id)
    )
    for row in rows:
        found.setdefault(row.decision_id, []).append(row)
    return found


def contest_categories(session: Session) -> Sequence[ContestCategory]:
    """Return the maintained reasons to contest."""
    return session.scalars(
        select(ContestCategory)
        .where(ContestCategory.active.is_(True))
        .order_by(ContestCategory.position, ContestCategory.code)
    ).all()


def file_contest(
    session: Session, *, decision: Decision, employee_id: int, category_code: str, text: str
) -> Contest:
    """Object to a decision one was considered in, within the days of the category.

    Raises:
        InvalidInput: no text, an unknown category, or not considered in it.
        Conflict: too late, or filed already.
    """
    category = session.get(ContestCategory, category_code)
    if category is None or not category.active:
        raise InvalidInput(N_("Pilih alasan keberatan."), field="category_code")
    if not text.strip():
        raise InvalidInput(N_("Jelaskan keberatan Anda."), field="text")
    run = session.get_one(ScoutingRun, decision.run_id)
    if not (ranked_rows(run)["id"] == employee_id).any():
        raise InvalidInput(N_("Anda tidak termasuk dalam pencarian ini."))
    last = decision.decided_on + timedelta(days=category.file_days)
    if clock.today() > last:
        raise Conflict(N_("Batas waktu mengajukan keberatan sudah lewat."))
    known = session.scalar(
        select(Contest.id).where(
            Contest.decision_id == decision.id,
            Contest.employee_id == employee_id,
            Contest.category_code == category_code,
        )
    )
    if known is not None:
        raise Conflict(N_("Keberatan dengan alasan ini sudah Anda ajukan."))
    contest = Contest(
        decision_id=decision.id,
        employee_id=employee_id,
        category_code=category_code,
        text=text.strip()[:4000],
        filed_at=clock.now(),
        due_on=clock.today() + timedelta(days=category.answer_days),
    )
    session.add(contest)
    session.flush()
    record(session, "matching:contest:file", contest, people=[employee_id], category=category_code)
    return contest


def answer_contest(
    session: Session, *, actor: Actor, contest: Contest, upheld: bool, answer: str
) -> None:
    """Answer a contest in words and tell the person.

    Raises:
        Conflict: answered already.
        InvalidInput: no words.
    """
    if contest.answered_at is not None:
        raise Stale(N_("Keberatan ini sudah dijawab."))
    if not answer.strip():
        raise InvalidInput(N_("Isi jawaban atas keberatan."), field="answer")
    contest.outcome = "upheld" if upheld else "rejected"
    contest.answer, contest.answered_at = answer.strip()[:4000], clock.now()
    contest.answered_by_id, contest.answered_by_label = actor.account_id, actor.label
    session.flush()
    record(
        session,
        "matching:contest:answer",
        contest,
        changes={"outcome": (None, contest.outcome)},
        people=[contest.employee_id],
    )
    notify(
        session,
        employee_id=contest.employee_id,
        kind="contest",
        message=Message(N_("Keberatan Anda atas sebuah keputusan sudah dijawab.")),
        url="/kursi/saya#pertimbangan",
        email=True,
        key=f"contest:{contest.id}:answer",
    )


def contests_of_seat(session: Session, *, seat_id: int) -> Sequence[Contest]:
    """Return the contests of the decisions on a seat, open ones first."""
    return session.scalars(
        select(Contest)
        .join(Decision, Decision.id == Contest.decision_id)
        .where(Decision.seat_id == seat_id)
        .options(
            joinedload(Contest.employee).joinedload(Employee.opd), joinedload(Contest.category)
        )
        .order_by(Contest.answered_at.is_not(None), Contest.due_on, Contest.id)
    ).all()
