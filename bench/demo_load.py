"""How long the demonstration city takes on a fresh SQLite database."""

import tempfile
import time
from collections.abc import Iterable
from pathlib import Path

from flask_migrate import upgrade

from app.core.actor import SYSTEM
from app.core.db import db, transaction
from app.demo.load import load_city
from app.factory import build_app
from bench.run import Figure
from config import Settings

LIMITS = {800: 20.0, 5000: 60.0}  # seconds


def measure(*, quick: bool) -> Iterable[Figure]:
    """Yield the seconds per size of city, reference data included."""
    for people in (800,) if quick else (800, 5000):
        yield Figure(f"demo load {people:,} people", seconds(people), "s", limit=LIMITS[people])


def seconds(people: int) -> float:
    """Load a city of so many people and return the seconds it took, migration left out."""
    with tempfile.TemporaryDirectory() as folder:
        settings = Settings(environment="testing", secret_key="b" * 40, instance=Path(folder))
        app = build_app(settings.completed())
        with app.app_context():
            upgrade(directory=str(app.extensions["migrate"].directory))
            began = time.perf_counter()
            with transaction(SYSTEM) as session:
                load_city(session, people=people, seed=1)
            taken = time.perf_counter() - began
            db.session.remove()
            db.engine.dispose()
    return taken
