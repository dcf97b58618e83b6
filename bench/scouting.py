"""The page of a seat with 5,000 people, warm, with the parts beside and a naive way to rank.

The best of several runs in processor time is kept: on a machine that others use as well, the clock
and medians measure them. Everything here runs on one thread, so that an idle machine takes as long.
"""

import tempfile
import time
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

from flask_migrate import upgrade
from sqlalchemy.orm import Session

from app.core.actor import SYSTEM
from app.core.db import db, transaction
from app.demo.load import load_city
from app.factory import build_app
from bench.run import Figure
from config import Settings
from matching.models import Seat
from matching.services import explain, runs, scouting, searches, stability


def measure(*, quick: bool) -> Iterable[Figure]:
    """Measure ranking, explanations, intervals, free text and replay on a demonstration city."""
    people = 800 if quick else 5_000
    with tempfile.TemporaryDirectory() as folder:
        settings = Settings(environment="testing", secret_key="b" * 40, instance=Path(folder))
        app = build_app(settings.completed())
        with app.app_context():
            upgrade(directory=str(app.extensions["migrate"].directory))
            with transaction(SYSTEM) as session:
                load_city(session, people=people, seed=1)
            yield from _figures(db.session(), people)
            db.session.remove()
            db.engine.dispose()


def _figures(session: Session, people: int) -> Iterator[Figure]:
    seat = session.query(Seat).filter(Seat.state == "vacant").order_by(Seat.id).first()
    assert seat is not None
    criteria = scouting.criteria_of(seat)

    def rank() -> scouting.Ranking:
        return scouting.rank_for_role(session, role=seat.role, criteria=criteria)

    ranking = rank()
    scored, size = ranking.scored, f"{people:,} people"
    yield Figure(f"rank and explain 50 of {size}", _ms(rank), "ms", 100.0)
    yield Figure(
        f"naive: one person at a time, {size}", _ms(lambda: _naive(scored), 3), "ms", noisy=True
    )
    top = [int(at) for at in scored.rows[:10]]
    yield Figure(
        "rank intervals, 1,000 x 50", _ms(lambda: stability.list_intervals(scored)), "ms", 200.0
    )
    documents = _ms(lambda: explain.decisive_documents(session, scored, top))
    yield Figure("deciding documents of the first 10", documents, "ms", 100.0)
    question = searches.Question(text="admin yang paham CCTV dan jaringan")
    yield Figure(
        f"free text with phrases, {size}", _ms(lambda: searches.look(session, question)), "ms"
    )
    with transaction(SYSTEM) as own:
        run = runs.keep_run(own, actor=SYSTEM, seat=own.get_one(Seat, seat.id), ranking=ranking)
        yield Figure(
            f"replay of {size}", _ms(lambda: runs.replay(own, run=run), 1), "ms", noisy=True
        )


def _naive(scored: scouting.Scored) -> list[float]:
    """Score person by person in plain Python."""
    share = scored.weights / scored.weights.sum()
    asked = list(zip(scored.required.tolist(), share.tolist(), strict=True))
    return sorted(
        sum(
            100 * part * min(level / need, 1) * sure
            for (need, part), level, sure in zip(asked, levels, trust, strict=True)
        )
        for levels, trust in zip(scored.levels.tolist(), scored.trust.tolist(), strict=True)
    )


def _ms(work: Callable[[], object], times: int = 7) -> float:
    work()
    taken = []
    for _ in range(times):
        began = time.process_time()
        work()
        taken.append(time.process_time() - began)
    return min(taken) * 1000
