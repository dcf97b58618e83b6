"""Who may give which role: no way up for anybody."""

from datetime import date, timedelta

import pytest
from sqlalchemy.orm import Session

from app.core import clock
from app.core.accounts import activation, grants, lifecycle, scope, sessions
from app.core.accounts.grants import Wish
from app.core.accounts.sealing import Sealer
from app.core.actor import SYSTEM, Actor, RoleName, ScopeKind
from app.core.errors import Conflict, InvalidInput, NotAllowed, NotFound
from tests.factories.accounts import make_account
from tests.factories.offices import make_opd, make_person, make_unit

CITY, OPD, UNIT = ScopeKind.CITY, ScopeKind.OPD, ScopeKind.UNIT


def actor(session: Session, role: str, **options: object) -> Actor:
    """Return the actor of a new account."""
    return sessions.actor_of(make_account(session, role, **options))


def test_nobody_edits_the_own_grants(session: Session) -> None:
    account = make_account(session, "admin")
    with pytest.raises(NotAllowed):
        grants.grant_role(
            session,
            account=account,
            wish=Wish(RoleName.OFFICER, CITY),
            by=sessions.actor_of(account),
        )


@pytest.mark.parametrize("role", [r for r in grants.SCOPES if r is not RoleName.SUPERVISOR])
def test_an_opd_manager_gives_no_higher_role(session: Session, role: RoleName) -> None:
    opd = make_opd(session)
    manager = actor(session, "opd_manager", opd_id=opd.id)
    account = make_account(session, employee=make_person(session, opd))
    wish = Wish(role, grants.SCOPES[role][-1], opd.id)
    with pytest.raises(NotAllowed):
        grants.grant_role(session, account=account, wish=wish, by=manager)


def test_an_opd_manager_gives_supervisors_in_the_own_opd_only(session: Session) -> None:
    opd, other = make_opd(session), make_opd(session)
    manager = actor(session, "opd_manager", opd_id=opd.id)
    account = make_account(session, employee=make_person(session, opd))
    unit, foreign = make_unit(session, opd), make_unit(session, other)
    wish = Wish(RoleName.SUPERVISOR, UNIT, unit_id=unit.id)
    assert grants.grant_role(session, account=account, wish=wish, by=manager).opd_id == opd.id
    with pytest.raises(NotAllowed):
        grants.grant_role(
            session,
            account=account,
            wish=Wish(RoleName.SUPERVISOR, UNIT, unit_id=foreign.id),
            by=manager,
        )


def test_an_opd_manager_does_not_manage_somebody_with_a_higher_role(session: Session) -> None:
    opd = make_opd(session)
    manager = actor(session, "opd_manager", opd_id=opd.id)
    officer = make_account(session, "officer", employee=make_person(session, opd))
    with pytest.raises(NotFound):
        scope.load_managed(session, officer.id, by=manager)
    colleague = make_account(session, employee=make_person(session, opd))
    assert scope.load_managed(session, colleague.id, by=manager) is colleague


def test_a_foreign_account_and_a_missing_one_look_the_same(session: Session) -> None:
    opd, other = make_opd(session), make_opd(session)
    manager = actor(session, "opd_manager", opd_id=opd.id)
    foreign = make_account(session, employee=make_person(session, other))
    for account_id in (foreign.id, 999_999):
        with pytest.raises(NotFound):
            scope.load_managed(session, account_id, by=manager)


@pytest.mark.parametrize("removal", ["revoke", "suspend", "close"])
def test_the_last_administrator_stays(session: Session, removal: str) -> None:
    account = make_account(session, "admin")
    with pytest.raises(Conflict):
        if removal == "revoke":
            held = account.grants[0].id
            grants.revoke_role(session, account=account, grant_id=held, by=SYSTEM)
        else:
            getattr(lifecycle, removal)(session, account=account, reason="pindah")


def test_one_of_two_administrators_may_leave(session: Session) -> None:
    account, _other = make_account(session, "admin"), make_account(session, "admin")
    lifecycle.close(session, account=account, reason="pindah")
    assert not sessions.actor_of(account).has(RoleName.ADMIN)


@pytest.mark.parametrize(
    ("held", "wish"), [("admin", "officer"), ("officer", "admin"), ("auditor", "assessor")]
)
def test_duties_are_separate(session: Session, held: str, wish: str) -> None:
    make_account(session, "admin")
    account = make_account(session, held)
    with pytest.raises(Conflict):
        grants.grant_role(session, account=account, wish=Wish(RoleName(wish), CITY), by=SYSTEM)


def test_a_revoked_role_ends_at_once_and_stays_on_record(session: Session) -> None:
    account = make_account(session, "officer")
    grants.revoke_role(session, account=account, grant_id=account.grants[0].id, by=SYSTEM)
    assert not sessions.actor_of(account).has(RoleName.OFFICER)
    assert account.grants[0].revoked_at is not None


def test_dates_bound_a_role(session: Session) -> None:
    account, day = make_account(session), clock.today()
    wish = Wish(RoleName.OFFICER, CITY, since=day + timedelta(days=1))
    grants.grant_role(session, account=account, wish=wish, by=SYSTEM)
    assert not sessions.actor_of(account).has(RoleName.OFFICER)
    with pytest.raises(InvalidInput):
        early = Wish(RoleName.ORGANISER, CITY, since=day, until=date(2020, 1, 1))
        grants.grant_role(session, account=account, wish=early, by=SYSTEM)


def test_a_reach_that_does_not_fit_is_refused(session: Session) -> None:
    account = make_account(session)
    for wish in (Wish(RoleName.ADMIN, OPD, 1), Wish(RoleName.OPD_MANAGER, OPD, 999_999)):
        with pytest.raises(InvalidInput):
            grants.grant_role(session, account=account, wish=wish, by=SYSTEM)


def test_a_higher_role_withdraws_the_printed_slip(session: Session) -> None:
    opd, box = make_opd(session), Sealer(["key"])
    person = make_person(session, opd)
    batch = activation.make_batch(session, opd_id=opd.id, by=SYSTEM, sealer=box)
    account = lifecycle_account(session, person.id)
    grants.grant_role(session, account=account, wish=Wish(RoleName.OFFICER, CITY), by=SYSTEM)
    assert [slip.state for slip in activation.slips(session, batch=batch, sealer=box)] == [
        "revoked"
    ]


def lifecycle_account(session: Session, employee_id: int) -> lifecycle.Account:
    """Return the account that a batch made for a person."""
    return session.query(lifecycle.Account).filter_by(employee_id=employee_id).one()
