"""Opening a round hands out its forms; reminders go to who has not sent theirs."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from sqlalchemy import insert, or_, select
from sqlalchemy.orm import Session

from app.core import clock
from app.core.accounts.models import Account, AccountGrant, AccountState
from app.core.actor import Actor, RoleName, ScopeKind
from app.core.audit import record
from app.core.errors import Conflict, InvalidInput, InvalidTransition
from app.core.i18n import N_, Message
from app.core.jobs.context import JobContext
from app.core.jobs.models import Job
from app.core.jobs.registry import job_kind
from app.core.jobs.services import enqueue
from app.core.notifications.services import notify
from skills.assessment_rules import Rated, Rater, assign_assessors, chosen_share
from skills.enums import RaterKind, RoundState
from skills.models import AssessmentRound, AssessmentTarget, AssessmentTask, Employee
from skills.services.assessment_rounds import settings_of

NOTIFY = "skills.assessment_notify"
_CHUNK = 200


def assessors(session: Session) -> list[Account]:
    """Return the accounts that may assess people of the whole city, by name."""
    today = clock.today()
    return list(
        session.scalars(
            select(Account)
            .where(
                Account.state == AccountState.ACTIVE,
                Account.id.in_(
                    select(AccountGrant.account_id).where(
                        AccountGrant.role == RoleName.ASSESSOR,
                        AccountGrant.scope == ScopeKind.CITY,
                        AccountGrant.revoked_at.is_(None),
                        or_(AccountGrant.until.is_(None), AccountGrant.until >= today),
                    )
                ),
            )
            .order_by(Account.name, Account.id)
        )
    )


def open_round(
    session: Session,
    *,
    round_: AssessmentRound,
    assessor_ids: Sequence[int],
    expected_version: int,
    actor: Actor,
) -> int:
    """Hand out the forms and tell their raters in a job.

    Returns:
        Number of forms.

    Raises:
        InvalidInput: nobody is invited, or there are too few assessors.
        Conflict: somebody changed the round meanwhile. InvalidTransition: it is no draft.
    """
    if round_.state != RoundState.DRAFT:
        raise InvalidTransition(N_("Putaran ini sudah dibuka."))
    if round_.version != expected_version:
        raise Conflict(N_("Putaran ini baru saja diubah orang lain. Periksa lalu kirim lagi."))
    targets = _targets(session, round_)
    if not targets:
        raise InvalidInput(N_("Undang paling sedikit satu orang."))
    kinds = round_.sources.split(",")
    chosen = [one for one in assessors(session) if one.id in set(assessor_ids)]
    doubles = round_.double_percent if RaterKind.ASSESSOR in kinds else 0
    if RaterKind.ASSESSOR in kinds and len(chosen) < (2 if doubles else 1):
        raise InvalidInput(
            N_("Pilih paling sedikit dua asesor, atau satu bila tidak ada penilaian ganda."),
            field="assessors",
        )
    count = hand_out(session, round_=round_, targets=targets, chosen=chosen)
    record(session, "skills:assessment:open", round_, people=[t.employee_id for t in targets])
    _tell(session, round_, actor, "open")
    return count


def hand_out(
    session: Session,
    *,
    round_: AssessmentRound,
    targets: Sequence[AssessmentTarget],
    chosen: Sequence[Account],
) -> int:
    """Choose who is rated twice, make all forms of a round and open it; return how many."""
    kinds = round_.sources.split(",")
    doubles = round_.double_percent if RaterKind.ASSESSOR in kinds else 0
    twice = chosen_share([target.id for target in targets], doubles, f"round:{round_.id}")
    for target in targets:
        target.is_double = target.id in twice
    rows = list(_tasks(session, round_, targets, kinds, chosen))
    session.flush()
    if rows:
        session.execute(insert(AssessmentTask), rows)
    round_.state = RoundState.OPEN
    session.flush()
    return len(rows)


def _targets(session: Session, round_: AssessmentRound) -> list[AssessmentTarget]:
    return list(
        session.scalars(
            select(AssessmentTarget)
            .where(AssessmentTarget.round_id == round_.id)
            .order_by(AssessmentTarget.id)
        )
    )


def _tasks(
    session: Session,
    round_: AssessmentRound,
    targets: Sequence[AssessmentTarget],
    kinds: Sequence[str],
    chosen: Sequence[Account],
) -> Iterator[dict[str, Any]]:
    people = _Neighbours(session, round_)
    for target in targets:
        for kind in kinds:
            for rater in people.of(target.employee_id, kind):
                yield _row(target.id, kind, employee_id=rater)
    if RaterKind.ASSESSOR in kinds:
        rated = [Rated(one.id, one.employee_id, one.is_double) for one in targets]
        raters = [Rater(one.id, one.employee_id) for one in chosen]
        for job in assign_assessors(rated, raters):
            yield _row(job.target_id, "assessor", account_id=job.account_id, place=job.place)


def _row(
    target_id: int,
    kind: str,
    *,
    employee_id: int | None = None,
    account_id: int | None = None,
    place: int = 1,
) -> dict[str, Any]:
    return {
        "target_id": target_id,
        "kind": kind,
        "rater_employee_id": employee_id,
        "rater_account_id": account_id,
        "place": place,
        "state": "open",
        "version": 1,
    }


class _Neighbours:
    """Who stands around a person: supervisor, peers under the same one, subordinates."""

    def __init__(self, session: Session, round_: AssessmentRound) -> None:
        settings = settings_of(session)
        self._most = {
            RaterKind.PEER: int(settings["peers_most"]),
            RaterKind.SUBORDINATE: int(settings["subordinates_most"]),
        }
        self._seed = f"round:{round_.id}"
        self._above: dict[int, int | None] = {}
        self._below: Mapping[int, list[int]] = defaultdict(list)
        rows = session.execute(
            select(Employee.id, Employee.supervisor_id)
            .where(Employee.employment_state == "active")
            .order_by(Employee.id)
        )
        for person, boss in rows:
            self._above[person] = boss
            if boss is not None:
                self._below[boss].append(person)

    def of(self, person: int, kind: str) -> list[int]:
        """Return the employees who rate a person in one kind."""
        boss = self._above.get(person)
        if kind == RaterKind.SELF:
            return [person]
        if kind == RaterKind.SUPERVISOR:
            return [boss] if boss in self._above and boss is not None else []
        if kind == RaterKind.PEER:
            peers = [one for one in self._below.get(boss or 0, []) if one != person]
            return self._some(peers, person, RaterKind.PEER)
        if kind == RaterKind.SUBORDINATE:
            return self._some(self._below.get(person, []), person, RaterKind.SUBORDINATE)
        return []

    def _some(self, people: Sequence[int], person: int, kind: RaterKind) -> list[int]:
        """Return at most as many as the settings say, chosen so that nobody can steer it."""
        most = self._most[kind]
        if len(people) <= most:
            return list(people)
        ordered = chosen_share(people, -(-100 * most // len(people)), f"{self._seed}:{person}")
        return sorted(ordered)[:most]


def remind(session: Session, *, round_: AssessmentRound, actor: Actor) -> Job:
    """Remind everybody who has an open form, at most once a day, in a job.

    Raises:
        InvalidTransition: the round is not open.
    """
    if round_.state != RoundState.OPEN:
        raise InvalidTransition(N_("Hanya putaran yang terbuka dapat diingatkan."))
    record(session, "skills:assessment:remind", round_)
    return _tell(session, round_, actor, "remind")


def _tell(session: Session, round_: AssessmentRound, actor: Actor, what: str) -> Job:
    return enqueue(
        session,
        kind=NOTIFY,
        title=Message(N_("Beri tahu penilai %(name)s"), {"name": round_.name}),
        actor=actor,
        params={"round_id": round_.id, "what": what, "day": clock.today().isoformat()},
        key=f"assessment:{round_.id}:{what}:{clock.today().isoformat()}",
    )


@job_kind(NOTIFY, timeout=1800)
def notify_raters(context: JobContext) -> dict[str, Any]:
    """Tell each rater once how many forms wait; safe to run again."""
    round_id, what, day = (context.params[name] for name in ("round_id", "what", "day"))
    with context.transaction() as session:
        waiting = waiting_raters(session, round_id=round_id)
    told = 0
    for start in range(0, len(waiting), _CHUNK):
        context.raise_if_cancelled()
        with context.transaction() as session:
            round_ = session.get_one(AssessmentRound, round_id)
            for rater, count in waiting[start : start + _CHUNK]:
                told += _notify_one(session, round_, rater, count, f"{what}:{day}")
            context.progress(min(start + _CHUNK, len(waiting)), len(waiting))
    text = N_("%(told)s dari %(all)s penilai diberi tahu; sisanya belum punya akun.")
    return {"message": Message(text, {"told": told, "all": len(waiting)})}


def _notify_one(
    session: Session, round_: AssessmentRound, rater: dict[str, int], count: int, key: str
) -> bool:
    text = N_("%(count)s formulir asesmen %(name)s menunggu Anda sampai %(day)s.")
    params: dict[str, object] = {
        "count": count,
        "name": round_.name,
        "day": round_.ends_on.strftime("%d-%m-%Y"),
    }
    notice = notify(
        session,
        account_id=rater.get("account_id"),
        employee_id=rater.get("employee_id"),
        kind="assessment",
        message=Message(text, params),
        url="/asesmen",
        email=True,
        key=f"assessment:{round_.id}:{key}",
    )
    return notice is not None


def waiting_raters(session: Session, *, round_id: int) -> list[tuple[dict[str, int], int]]:
    """Return who has open forms in a round and how many, as arguments of a notice."""
    rows = session.execute(
        select(AssessmentTask.rater_employee_id, AssessmentTask.rater_account_id)
        .join(AssessmentTarget, AssessmentTarget.id == AssessmentTask.target_id)
        .where(AssessmentTarget.round_id == round_id, AssessmentTask.state == "open")
        .order_by(AssessmentTask.id)
    )
    counts: dict[tuple[str, int], int] = defaultdict(int)
    for employee_id, account_id in rows:
        if employee_id is not None:
            counts["employee_id", employee_id] += 1
        elif account_id is not None:
            counts["account_id", account_id] += 1
    return [({name: value}, count) for (name, value), count in counts.items()]
