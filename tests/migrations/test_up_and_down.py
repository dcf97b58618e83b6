"""Every migration goes up and down again on the database of the run, empty and filled."""

from pathlib import Path

import pytest
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from flask_migrate import downgrade, upgrade
from sqlalchemy import inspect, select, text

from app.core.audit import AuditEvent
from app.core.db import db
from skills.models import Employee
from tests.factories.people import give_level, make_employee

MIGRATIONS = Path(__file__).resolve().parents[2] / "migrations"
SCRIPTS = ScriptDirectory(str(MIGRATIONS))


def tables() -> set[str]:
    db.session.remove()
    return set(inspect(db.engine).get_table_names()) - {"alembic_version"}


def revision() -> str | None:
    with db.engine.connect() as connection:
        return MigrationContext.configure(connection).get_current_revision()


def test_there_is_one_line_of_migrations():
    assert len(SCRIPTS.get_heads()) == 1
    assert [len(step.nextrev) for step in SCRIPTS.walk_revisions()].count(0) == 1


def test_all_of_them_go_down_to_nothing_and_up_again(app):
    with app.app_context():
        before = tables()
        downgrade(directory=str(MIGRATIONS), revision="base")
        assert tables() == set()

        upgrade(directory=str(MIGRATIONS))

        assert tables() == before
        assert revision() == SCRIPTS.get_current_head()


def test_the_last_step_keeps_the_data_of_a_filled_database(app, session):
    person = make_employee(session, name="Tetap Ada")
    give_level(session, person, "AP-02", 3)
    session.commit()
    session.close()

    downgrade(directory=str(MIGRATIONS), revision="-1")
    upgrade(directory=str(MIGRATIONS))

    db.session.remove()
    assert db.session.scalars(select(Employee.name)).all() == ["Tetap Ada"]


@pytest.mark.parametrize(
    "statement",
    ["UPDATE audit_event SET tag = 'x'", "DELETE FROM audit_event", "DELETE FROM audit_person"],
)
def test_the_database_itself_refuses_to_change_the_trail(app, session, client_as, statement):
    other = make_employee(session)
    browser = client_as("officer")
    session.commit()
    browser.get(f"/profil/{other.id}")
    assert session.scalars(select(AuditEvent.id)).all()

    with pytest.raises(Exception, match="append-only"):
        session.execute(text(statement))
