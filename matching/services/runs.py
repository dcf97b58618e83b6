"""Kept rankings: frozen inputs, and the replay that computes the same bits from them alone."""

import hashlib
import json
import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.core import clock
from app.core.actor import Actor
from app.core.audit import AuditEvent, record
from app.core.errors import InvalidInput
from app.core.i18n import N_
from matching.engine.freezing import DamagedModel, thaw
from matching.engine.records import Text
from matching.models import ModelVersion, Role, ScoutingRun, Seat
from matching.queries.facts import facts_of
from matching.queries.pool import Person, Pool, canonical_person
from matching.services.criteria import criteria_from_json, criteria_json
from matching.services.gates import Scales
from matching.services.model import active_version, keep_model, population_of
from matching.services.scouting import (
    RANKED,
    Ranking,
    Scored,
    SearchInputs,
    gather,
    score_inputs,
)

FORMAT = 2  # of the frozen inputs
FIT_VERSION = "fit-1"
_DAYS = ("service_start", "retirement_date", "position_since", "clean_since")
_KEPT = "matching:run:keep"


@dataclass(frozen=True)
class Replay:
    """A kept ranking computed again from its frozen inputs.

    same: the order, each fit and each similarity equal bit for bit; damage: what does not fit its
    hash, or nothing; first_difference: the first place that differs.
    """

    run: ScoutingRun
    same: bool
    damage: Sequence[str]
    first_difference: int | None
    people: int
    model_changed: bool
    changed_people: int  # whose data differs now, or who came or left
    criteria_changed: bool
    scored: Scored | None

    @property
    def proven(self) -> bool:
        """Nothing was altered and the replay gives the same bits."""
        return self.same and not self.damage


def freeze_inputs(inputs: SearchInputs, model: str) -> bytes:
    """Return everything the ranking was computed from, as canonical bytes."""
    head = {
        "format": FORMAT,
        "fit": FIT_VERSION,
        "model": model,
        "role": dict(inputs.role),
        "text": [inputs.text.head, inputs.text.body],
        "columns": sorted(inputs.columns.items()),
        "criteria": criteria_json(inputs.criteria),
        "day": inputs.day.isoformat(),
        "golongan": sorted([*key, value] for key, value in inputs.scales.golongan.items()),
        "education": sorted(inputs.scales.education.items()),
        "width": int(inputs.pool.verified.shape[1]),
    }
    lines = [json.dumps(head, sort_keys=True, ensure_ascii=False, separators=(",", ":"))]
    pool = inputs.pool
    for at, person in enumerate(pool.people):
        levels = f"{pool.verified[at].tobytes().hex()} {pool.claimed[at].tobytes().hex()}"
        lines.append(f"{levels} {canonical_person(person)}")
    return "\n".join(lines).encode()


def thaw_inputs(data: bytes) -> tuple[SearchInputs, str]:
    """Return the inputs that `freeze_inputs` wrote, and the checksum of the model.

    Raises:
        ValueError: bytes of another format, or altered.
    """
    first, *lines = data.decode().split("\n")
    head = json.loads(first)
    if head.get("format") != FORMAT:
        raise ValueError("frozen inputs of another format")
    inputs = SearchInputs(
        day=date.fromisoformat(head["day"]),
        criteria=criteria_from_json(head["criteria"]),
        role=head["role"],
        text=Text(*head["text"]),
        columns=dict(head["columns"]),
        scales=Scales(
            golongan={(kind, rank): order for kind, rank, order in head["golongan"]},
            education=dict(head["education"]),
        ),
        pool=_pool(lines, head["width"]),
    )
    return inputs, str(head["model"])


def _pool(lines: Sequence[str], width: int) -> Pool:
    parts = [line.split(" ", 2) for line in lines]
    people = [_person(json.loads(values)) for _verified, _claimed, values in parts]
    return Pool(
        ids=np.array([person.id for person in people], np.int64),
        verified=_levels([part[0] for part in parts], width),
        claimed=_levels([part[1] for part in parts], width),
        people=people,
        facts=facts_of(people),
    )


def _levels(rows: Sequence[str], width: int) -> np.ndarray:
    return np.frombuffer(bytes.fromhex("".join(rows)), np.uint8).reshape(len(rows), width)


def _person(values: dict[str, Any]) -> Person:
    for name in _DAYS:
        values[name] = date.fromisoformat(values[name]) if values[name] else None
    values["text"] = Text(*values["text"])
    return Person(**values)


def keep_run(
    session: Session, *, actor: Actor, ranking: Ranking, seat: Seat | None = None
) -> ScoutingRun:
    """Freeze a ranking with all inputs and its model; the same inputs are kept once."""
    inputs = freeze_inputs(ranking.scored.inputs, ranking.model)
    key = hashlib.sha256(inputs).hexdigest()
    seat_id = seat.id if seat else None
    known = session.scalar(
        select(ScoutingRun).where(ScoutingRun.key == key, ScoutingRun.seat_id == seat_id)
    )
    if known is not None:
        return known
    version = keep_model(session, ranking.scored.inputs.pool, ranking.model)
    run = ScoutingRun(
        seat_id=seat_id,
        role_id=seat.role_id if seat else None,
        parameters={"fit": FIT_VERSION, "model": ranking.model, **criteria_json(ranking.criteria)},
        gate_counts=[
            {
                "name": step.name,
                "remaining": step.remaining,
                "removed": step.removed,
                "unknown": step.unknown,
            }
            for step in ranking.steps
        ],
        model_version_id=version.id,
        people=ranking.pool_size,
        inputs=zlib.compress(inputs, 6),
        inputs_hash=key,
        ranking=zlib.compress(ranking.scored.packed, 6),
        ranking_hash=ranking.order_hash,
        created_at=clock.now(),
        created_by_id=actor.account_id,
        key=key,
    )
    session.add(run)
    session.flush()
    # The chained trail keeps the hashes too: a row altered together with its hashes is found.
    record(
        session,
        _KEPT,
        run,
        inputs_hash=run.inputs_hash,
        ranking_hash=run.ranking_hash,
        model=ranking.model,
    )
    return run


