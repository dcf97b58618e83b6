"""The application of one test: its own database, session, clients and query counter."""

import contextvars
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from jinja2 import FileSystemBytecodeCache
from sqlalchemy import event
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from app.core import db as core_db
from app.core.accounts.models import Account
from app.core.actor import RoleName
from app.core.db import db
from tests.factories import accounts
from tests.support.database import copied_database
from tests.support.reuse import ReusedApp

ClientAs = Callable[..., "Client"]
NOT_COUNTED = ("BEGIN", "PRAGMA", "SAVEPOINT", "RELEASE", "ROLLBACK", "COMMIT")


class Client(FlaskClient):
    """A browser without a screen.

    What the test's `session` holds is committed before a request and read anew after it. The
    request runs in a context of its own, as on a server: nothing of the test's leaks into it.
    """

    account: Account | None = None

    def open(self, *args: Any, **kwargs: Any) -> TestResponse:
        """Send a request; see `werkzeug.test.Client.open`."""
        session: Session | None = self.application.extensions.get("test_session")
        if session is not None:
            session.commit()
        try:
            return contextvars.Context().run(super().open, *args, **kwargs)
        finally:
            if session is not None:
                session.expire_all()


@pytest.fixture(scope="session")
def _applications() -> dict[str, ReusedApp]:
    return {}


@pytest.fixture(scope="session")
def _compiled_templates(shared_folder: Path) -> FileSystemBytecodeCache:
    # A page is compiled by the first worker that shows it, for all of them.
    folder = shared_folder / "templates"
    folder.mkdir(exist_ok=True)
    return FileSystemBytecodeCache(str(folder))


@pytest.fixture
def app(
    request: pytest.FixtureRequest,
    tmp_path: Path,
    _applications: dict[str, ReusedApp],
    _compiled_templates: FileSystemBytecodeCache,
) -> Iterator[Flask]:
    """Application on a fresh migrated database with the reference data, jobs inline.

    Other settings: `@pytest.mark.parametrize("app", [{"jobs_mode": "worker"}], indirect=True)`.
    """
    changes = getattr(request, "param", {})
    folder = tmp_path / "instance"
    folder.mkdir()
    key = repr(sorted(changes.items()))
    with copied_database(request, folder) as address:
        made = _applications.get(key)
        if made is None or request.node.get_closest_marker("own_app"):
            made = ReusedApp(folder, address, changes)
        if not request.node.get_closest_marker("own_app"):
            _applications[key] = made
        with made.on(folder, address) as application:
            application.config["WTF_CSRF_ENABLED"] = False
            application.test_client_class = Client
            application.jinja_env.bytecode_cache = _compiled_templates
            yield application


@pytest.fixture
def session(app: Flask) -> Iterator[Session]:
    """Session of the test, in an application context.

    Not the session of requests: call `commit()` before code that opens its own `transaction()`.
    A commit writes the audit rows recorded so far, as `transaction()` does.
    """
    with app.app_context(), Session(db.engine, expire_on_commit=False) as own:
        event.listen(own, "before_commit", _write_audit)
        app.extensions["test_session"] = own
        yield own
        del app.extensions["test_session"]


def _write_audit(session: Session) -> None:
    session.flush()
    for hook in core_db._before_commit:
        hook(session)


@pytest.fixture
def client(app: Flask) -> Client:
    """Client that is not signed in."""
    return app.test_client()  # type: ignore[return-value]


@pytest.fixture
def client_as(app: Flask, session: Session) -> ClientAs:
    """Sign-in by role: `client_as("officer")`; options as in `factories.accounts.make_account`."""

    def sign_in(role: str | RoleName = RoleName.EMPLOYEE, **options: Any) -> Client:
        account = accounts.make_account(session, role, **options)
        token = accounts.open_browser_session(session, account)
        session.commit()
        browser: Client = app.test_client()  # type: ignore[assignment]
        with browser.session_transaction() as cookie:
            cookie["_user_id"] = token
            cookie["_fresh"] = True
        browser.account = account
        return browser

    return sign_in


@dataclass
class Queries:
    """Statements sent to the database inside a `query_counter()` block."""

    statements: list[str] = field(default_factory=list)

    @property
    def count(self) -> int:
        """Number of statements, transaction control left out."""
        return len(self.statements)


@pytest.fixture
def query_counter(app: Flask) -> Callable[[], AbstractContextManager[Queries]]:
    """`with query_counter() as queries: …` then `assert queries.count <= 12, queries`."""

    @contextmanager
    def count() -> Iterator[Queries]:
        queries = Queries()

        def note(_conn: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
            if not statement.lstrip().upper().startswith(NOT_COUNTED):
                queries.statements.append(statement)

        with app.app_context():
            engine = db.engine
        event.listen(engine, "before_cursor_execute", note)
        try:
            yield queries
        finally:
            event.remove(engine, "before_cursor_execute", note)

    return count
