"""Import then undo leaves the tables of people as they were, whatever the file said."""

import tempfile
from pathlib import Path

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from app.core.actor import SYSTEM
from app.core.db import Base, db, transaction
from skills.enums import ImportState
from skills.models import ImportBatch
from skills.services import imports
from skills.services.import_run import DirectRun, apply_file, check_file
from skills.services.import_undo import undo_file
from tests.factories.staff import csv_file, row
from tests.support.examples import examples

TABLES = ("employee", "position_record", "education_record", "opd", "unit", "position")
COUNTERS = ("version", "profile_version")  # they tell readers of a change and never go back

rows = st.lists(
    st.builds(
        row,
        st.integers(1, 6),
        golongan=st.sampled_from(["III/a", "III/b", "IV/a", "", "salah"]),
        position=st.sampled_from(["Analis Contoh", "Arsiparis Ahli Muda", "Kepala Seksi", ""]),
        since=st.sampled_from(["01-01-2020", "01-07-2024", ""]),
        unit=st.sampled_from(["Bidang Contoh", "Bidang Lain", ""]),
        opd=st.sampled_from(["Dinas Kesehatan", "Dinas Sosial", "Dinas Antah", ""]),
        name=st.sampled_from(["Contoh Satu", "Contoh Dua"]),
    ),
    min_size=1,
    max_size=8,
)


def load(content, *, write=True):
    """Import a file, or only check it, and return the batch."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "a.csv"
        path.write_bytes(content)
        with imports.read_upload(db.session(), path, name="a.csv") as upload:
            with transaction(SYSTEM) as session:
                batch = imports.start_import(session, upload=upload, is_full=False, actor=SYSTEM)
                batch.state = ImportState.MAPPED
                number = batch.id
    run = DirectRun(SYSTEM)
    check_file(run, batch_id=number)
    if not write:
        return number
    with run.transaction() as session:
        session.get_one(ImportBatch, number).state = ImportState.RUNNING
    apply_file(run, batch_id=number)
    return number


def picture():
    """Return the rows of the tables of people without their counters."""
    found = {}
    with db.engine.connect() as connection:
        for name in TABLES:
            table = Base.metadata.tables[name]
            columns = [column for column in table.columns if column.name not in COUNTERS]
            found[name] = connection.execute(select(*columns).order_by(table.c.id)).all()
    return found


@settings(
    max_examples=examples(25),
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(first=rows, second=rows)
def test_undo_restores_identical_data(app, first, second):
    with app.app_context():
        load(csv_file(first))
        before = picture()
        number = load(csv_file(second))
        found = undo_file(DirectRun(SYSTEM), batch_id=number)
        assert not found.refused
        assert picture() == before
        db.session.remove()


@settings(
    max_examples=examples(10),
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(content=rows)
def test_the_same_file_again_changes_nothing(app, content):
    with app.app_context():
        load(csv_file(content))
        before = picture()
        number = load(csv_file(content))
        counts = db.session.get_one(ImportBatch, number).summary["counts"]
        assert counts["create"] == counts["update"] == 0
        assert picture() == before
        db.session.remove()
