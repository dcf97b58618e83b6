"""The similarity model in use: fitted on the pool, versioned, stored with its checksum."""

import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import select, update
from sqlalchemy.orm import Session, defer, selectinload

from app.core import clock
from app.core.audit import record
from app.core.errors import Conflict
from app.core.i18n import N_
from matching.engine.freezing import freeze, thaw
from matching.engine.records import People, RoleQuery, Text
from matching.engine.similarity import ProfileSimilarity
from matching.models import ModelVersion, Role
from matching.queries.pool import Pool
from matching.services.lexicons import lexicon_in_force, lexicon_version
from skills.models import Competency, Standard, StandardItem
from skills.rules import Requirement

_lock = threading.Lock()
MODEL_CODE = "similarity-1"


def columns_of(session: Session) -> dict[int, int]:
    """Return the column of each competency in the level vectors."""
    rows = session.execute(
        select(Competency.id, Competency.column).where(Competency.column.is_not(None))
    )
    return {row.id: row.column for row in rows if row.column is not None}


def role_query(
    requirements: Sequence[Requirement], columns: Mapping[int, int], width: int, text: Text
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


def similarities(session: Session, pool: Pool, role: RoleQuery) -> tuple[NDArray[np.float64], str]:
    """Return the similarity of everybody in the pool to a role, and the model's checksum.

    All processes use the stored model, so that they agree. People who changed since are replaced
    row by row, with the population statistics of the model left as they are.
    """
    with using_model(session, pool) as held:
        return held.model.score(role), held.checksum


@contextmanager
def using_model(session: Session, pool: Pool) -> Iterator["HeldModel"]:
    """Give the model with the rows of this pool; nobody else moves them meanwhile."""
    key = str(session.get_bind().engine.url)
    stored = active_version(session)
    words = lexicon_version(session)[1] if stored is None else ""
    with _lock:
        held = _models.get(key)
        made_by = (stored.id if stored else None, words)
        if held is None or not held.serves(pool) or held.made_by != made_by:
            held = _models[key] = _hold(session, pool, stored, words)
        _follow(held, pool)
        yield held


def keep_model(session: Session, pool: Pool, checksum: str) -> ModelVersion:
    """Return the stored version of the model that gave a ranking; store it where it is not yet.

    Raises:
        Conflict: another model came into use since the ranking was made.
    """
    known = session.scalar(
        select(ModelVersion)
        .where(ModelVersion.checksum == checksum)
        .options(defer(ModelVersion.arrays))
    )
    if known is not None:
        return known
    with using_model(session, pool) as held:
        data, found = freeze(held.model)
    if found != checksum:
        raise Conflict(N_("Model kedekatan profil baru saja diganti. Muat ulang daftar ini."))
    return _store(session, data, checksum, len(pool.ids))


def active_version(session: Session) -> ModelVersion | None:
    """Return the model in use without its arrays, or None before the first fit."""
    return session.scalar(
        select(ModelVersion)
        .where(ModelVersion.active.is_(True))
        .options(defer(ModelVersion.arrays))
        .order_by(ModelVersion.id.desc())
        .limit(1)
    )


def fit_model(session: Session, pool: Pool) -> ModelVersion:
    """Fit the model on the pool and the role catalogue, store it and put it into use.

    The same people and roles give the same model; it is stored once.
    """
    data, checksum = freeze(_fit(session, pool))
    known = session.scalar(select(ModelVersion).where(ModelVersion.checksum == checksum))
    session.execute(update(ModelVersion).values(active=False))
    known = known or _store(session, data, checksum, len(pool.ids))
    known.active = True
    known.parameters = parameters_of(session)
    session.flush()
    record(session, "matching:model:fit", known, checksum=checksum, population=len(pool.ids))
    return known


def parameters_of(session: Session) -> dict[str, object]:
    """Return what a model was made with besides people and roles."""
    number, checksum = lexicon_version(session)
    return {"abbreviations": number, "abbreviations_hash": checksum}


def _store(session: Session, data: bytes, checksum: str, people: int) -> ModelVersion:
    version = ModelVersion(
        code_version=MODEL_CODE,
        fitted_at=clock.now(),
        people=people,
        parameters=parameters_of(session),
        arrays=data,
        checksum=checksum,
    )
    session.add(version)
    session.flush()
    return version


def _hold(session: Session, pool: Pool, stored: ModelVersion | None, words: str) -> "HeldModel":
    if stored is None:
        model = _fit(session, pool)
        checksum = freeze(model)[1]
    else:
        checksum = stored.checksum
        model = thaw(stored.arrays, checksum, population_of(pool))
    return HeldModel(model, dict(pool.versions), checksum, (stored.id if stored else None, words))


def _follow(held: "HeldModel", pool: Pool) -> None:
    if held.pool is pool:
        return
    for person, version in pool.versions.items():
        if held.versions[person] != version:
            at = pool.position_of(person)
            assert at is not None  # the same people, as checked by the caller
            text = pool.people[at].text
            held.model.update_person(str(person), pool.claimed[at], pool.verified[at], text)
            held.versions[person] = version
    held.pool = pool


def forget_models() -> None:
    """Drop the fitted models (a test starts on another database)."""
    with _lock:
        _models.clear()


@dataclass
class HeldModel:
    """A model in this process with the rows of a pool."""

    model: ProfileSimilarity
    versions: dict[int, int]
    checksum: str
    made_by: tuple[int | None, str]  # the stored model, or the words of one that is not stored
    pool: Pool | None = None  # the arrays that its rows agree with

    def serves(self, pool: Pool) -> bool:
        """Tell whether the rows are of the same people as the pool."""
        return self.pool is pool or self.versions.keys() == pool.versions.keys()


_models: dict[str, HeldModel] = {}


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
    lexicon = lexicon_in_force(session)
    return ProfileSimilarity(lexicon=lexicon).fit(population_of(pool), queries)


def population_of(pool: Pool) -> People:
    """Return the pool as the model reads it."""
    # Copies: the model keeps its rows and moves them along by itself.
    return People(
        ids=[str(person) for person in pool.ids],
        claimed=pool.claimed.copy(),
        verified=pool.verified.copy(),
        texts=[person.text for person in pool.people],
    )


def _requirements(items: Sequence[StandardItem]) -> list[Requirement]:
    return [Requirement(i.competency_id, i.level, i.weight, i.mandatory) for i in items]
