"""Seats of the demonstration city on their way from the list to a holder, and kept searches."""

from collections.abc import Mapping, Sequence
from datetime import timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.core import clock
from app.core.accounts.sessions import actor_of
from app.core.actor import Actor, RoleName
from app.demo.accounts import SignIn
from matching.models import Decision, Seat, ShortlistEntry
from matching.services import decisions, fairness_sheet, interest, panel, runs, searches, signatures
from matching.services.criteria import criteria_of
from matching.services.scouting import RankedPerson, explanation_of, rank_for_role

_REASON = "Kesesuaian dan kedekatan tertinggi di antara yang belum memegang kursi"
_DECIDED, _OPEN = 2, 2
_LISTED = 3
_SEARCHES = (
    ("CCTV dan jaringan", "/pencarian-talenta?q=admin+yang+paham+CCTV+dan+jaringan"),
    (
        "Sarjana PNS, lima tahun",
        "/pencarian-talenta?status=PNS&pendidikan=S1&masa_kerja=5",
    ),
)


def write_decisions(session: Session, sign_ins: Mapping[RoleName, SignIn]) -> dict[str, int]:
    """Write shortlists, panel scores, an invitation, decisions and saved searches."""
    officer = actor_of(sign_ins[RoleName.OFFICER].account)
    leader = actor_of(sign_ins[RoleName.EXECUTIVE].account)
    listed = 0
    for number, seat in enumerate(_seats(session)):
        entries = _shortlist(session, officer, seat)
        listed += len(entries)
        if len(entries) < _LISTED:
            continue
        _score(session, (officer, leader), entries)
        if number < _DECIDED:
            decision = _decide(session, officer, seat, entries)
            if number == 0:
                _sign(session, leader, decision)
        else:
            due = clock.today() + timedelta(days=10)
            interest.invite(session, actor=officer, entry=entries[0], due_on=due)
    for name, address in _SEARCHES:
        searches.save_search(session, actor=officer, name=name, address=address, is_shared=True)
    return {"shortlist entry": listed, "saved search": len(_SEARCHES)}


def _seats(session: Session) -> Sequence[Seat]:
    """Return vacant seats, each of another role."""
    rows = session.scalars(select(Seat).where(Seat.state == "vacant").order_by(Seat.code))
    first: dict[int, Seat] = {}
    for seat in rows:
        first.setdefault(seat.role_id, seat)
    return list(first.values())[: _DECIDED + _OPEN]


def _shortlist(session: Session, officer: Actor, seat: Seat) -> list[ShortlistEntry]:
    ranking = rank_for_role(session, role=seat.role, criteria=criteria_of(seat), top=50)
    free = [row for row in ranking.people if not row.person.seats_held][:_LISTED]
    run = runs.keep_run(session, actor=officer, seat=seat, ranking=ranking)
    return decisions.shortlist(
        session,
        actor=officer,
        seat=seat,
        run=run,
        candidates=[_candidate(row) for row in free],
        reason=_REASON,
    )


def _candidate(row: RankedPerson) -> decisions.Candidate:
    return decisions.Candidate(
        row.person.id, row.rank, row.fit, row.fit_high, row.similarity, explanation_of(row)
    )


def _score(session: Session, members: Sequence[Actor], entries: Sequence[ShortlistEntry]) -> None:
    criteria = panel.criteria_in_use(session)
    for place, entry in enumerate(entries):
        for member, actor in enumerate(members):
            scores = {
                criterion.id: max(1, 5 - place - (member + at) % 2)
                for at, criterion in enumerate(criteria)
            }
            panel.give_scores(session, actor=actor, entry=entry, scores=scores)


def _decide(
    session: Session, officer: Actor, seat: Seat, entries: Sequence[ShortlistEntry]
) -> Decision:
    fairness_sheet.acknowledge(
        session,
        actor=officer,
        seat=seat,
        number=decisions.current_round(session, seat.id),
        entries=entries,
        expected_key=fairness_sheet.shortlist_key(entries),
    )
    return decisions.decide(
        session,
        actor=officer,
        seat=seat,
        employee_id=entries[0].employee_id,
        backup_id=entries[1].employee_id,
        reason="Level terverifikasi paling lengkap dan nilai panel tertinggi.",
        dissent="Seorang anggota menilai pengalaman lapangan masih perlu ditambah.",
    )


def _sign(session: Session, leader: Actor, decision: Decision) -> None:
    signatures.sign(
        session,
        actor=leader,
        decision=decision,
        expected_hash=signatures.file_hash(session, decision),
        capacity="Sekretaris Daerah",
    )
