"""`flask people import` and `undo`, and a write that was cut short."""

import openpyxl
import pytest
from sqlalchemy import func, select

from app.core.actor import SYSTEM
from app.core.db import db
from skills.enums import ImportState
from skills.models import Employee, ImportBatch, ImportRow
from skills.services import import_run, imports
from skills.services.import_run import DirectRun, apply_file
from skills.services.import_undo import undo_file
from tests.factories.staff import csv_file, nip, row
from tests.skills.imports.test_undo import load
from tests.support.database import run_command


@pytest.fixture
def staff_file(tmp_path):
    """A small file with one row that is wrong."""
    path = tmp_path / "pegawai.csv"
    path.write_bytes(csv_file([row(1), row(2), row(3, nip="12")]))
    return path


def people(app):
    """Return how many employees there are."""
    with app.app_context():
        return db.session.scalar(select(func.count(Employee.id)))


def test_a_dry_run_writes_a_report_and_no_people(app, staff_file, tmp_path):
    report = tmp_path / "hasil.xlsx"
    told = run_command(
        app, "people", "import", str(staff_file), "--dry-run", "--report", str(report)
    )
    assert "Would write: 2 new" in told and "1 with errors" in told
    rows = list(openpyxl.load_workbook(report).active.values)
    assert rows[1][-2] == "Akan dibuat" and people(app) == 0


def test_an_import_and_its_undo(app, staff_file):
    assert "Written: 2 new" in run_command(app, "people", "import", str(staff_file))
    assert people(app) == 2
    assert "removed 2" in run_command(app, "people", "undo", "1")
    assert people(app) == 0


def test_a_full_file_says_who_is_missing(app, staff_file, tmp_path):
    run_command(app, "people", "import", str(staff_file))
    path = tmp_path / "lengkap.csv"
    path.write_bytes(csv_file([row(1)]))
    told = run_command(app, "people", "import", str(path), "--full")
    assert "Missing from the file: 1 people" in told


class Broken(Exception):
    """The worker died here."""


class DyingRun(DirectRun):
    """A run that ends after its second chunk, as a killed worker does."""

    def raise_if_cancelled(self):
        """Die when asked the second time."""
        self.asked = getattr(self, "asked", 0) + 1
        if self.asked == 2:
            raise Broken


def test_a_write_goes_on_where_it_was_cut_short(app, monkeypatch):
    monkeypatch.setattr(import_run, "CHUNK", 2)
    with app.app_context():
        number = load_checked(csv_file([row(n) for n in range(1, 8)]))
        with pytest.raises(Broken):
            apply_file(DyingRun(SYSTEM), batch_id=number)
        assert db.session.scalar(select(func.count(Employee.id))) == 4
        db.session.rollback()
        apply_file(DirectRun(SYSTEM), batch_id=number)
        batch = db.session.get_one(ImportBatch, number)
        assert batch.summary["counts"]["create"] == 7
        assert db.session.scalar(select(func.count(ImportRow.id)).where(ImportRow.applied)) == 7
        db.session.rollback()
        assert undo_file(DirectRun(SYSTEM), batch_id=number).deleted == 7


def load_checked(content):
    """Return a batch that waits for its write."""
    number = load(content, write=False)
    with DirectRun(SYSTEM).transaction() as session:
        session.get_one(ImportBatch, number).state = ImportState.RUNNING
    return number


def test_a_supervisor_given_here_survives_a_reload(app):
    with app.app_context():
        load(csv_file([row(1), row(2)]))
        with DirectRun(SYSTEM).transaction() as session:
            rows = session.scalars(select(Employee).order_by(Employee.nip)).all()
            rows[0].supervisor_id = rows[1].id
            boss = rows[1].id
        load(csv_file([row(1, golongan="IV/a"), row(2)]))
        found = db.session.scalar(select(Employee).where(Employee.nip == nip(1)))
        assert (found.supervisor_id, found.golongan) == (boss, "IV/a")
        assert imports.is_cut_short(db.session(), db.session.get_one(ImportBatch, 2)) is False
