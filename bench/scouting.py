"""The page of a seat and the free search, warm, with the parts beside and a naive way to rank.

Parts are the best of several runs in processor time: on a machine that others use as well, the
clock measures them. Pages are medians by the clock, as a browser waits. All runs on one thread.
"""

import time
from collections.abc import Callable, Iterable, Iterator

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from app.core.actor import SYSTEM, RoleName
from app.core.db import db, transaction
from app.demo.load import load_city
from bench.city import application, grow, page_ms, sign_in
from bench.run import Figure
from matching.models import Seat
from matching.queries.pool import current_pool, fill_levels
from matching.services import explain, model, runs, scouting, searches, stability
from skills.models import Employee
from skills.services.vectors import vector_width

QUESTION = "admin yang paham CCTV dan jaringan"
LARGE = 100_000


def measure(*, quick: bool) -> Iterable[Figure]:
    """Measure a demonstration city of 5,000 people, and one grown to 100,000."""
    people = 800 if quick else 5_000
    with application():
        with transaction(SYSTEM) as session:
            load_city(session, people=people, seed=1)
        yield from _figures(db.session(), people)
        yield from _served(people, page_limit=100.0, text_limit=3.0)
        yield from _levels(db.session(), people)
    if not quick:
        with application():
            with transaction(SYSTEM) as session:
                load_city(session, people=800, seed=1)
                grow(session, LARGE)
            yield from _served(LARGE, page_limit=300.0, text_limit=15.0)


def _served(people: int, *, page_limit: float, text_limit: float) -> Iterator[Figure]:
    """Yield what a browser waits for, and the free text by itself."""
    size = f"{people:,} people"
    with transaction(SYSTEM) as session:
        officer = sign_in(session, RoleName.OFFICER)
    seat = _vacant(db.session())
    db.session.remove()
    page = page_ms(f"/kursi/{seat.id}", officer)
    yield Figure(f"page of a seat with 50 explained, {size}", page, "ms", page_limit)
    words = page_ms(f"/pencarian-talenta?q={QUESTION.replace(' ', '+')}", officer)
    yield Figure(f"page of a free search, {size}", words, "ms", page_limit)
    session = db.session()
    pool = current_pool(session, width=vector_width(session))
    with model.using_model(session, pool) as held:
        taken = _all_ms(lambda: held.model.search(QUESTION), 60)
    slow = sorted(taken)[int(len(taken) * 0.95)]
    yield Figure(f"free text, 95 of 100 searches, {size}", slow, "ms", text_limit)
    change = _ms(lambda: _change_one(session), 11)
    yield Figure(f"one profile changed, until the next search knows it, {size}", change, "ms")


def _change_one(session: Session) -> None:
    """Change a profile and follow it in the arrays and the model; nothing is kept."""
    person = session.scalar(select(Employee.id).order_by(Employee.id).limit(1))
    session.execute(
        update(Employee)
        .where(Employee.id == person)
        .values(profile_version=Employee.profile_version + 1)
    )
    pool = current_pool(session, width=vector_width(session))
    with model.using_model(session, pool):
        pass


def _levels(session: Session, people: int) -> Iterator[Figure]:
    pool = current_pool(session, width=vector_width(session))
    ids, width = pool.ids.tolist(), pool.verified.shape[1]
    blobs = _ms(lambda: fill_levels(session, pool, ids, width))
    yield Figure(f"levels of {people:,} people from their blobs", blobs, "ms", noisy=True)


def _vacant(session: Session) -> Seat:
    return session.scalars(
        select(Seat).where(Seat.state == "vacant").order_by(Seat.id).limit(1)
    ).one()


def _figures(session: Session, people: int) -> Iterator[Figure]:
    seat = _vacant(session)
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
    question = searches.Question(text=QUESTION)
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
    return min(_all_ms(work, times))


def _all_ms(work: Callable[[], object], times: int) -> list[float]:
    work()
    taken = []
    for _ in range(times):
        began = time.process_time()
        work()
        taken.append(1000 * (time.process_time() - began))
    return taken
