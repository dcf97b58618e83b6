"""One small city for all tests that only read it."""

from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from app.core.actor import SYSTEM
from app.core.db import db, transaction
from app.demo.load import FEWEST, Loaded, load_city
from tests.support.database import build_test_app, copied_database


@dataclass
class SmallCity:
    """A loaded city with a session to read it."""

    app: Flask
    session: Session
    loaded: Loaded


@pytest.fixture(scope="session")
def city(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[SmallCity]:
    """A city of the smallest size, loaded once; tests do not write to it."""
    folder = tmp_path_factory.mktemp("city")
    with copied_database(request, folder) as address:
        app = build_test_app(folder, address)
        with app.app_context():
            with transaction(SYSTEM) as session:
                loaded = load_city(session, people=FEWEST, seed=7)
            engine = db.engine
            db.session.remove()
        # No context stays open: commands of other tests would run in this application.
        with Session(engine) as own:
            yield SmallCity(app, own, loaded)
        engine.dispose()
