"""One migrated template database for a run, and a copy of it for every test.

SQLite copies a file; PostgreSQL copies by `CREATE DATABASE … TEMPLATE`. TEST_DATABASE=postgres
chooses the second. A copy rather than a rolled-back transaction: what is tested commits, locks and
chains its audit rows exactly as in production.
"""

import fcntl
import os
import shutil
import sqlite3
import uuid
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from zlib import crc32

import pytest
from flask import Flask

from config import Settings
from tests.support import postgres
from tests.support.parts import missing_part

TEMPLATE = "ekarir_template"


def backend() -> str:
    """Return the database that this run is about: sqlite or postgres."""
    return os.environ.get("TEST_DATABASE", "sqlite")


def test_settings(folder: Path, database_url: str, **changes: object) -> Settings:
    """Return settings of a test instance in the folder."""
    values: dict[str, object] = {
        "environment": "testing",
        "secret_key": "a key for tests only, long enough to be accepted",
        "database_url": database_url,
        "instance": folder,
        "jobs_mode": "inline",
    }
    return Settings(**(values | changes)).completed()  # type: ignore[arg-type]


test_settings.__test__ = False  # type: ignore[attr-defined]


def build_test_app(folder: Path, database_url: str, **changes: object) -> Flask:
    """Return an application of a test instance; see `test_settings`."""
    # Imported here: tests of pure rules start without loading the whole application.
    from app.factory import build_app

    return build_app(test_settings(folder, database_url, **changes))


@pytest.fixture(scope="session")
def postgres_url() -> Iterator[str]:
    """Address of a PostgreSQL server; `run_suite` starts one for all workers, else we do."""
    given = os.environ.get("TEST_POSTGRES_URL")
    if given:
        yield given
        return
    binaries = postgres.find_binaries()
    if binaries is None:
        missing_part("PostgreSQL", "Install the package postgresql")
    with postgres.PostgresServer(binaries) as server:
        yield server.url


@pytest.fixture(scope="session")
def shared_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Folder that all parallel workers of this run see."""
    base = tmp_path_factory.getbasetemp()
    return base.parent if os.environ.get("PYTEST_XDIST_WORKER") else base


@pytest.fixture(scope="session")
def sqlite_template(shared_folder: Path) -> Path:
    """Migrated SQLite file with the reference data; the first worker makes it."""
    path = shared_folder / "template.db"
    with _only_one(shared_folder / "template.lock"):
        if not path.exists():
            draft = shared_folder / "draft.db"
            _fill(shared_folder / "template-instance", f"sqlite:///{draft}")
            _fold_journal(draft)
            draft.rename(path)
    return path


@pytest.fixture(scope="session")
def postgres_template(shared_folder: Path, postgres_url: str) -> str:
    """Name of the migrated PostgreSQL database with the reference data."""
    # Parallel workers share the server of `run_suite`; without it each has one of its own.
    marker = shared_folder / f"template-postgres-{crc32(postgres_url.encode())}"
    with _only_one(shared_folder / "template-postgres.lock"):
        if not marker.exists() or "PYTEST_XDIST_WORKER" not in os.environ:
            postgres.drop_database(postgres_url, TEMPLATE)
            address = postgres.create_database(postgres_url, TEMPLATE)
            _fill(shared_folder / "template-instance-postgres", address)
            marker.touch()
    return TEMPLATE


@contextmanager
def copied_database(request: pytest.FixtureRequest, folder: Path) -> Iterator[str]:
    """Give the address of a fresh copy of the template; a PostgreSQL copy is dropped after."""
    with ExitStack() as stack:
        if backend() == "sqlite":
            path = folder / "ekarir.db"
            shutil.copyfile(request.getfixturevalue("sqlite_template"), path)
            yield f"sqlite:///{path}"
        else:
            server = request.getfixturevalue("postgres_url")
            template = request.getfixturevalue("postgres_template")
            name = f"test_{uuid.uuid4().hex}"
            stack.callback(postgres.drop_database, server, name)
            yield postgres.create_database(server, name, template=template)


def _fill(folder: Path, address: str) -> None:
    from app.core.db import db

    app = build_test_app(folder, address)
    run_command(app, "db", "upgrade")
    run_command(app, "reference", "load")
    with app.app_context():
        db.engine.dispose()


def run_command(app: Flask, *arguments: str) -> str:
    """Run a command of `flask --app app`, fail where it fails, and return what it printed."""
    result = app.test_cli_runner(catch_exceptions=False).invoke(args=list(arguments))
    if result.exit_code:
        pytest.fail(f"flask {' '.join(arguments)} ended with {result.exit_code}: {result.output}")
    return result.output


def _fold_journal(path: Path) -> None:
    # The write-ahead log goes back into the file, so that copying one file copies everything.
    connection = sqlite3.connect(path)
    connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    connection.close()


@contextmanager
def _only_one(lock: Path) -> Iterator[None]:
    with lock.open("w") as handle:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield
