"""The trail grows only, and says where somebody tampered with it."""

from collections.abc import Callable

import pytest
from flask import Flask
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from app.core import audit, audit_trail
from app.core.actor import SYSTEM, Actor
from app.core.db import db, transaction
from tests.support.database import backend

TRIGGERS = {
    "sqlite": [
        "DROP TRIGGER IF EXISTS audit_event_no_update",
        "DROP TRIGGER IF EXISTS audit_event_no_delete",
        "DROP TRIGGER IF EXISTS audit_event_no_replace",
        "DROP TRIGGER IF EXISTS audit_person_no_update",
        "DROP TRIGGER IF EXISTS audit_person_no_delete",
    ],
    "postgres": [
        "ALTER TABLE audit_event DISABLE TRIGGER USER",
        "ALTER TABLE audit_person DISABLE TRIGGER USER",
    ],
}


@pytest.fixture
def chain(app: Flask, session: Session) -> int:
    """Write five events with people and return how many events there are."""
    for number in range(5):
        with transaction(SYSTEM) as own:
            audit.record(own, "test:thing:do", ("thing", number), people=[number, number + 1])
    count, broken = audit.verify_chain(session)
    assert broken is None
    session.rollback()  # the next read sees what was written meanwhile
    return count


def as_owner(session: Session, statement: str) -> None:
    """Run a statement the way somebody with the keys of the database could."""
    for line in TRIGGERS[backend()]:
        session.execute(text(line))
    session.execute(text(statement))
    session.commit()


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE audit_event SET actor_label = 'orang lain'",
        "DELETE FROM audit_event",
        "UPDATE audit_person SET employee_id = employee_id + 100",
        "DELETE FROM audit_person",
    ],
)
def test_the_database_refuses_changes(chain: int, session: Session, statement: str) -> None:
    with pytest.raises(DBAPIError, match="append-only"):
        session.execute(text(statement))
    session.rollback()
    assert audit.verify_chain(session) == (chain, None)


@pytest.mark.parametrize(
    ("statement", "first_bad"),
    [
        ("UPDATE audit_event SET detail = '{{}}' , tag = 'x' WHERE id = {id}", 0),
        ("UPDATE audit_event SET address = '10.0.0.1' WHERE id = {id}", 0),
        ("DELETE FROM audit_event WHERE id = {id}", 1),
        ("DELETE FROM audit_person WHERE event_id = {id}", 0),
        ("INSERT INTO audit_person (event_id, employee_id) VALUES ({id}, 77)", 0),
    ],
)
def test_tampering_names_the_first_bad_row(
    chain: int, session: Session, statement: str, first_bad: int
) -> None:
    victim = chain - 2
    as_owner(session, statement.format(id=victim))
    count, broken = audit.verify_chain(session)
    assert broken is not None
    assert (count, broken.event_id) == (victim - 1, victim + first_bad)


def test_small_batches_see_the_same(chain: int, session: Session) -> None:
    assert audit.verify_chain(session, batch=2) == (chain, None)


def test_the_command_ends_with_one_where_it_breaks(
    chain: int, app: Flask, session: Session
) -> None:
    runner = app.test_cli_runner()
    assert runner.invoke(args=["audit", "verify"]).exit_code == 0
    db.session.rollback()
    as_owner(session, f"UPDATE audit_event SET tag = 'x' WHERE id = {chain}")
    result = runner.invoke(args=["audit", "verify"])
    assert result.exit_code == 1
    assert f"event {chain}" in result.output


def test_an_undone_transaction_leaves_no_event(chain: int, session: Session) -> None:
    with pytest.raises(RuntimeError), transaction(SYSTEM) as own:
        audit.record(own, "test:thing:do")
        raise RuntimeError
    assert audit.verify_chain(session) == (chain, None)


def test_reading_others_writes_one_event(chain: int, session: Session) -> None:
    who = Actor(account_id=None, employee_id=3, label="Pembaca")
    audit.record_read(None, "test:list:read", people=[5, 3, 4, 5], actor=who)
    event = audit_trail.page(session, audit_trail.TrailFilter(tag="test:list")).events[0]
    assert event.actor_label == "Pembaca"
    assert [key for key, *_rest in audit_trail.people_of(session, event.id)] == [4, 5]


def test_reading_oneself_writes_none(chain: int, session: Session) -> None:
    audit.record_read(None, "test:list:read", people=[3], actor=Actor(employee_id=3))
    assert audit.verify_chain(session) == (chain, None)


def test_reading_inside_a_transaction_joins_it(chain: int, session: Session) -> None:
    with transaction(SYSTEM):
        audit.record_read(db.session(), "test:list:read", people=[1], actor=SYSTEM)
    assert audit.verify_chain(session) == (chain + 1, None)


def test_a_page_read_keeps_loaded_objects(
    chain: int, session: Session, query_counter: Callable[..., object]
) -> None:
    event = audit_trail.page(session, audit_trail.TrailFilter()).events[0]
    audit.record_read(session, "test:list:read", people=[1], actor=SYSTEM)
    with query_counter() as queries:  # type: ignore[attr-defined]
        assert event.tag
    assert queries.count == 0


def test_pages_by_key_give_every_event_once(chain: int, session: Session) -> None:
    seen, key = [], None
    while True:
        page = audit_trail.page(session, audit_trail.TrailFilter(), before=key, size=2)
        seen += [event.id for event in page.events]
        key = page.older
        if key is None:
            break
    assert seen == list(range(chain, 0, -1))


def test_the_page_above_lies_next_to_it(chain: int, session: Session) -> None:
    below = audit_trail.page(session, audit_trail.TrailFilter(), before=chain - 1, size=2)
    above = audit_trail.page(session, audit_trail.TrailFilter(), after=below.newer, size=2)
    assert [event.id for event in above.events] == [chain, chain - 1]
