"""Searches without a seat: free text, a model person, or filters alone; saved and shared."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from app.core import clock
from app.core.actor import Actor
from app.core.audit import record
from app.core.errors import Conflict, InvalidInput
from app.core.i18n import N_
from matching.engine.records import RoleQuery, Text
from matching.models import SavedSearch
from matching.queries.pool import Person, Pool, current_pool
from matching.services.explain import shared_phrases
from matching.services.gates import Gates, GateStep, apply_gates
from matching.services.model import columns_of, using_model
from matching.services.scouting import scales
from skills.services.vectors import vector_width

LONGEST_TEXT = 20_000
PHRASES_FOR = 10  # people whose matching phrases are shown


@dataclass(frozen=True)
class Question:
    """What is looked for; text before model person, neither means filters alone."""

    text: str = ""
    like_id: int | None = None
    gates: Gates = Gates()
    competency_id: int | None = None
    level: int = 1


@dataclass(frozen=True)
class Found:
    """A person found: closeness is relative to the best of this search, 0 to 100."""

    rank: int
    person: Person
    closeness: float | None
    phrases: Sequence[str]


@dataclass(frozen=True)
class Answer:
    """The people found, and what each filter left; unknown_text: no word of it means anything."""

    people: Sequence[Found]
    steps: Sequence[GateStep]
    passed: int
    pool_size: int
    unknown_text: bool


def look(session: Session, question: Question, *, top: int = 50) -> Answer:
    """Answer a question over everybody in service; ties end at the id.

    Raises:
        InvalidInput: a text that is too long, or a model person who is not in service.
    """
    if len(question.text) > LONGEST_TEXT:
        raise InvalidInput(N_("Teks pencarian paling panjang 20.000 karakter."), field="q")
    pool = current_pool(session, width=vector_width(session))
    gates = apply_gates(pool.facts, question.gates, scales(session), clock.today())
    passes = gates.passes & _competent(session, pool, question)
    closeness, text = _closeness(session, pool, question)
    order = np.flatnonzero(passes)
    if closeness is not None:
        passes = passes & (closeness > 0) if question.text.strip() else passes
        if question.like_id is not None and not question.text.strip():
            passes = passes & (pool.ids != question.like_id)
        order = np.flatnonzero(passes)
        order = order[np.lexsort((pool.ids[order], -closeness[order]))]
    best = float(closeness[order[0]]) if closeness is not None and len(order) else 0.0
    phrases = _phrases(session, pool, text, order[:PHRASES_FOR].tolist())
    return Answer(
        people=[
            Found(
                rank=number,
                person=pool.people[at],
                closeness=_share(closeness, at, best),
                phrases=phrases.get(int(at), ()),
            )
            for number, at in enumerate(order[:top], start=1)
        ],
        steps=gates.steps,
        passed=len(order),
        pool_size=len(pool.ids),
        unknown_text=bool(question.text.strip()) and closeness is not None and not closeness.any(),
    )


def _share(closeness: np.ndarray | None, at: int, best: float) -> float | None:
    if closeness is None or best <= 0:
        return None
    return round(100 * max(0.0, float(closeness[at])) / best, 1)


def _competent(session: Session, pool: Pool, question: Question) -> np.ndarray:
    column = columns_of(session).get(question.competency_id or 0)
    if column is None:
        return np.ones(len(pool.ids), bool)
    level: np.ndarray = pool.verified[:, column] >= question.level
    return level


def _closeness(
    session: Session, pool: Pool, question: Question
) -> tuple[np.ndarray | None, Text | None]:
    if question.text.strip():
        with using_model(session, pool) as held:
            return held.model.search(question.text), Text(body=question.text)
    if question.like_id is None:
        return None, None
    at = pool.position_of(question.like_id)
    if at is None:
        raise InvalidInput(N_("Orang yang dijadikan contoh tidak ada dalam daftar pegawai aktif."))
    known = pool.verified[at] > 0
    levels = np.where(known, pool.verified[at], pool.claimed[at]).astype(np.uint8)
    # A claim says less about a profile than a verified level; the weight follows.
    weights = np.where(known, 1.0, np.where(levels > 0, 0.5, 0.0))
    query = RoleQuery(levels, weights, pool.people[at].text)
    with using_model(session, pool) as held:
        return held.model.score(query), query.text


def _phrases(
    session: Session, pool: Pool, text: Text | None, rows: Sequence[int]
) -> dict[int, list[str]]:
    if text is None:
        return {}
    with using_model(session, pool) as held:
        return {at: shared_phrases(held.model, text, pool.people[at].text, top=5) for at in rows}


def saved_searches(session: Session, *, account_id: int) -> Sequence[SavedSearch]:
    """Return one's own saved searches and those that others share."""
    return session.scalars(
        select(SavedSearch)
        .where(or_(SavedSearch.account_id == account_id, SavedSearch.is_shared.is_(True)))
        .order_by(SavedSearch.account_id != account_id, SavedSearch.name, SavedSearch.id)
    ).all()


def save_search(
    session: Session, *, actor: Actor, name: str, address: str, is_shared: bool = False
) -> SavedSearch:
    """Keep a search under a name.

    Raises:
        InvalidInput: no name, or an address outside this application.
        Conflict: the name is taken.
    """
    if actor.account_id is None or not name.strip():
        raise InvalidInput(N_("Beri nama pencarian ini."), field="name")
    if not address.startswith("/") or address.startswith(("//", "/\\")) or len(address) > 25_000:
        raise InvalidInput(N_("Alamat pencarian tidak dikenal."), field="address")
    known = session.scalar(
        select(SavedSearch.id).where(
            SavedSearch.account_id == actor.account_id, SavedSearch.name == name.strip()[:120]
        )
    )
    if known is not None:
        raise Conflict(N_("Nama pencarian ini sudah dipakai."), field="name")
    row = SavedSearch(
        account_id=actor.account_id,
        owner_label=actor.label[:200],
        name=name.strip()[:120],
        address=address,
        is_shared=is_shared,
        created_at=clock.now(),
    )
    session.add(row)
    session.flush()
    record(session, "matching:search:save", row, name=row.name, is_shared=is_shared)
    return row


def delete_search(session: Session, *, actor: Actor, search_id: int) -> None:
    """Delete one's own saved search; what is not one's own stays."""
    row = session.get(SavedSearch, search_id)
    if row is not None and row.account_id == actor.account_id:
        record(session, "matching:search:delete", row, name=row.name)
        session.delete(row)
        session.flush()
