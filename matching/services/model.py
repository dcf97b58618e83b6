"""The similarity model in use: fitted on the pool, versioned, stored with its checksum."""

import threading
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from matching.engine.records import People, RoleQuery, Text
from matching.engine.similarity import ProfileSimilarity
from matching.models import Role
from matching.queries.pool import Pool
from matching.text import default_lexicon
from skills.models import Competency, Standard, StandardItem
from skills.rules import Requirement

_lock = threading.Lock()


def columns_of(session: Session) -> dict[int, int]:
    """Return the column of each competency in the level vectors."""
    rows = session.execute(
        select(Competency.id, Competency.column).where(Competency.column.is_not(None))
    )
    return dict(rows.all())  # type: ignore[arg-type]


def role_query(
    requirements: Sequence[Requirement], columns: dict[int, int], width: int, text: Text
) -> RoleQuery:
    """Return the requirements as one row for the model."""
    required = np.zeros(width, np.uint8)
    weights = np.zeros(width, np.float64)
    for item in requirements:
        column = columns[item.competency_id]
        required[column], weights[column] = item.level, item.weight
    return RoleQuery(required=required, weights=weights, text=text)


def role_text(role: Role) -> Text:
    """Return the text of a role as the model reads it."""
    return Text(head=f"{role.name}. {role.name_en}", body=f"{role.text} {role.text_en}")


def similarities(session: Session, pool: Pool, role: RoleQuery) -> NDArray[np.float64]:
    """Return the similarity of everybody in the pool to a role, in the order of the pool.

    The model is fitted once per process; people who changed since are replaced row by row with the
    population statistics left as they are.
    """
    key = str(session.get_bind().engine.url)  # type: ignore[union-attr]
    with _lock:
        held = _models.get(key)
        if held is None or held.versions.keys() != pool.versions.keys():
            held = _models[key] = _Held(_fit(session, pool), dict(pool.versions))
        _follow(held, pool)
        return held.model.score(role)


def _follow(held: "_Held", pool: Pool) -> None:
    for person, version in pool.versions.items():
        if held.versions[person] != version:
            at = pool.position_of(person)
            assert at is not None  # the same people, as checked by the caller
            text = pool.people[at].text
            held.model.update_person(str(person), pool.claimed[at], pool.verified[at], text)
            held.versions[person] = version


def forget_models() -> None:
    """Drop the fitted models (a test starts on another database)."""
    with _lock:
        _models.clear()


@dataclass
class _Held:
    model: ProfileSimilarity
    versions: dict[int, int]


_models: dict[str, _Held] = {}


def _fit(session: Session, pool: Pool) -> ProfileSimilarity:
    columns = columns_of(session)
    width = pool.verified.shape[1]
    roles = session.scalars(
        select(Role)
        .where(Role.state != "retired")
        .options(selectinload(Role.standard).selectinload(Standard.items))
        .order_by(Role.code, Role.version)
    )
    queries = [
        role_query(_requirements(role.standard.items), columns, width, role_text(role))
        for role in roles
    ]
    people = People(
        ids=[str(person) for person in pool.ids],
        claimed=pool.claimed,
        verified=pool.verified,
        texts=[person.text for person in pool.people],
    )
    return ProfileSimilarity(lexicon=default_lexicon()).fit(people, queries)


def _requirements(items: Sequence[StandardItem]) -> list[Requirement]:
    return [Requirement(i.competency_id, i.level, i.weight, i.mandatory) for i in items]
