"""`flask demo`: the same seed, the same city; never twice, never in production."""

import hashlib
import json
import stat
from datetime import date

import pytest
from sqlalchemy import func, select

from app.core import clock
from app.core.db import db
from app.demo.load import FEWEST, load_city
from app.demo.organisation import CityPlan
from app.demo.people import Registry, assign_supervisors, by_rank
from app.demo.words import stream, words
from config import Settings
from skills.models import Employee
from skills.reference_files import load_all

LEFT_OUT = {
    "account": {"password_hash", "password_changed_at", "created_at"},
    "stored_file": {"path", "created_at"},
    "level_in_force": {"computed_at"},
}
TABLES = """account claim claim_evidence claim_step discipline_record education_record employee
enrolment attendance level_in_force level_record meeting placement portfolio_item position_record
profile_vector seat session signatory skp_record stored_file training_record unit""".split()


def fingerprint(session):
    """Return a hash per table of everything that the seed decides."""
    found = {}
    for name in TABLES:
        table = db.metadata.tables[name]
        columns = [c for c in table.columns if c.name not in LEFT_OUT.get(name, ())]
        rows = session.execute(select(*columns).order_by(*table.primary_key)).all()
        text = json.dumps([list(map(repr, row)) for row in rows])
        found[name] = hashlib.sha256(text.encode()).hexdigest()
    return found


def test_the_same_seed_gives_the_same_city(city, session):
    load_city(session, people=FEWEST, seed=7)

    assert fingerprint(session) == fingerprint(city.session)


def names_of(seed, people=FEWEST):
    files = load_all()
    opd_ids = {row.code: number for number, row in enumerate(files.opds, start=1)}
    posts = CityPlan(stream(seed, "organisation"), files, opd_ids).posts(people)
    staff = Registry(stream(seed, "people"), files, date(2026, 6, 1)).engage(posts)
    assign_supervisors(staff)
    assert len(by_rank(staff)) == people
    return [person.name for person in staff]


def test_another_seed_gives_other_people():
    assert names_of(1) == names_of(1) != names_of(2)


@pytest.mark.parametrize("people", [FEWEST, 1234])
def test_the_number_of_people_is_exact(people):
    assert len(names_of(3, people)) == people


def test_the_command_loads_once_and_writes_a_private_paper(app, tmp_path):
    paper = tmp_path / "paper.txt"
    run = app.test_cli_runner(catch_exceptions=False).invoke
    first = run(args=["demo", "load", "--people", str(FEWEST), "--credentials", str(paper)])
    words = paper.read_text()
    second = run(args=["demo", "load", "--people", str(FEWEST), "--credentials", str(paper)])

    assert first.exit_code == second.exit_code == 0 and "already" in second.output
    assert "saved search 2" in first.output
    assert stat.S_IMODE(paper.stat().st_mode) == 0o600 and paper.read_text() == words
    shown = run(args=["demo", "accounts", "--credentials", str(paper)])
    assert words in shown.output and "officer" in words
    with app.app_context():
        assert db.session.scalar(select(func.count()).select_from(Employee)) == FEWEST


def test_a_city_without_a_paper_says_how_to_get_one(app, tmp_path):
    answer = app.test_cli_runner().invoke(
        args=["demo", "accounts", "--credentials", str(tmp_path / "none.txt")]
    )
    assert answer.exit_code == 1 and "demo load" in answer.output


def test_production_has_no_demonstration(app):
    kept = app.config["SETTINGS"]
    app.config["SETTINGS"] = Settings(**{**vars(kept), "environment": "production"})
    answer = app.test_cli_runner().invoke(args=["demo", "load"])

    assert answer.exit_code == 1 and "production" in answer.output
    with app.app_context():
        assert db.session.scalar(select(func.count()).select_from(Employee)) == 0


def test_nobody_retired_is_in_the_city(city):
    dates = city.session.scalars(select(Employee.retirement_date)).all()
    soon = clock.today().replace(year=clock.today().year + 5)

    assert min(dates) > clock.today() and any(day < soon for day in dates)


def test_no_name_is_that_of_somebody_well_known():
    known = set(words("names")["well_known"])

    assert known and not known & set(names_of(4, 5000))
