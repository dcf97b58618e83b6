"""One application for a worker and its settings; each test gets it on a database of its own.

Building one anew for every test costs more than most tests: several hundred routes to register,
every statement and every page to compile again. What a test may change in it is put back; one that
changes more, its routes for instance, is marked `own_app`.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from flask import Flask
from sqlalchemy import event
from sqlalchemy.engine import make_url

from app.core import clock, logs
from app.core.db import db
from app.core.jobs import queue
from config import Settings
from tests.support.database import build_test_app, test_settings


class ReusedApp:
    """An application whose one engine connects to the database of the running test."""

    def __init__(self, folder: Path, address: str, changes: dict[str, object]) -> None:
        self.app = build_test_app(folder, address, **changes)
        self._changes = changes
        self._config = dict(self.app.config)
        self._extensions = dict(self.app.extensions)
        self._views = dict(self.app.view_functions)
        with self.app.app_context():
            self._engine = db.engine
        self._arguments: tuple[Any, Any] = ((), {})
        event.listen(self._engine, "do_connect", self._choose_database)

    def _choose_database(self, _dialect: Any, _record: Any, given: list[Any], named: Any) -> None:
        given[:], more = self._arguments
        named.update(more)

    @contextmanager
    def on(self, folder: Path, address: str) -> Iterator[Flask]:
        """Give the application as it was when new, on that database and folder."""
        settings = test_settings(folder, address, **self._changes)
        self._restore(settings)
        url = make_url(address)
        self._engine.url = url
        self._arguments = self._engine.dialect.create_connect_args(url)
        try:
            yield self.app
        finally:
            self._engine.dispose()

    def _restore(self, settings: Settings) -> None:
        app = self.app
        app.instance_path = str(settings.instance)
        app.config.clear()
        app.config.update(self._config)
        app.config.update(SETTINGS=settings, SQLALCHEMY_DATABASE_URI=settings.database_url)
        app.extensions.clear()
        app.extensions.update(self._extensions)
        app.view_functions.clear()
        app.view_functions.update(self._views)
        queue.init_app(app, settings)
        # These two belong to the process; another application may have set them meanwhile.
        clock.set_timezone(settings.timezone)
        logs.configure(as_json=settings.is_production)
