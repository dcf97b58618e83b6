"""The one way to commit: data, audit and what follows, together or not at all."""

from datetime import datetime

import pytest
from sqlalchemy import select

from app.core.actor import Actor
from app.core.audit import AuditEvent, record
from app.core.db import after_commit, transaction
from skills.models import Opd

ACTOR = Actor(label="Petugas Uji", address="127.0.0.1")


def opd(name: str) -> Opd:
    return Opd(code=name, name=name, short_name=name, kind="Dinas")


def test_data_and_audit_are_committed_together(session):
    session.commit()
    with transaction(ACTOR) as own:
        own.add(opd("Satu"))
        own.flush()
        record(own, "skills:opd:create", ("opd", 1))

    assert session.scalar(select(Opd).where(Opd.code == "Satu"))
    event = session.scalars(select(AuditEvent).where(AuditEvent.tag == "skills:opd:create")).one()
    assert (event.actor_label, event.address) == ("Petugas Uji", "127.0.0.1")


def test_a_failure_leaves_nothing_and_tells_nobody(session):
    session.commit()
    told = []
    with pytest.raises(RuntimeError), transaction(ACTOR) as own:
        own.add(opd("Dua"))
        record(own, "skills:opd:create")
        after_commit(own, lambda: told.append("mail"))
        raise RuntimeError

    assert session.scalar(select(Opd).where(Opd.code == "Dua")) is None
    assert not session.scalars(
        select(AuditEvent).where(AuditEvent.tag == "skills:opd:create")
    ).all()
    assert told == []


def test_what_follows_a_commit_runs_after_it(session):
    session.commit()
    seen = []
    with transaction(ACTOR) as own:
        own.add(opd("Tiga"))
        after_commit(own, lambda: seen.append("mail"))
        assert seen == []

    assert seen == ["mail"]


def test_transactions_do_not_nest(session):
    session.commit()
    with transaction(ACTOR), pytest.raises(RuntimeError), transaction(ACTOR):
        raise AssertionError("not reached")


def test_a_moment_without_a_zone_is_refused(session):
    event_time = datetime(2026, 1, 1)

    with pytest.raises(Exception, match="naive datetime"):
        session.execute(select(AuditEvent).where(AuditEvent.at == event_time))
