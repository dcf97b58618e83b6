"""What the tests of training share, of services and of pages: an organiser, issuing."""

from collections.abc import Callable

import pytest
from flask import Flask
from sqlalchemy.orm import Session as DbSession

from app.core.actor import Actor, Grant, RoleName, ScopeKind
from app.core.db import transaction
from courses.models import Session
from tests.factories.accounts import make_account
from tests.factories.courses import reread, start_issue

IssueAll = Callable[[Session], int]


@pytest.fixture
def organiser(session: DbSession) -> Actor:
    """An organiser of the city."""
    account = make_account(session, RoleName.ORGANISER)
    session.commit()
    return Actor(
        account_id=account.id,
        label=account.name,
        grants=(Grant(RoleName.ORGANISER, ScopeKind.CITY),),
    )


@pytest.fixture
def issue_all(app: Flask, session: DbSession, organiser: Actor) -> IssueAll:
    """Issue certificates to everybody of a completed session; returns the id of the job."""

    def issue(run: Session) -> int:
        session.commit()
        with transaction(organiser) as own:
            job_id = start_issue(own, own.get_one(Session, run.id), organiser).id
        reread(session)
        return job_id

    return issue