def ranked_rows(run: ScoutingRun) -> np.ndarray:
    """Return the kept order: id, fit and similarity of everybody who passed the gates."""
    return np.frombuffer(zlib.decompress(run.ranking), RANKED)


def replay(session: Session, *, run: ScoutingRun) -> Replay:
    """Compute a kept ranking again from its frozen inputs alone, and compare bit for bit."""
    try:
        data, kept = zlib.decompress(run.inputs), zlib.decompress(run.ranking)
    except zlib.error:
        return _broken(run, ["bytes"])
    damage = _damage(session, run, data, kept)
    version = session.get(ModelVersion, run.model_version_id) if run.model_version_id else None
    try:
        inputs, checksum = thaw_inputs(data)
        if version is None or version.checksum != checksum:
            return _broken(run, [*damage, "model"])
        model = thaw(version.arrays, checksum, population_of(inputs.pool))
    except DamagedModel:
        return _broken(run, [*damage, "model"])
    except (ValueError, KeyError, TypeError):
        return _broken(run, [*damage, "inputs"])
    scored = score_inputs(inputs, model.score(inputs.query))
    active = active_version(session)
    people, criteria = _changes_since(session, run, inputs)
    return Replay(
        run=run,
        same=scored.packed == kept,
        damage=damage,
        first_difference=_first_difference(scored.packed, kept),
        people=len(scored.rows),
        model_changed=active is None or active.checksum != checksum,
        changed_people=people,
        criteria_changed=criteria,
        scored=scored,
    )


def _broken(run: ScoutingRun, damage: Sequence[str]) -> Replay:
    return Replay(run, False, damage, None, 0, False, 0, False, None)


def _damage(session: Session, run: ScoutingRun, data: bytes, kept: bytes) -> list[str]:
    found = []
    if hashlib.sha256(data).hexdigest() != run.inputs_hash:
        found.append("inputs")
    if hashlib.sha256(kept).hexdigest() != run.ranking_hash:
        found.append("ranking")
    event = session.scalar(
        select(AuditEvent).where(
            AuditEvent.subject_kind == run.__tablename__,
            AuditEvent.subject_id == run.id,
            AuditEvent.tag == _KEPT,
        )
    )
    if event is not None:
        said = json.loads(event.detail)
        if (said["inputs_hash"], said["ranking_hash"]) != (run.inputs_hash, run.ranking_hash):
            found.append("trail")
    return found


def _first_difference(new: bytes, kept: bytes) -> int | None:
    left, right = np.frombuffer(new, RANKED), np.frombuffer(kept, RANKED)
    shared = min(len(left), len(right))
    differs = np.flatnonzero(left[:shared] != right[:shared])
    if differs.size:
        return int(differs[0]) + 1
    return None if len(left) == len(right) else shared + 1


def _changes_since(session: Session, run: ScoutingRun, old: SearchInputs) -> tuple[int, bool]:
    role = session.get(Role, run.role_id) if run.role_id else None
    if role is None:
        return 0, False
    try:
        now = gather(session, role=role, criteria=old.criteria)
    except (InvalidInput, KeyError):  # nothing is asked any more, or an item lost its column
        return 0, True
    before, after = _lines(old.pool), _lines(now.pool)
    changed = sum(before.get(person) != line for person, line in after.items())
    left = len(before.keys() - after.keys())
    texts = (old.text, dict(old.columns), old.scales) != (now.text, dict(now.columns), now.scales)
    return changed + left, texts


def _lines(pool: Pool) -> Mapping[int, tuple[bytes, bytes, Person]]:
    width = int(np.flatnonzero(pool.verified.any(axis=0) | pool.claimed.any(axis=0)).max(initial=0))
    return {
        person.id: (
            pool.verified[at, : width + 1].tobytes().rstrip(b"\0"),
            pool.claimed[at, : width + 1].tobytes().rstrip(b"\0"),
            person,
        )
        for at, person in enumerate(pool.people)
    }


def run_label(run: ScoutingRun) -> str:
    """Return the short name of a run: the start of its key."""
    return (run.key or run.inputs_hash)[:12]


def find_run(session: Session, text: str) -> ScoutingRun | None:
    """Return a run by its number or by the start of its key.

    Raises:
        InvalidInput: several runs start so.
    """
    if text.isdigit() and len(text) < 12:
        return session.get(ScoutingRun, int(text))
    if len(text) < 6 or set(text) - set("0123456789abcdef"):
        return None
    found = session.scalars(select(ScoutingRun).where(ScoutingRun.key.startswith(text))).all()
    if len(found) > 1:
        raise InvalidInput(N_("Ada beberapa hasil pencarian dengan awal kunci itu."))
    return found[0] if found else None
