"""Signatures of a decision, over a hash of everything that its file says."""

import hashlib
import json
from collections.abc import Mapping, Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.core import clock
from app.core.actor import Actor
from app.core.audit import record
from app.core.errors import Conflict, InvalidInput, Stale
from app.core.i18n import N_
from matching.models import (
    Decision,
    DecisionSignature,
    FairnessSheet,
    PanelScore,
    ScoutingRun,
    ShortlistEntry,
)


def file_hash(session: Session, decision: Decision) -> str:
    """Return the hash of the facts of a decision: who, why, from which run, against which sheet."""
    run = session.get_one(ScoutingRun, decision.run_id)
    where = (ShortlistEntry.seat_id == decision.seat_id, ShortlistEntry.round == decision.round)
    entries = session.scalars(
        select(ShortlistEntry).where(*where).order_by(ShortlistEntry.employee_id)
    ).all()
    scores = session.execute(
        select(
            PanelScore.entry_id, PanelScore.criterion_id, PanelScore.account_id, PanelScore.score
        )
        .where(PanelScore.entry_id.in_([entry.id for entry in entries]))
        .order_by(PanelScore.entry_id, PanelScore.criterion_id, PanelScore.account_id)
    )
    sheets = session.scalars(
        select(FairnessSheet.key)
        .where(FairnessSheet.seat_id == decision.seat_id, FairnessSheet.round == decision.round)
        .order_by(FairnessSheet.id)
    )
    facts = {
        "decision": [
            decision.id,
            decision.seat_id,
            decision.round,
            decision.decided_on.isoformat(),
        ],
        "people": [decision.employee_id, decision.backup_id],
        "words": [decision.reason, decision.dissent, decision.decided_by_label],
        "run": [run.inputs_hash, run.ranking_hash],
        "shortlist": [
            [entry.employee_id, entry.rank, entry.fit, entry.fit_high, entry.state, entry.reason]
            for entry in entries
        ],
        "panel": [list(row) for row in scores],
        "fairness": list(sheets),
    }
    text = json.dumps(facts, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def sign(
    session: Session,
    *,
    actor: Actor,
    decision: Decision,
    expected_hash: str,
    capacity: str,
    note: str = "",
) -> DecisionSignature:
    """Sign a decision as it was shown; it is signed once a person.

    Raises:
        Stale: the file has changed since it was shown.
        Conflict: it is signed by this person already.
        InvalidInput: no capacity, or no account.
    """
    if actor.account_id is None or not capacity.strip():
        raise InvalidInput(N_("Isi jabatan Anda saat menandatangani."), field="capacity")
    if expected_hash != file_hash(session, decision):
        raise Stale(N_("Berkas keputusan berubah sejak dibuka. Baca lagi sebelum menandatangani."))
    known = signatures_of(session, [decision.id]).get(decision.id, ())
    if any(row.account_id == actor.account_id for row in known):
        raise Conflict(N_("Anda sudah menandatangani keputusan ini."))
    row = DecisionSignature(
        decision_id=decision.id,
        account_id=actor.account_id,
        label=actor.label[:200],
        capacity=capacity.strip()[:120],
        note=note.strip()[:500],
        file_hash=expected_hash,
        signed_at=clock.now(),
    )
    session.add(row)
    session.flush()
    record(
        session,
        "matching:decision:sign",
        decision,
        people=[decision.employee_id],
        file_hash=expected_hash,
    )
    return row


def signatures_of(
    session: Session, decision_ids: Sequence[int]
) -> Mapping[int, Sequence[DecisionSignature]]:
    """Return the signatures by decision, in the order they were given."""
    found: dict[int, list[DecisionSignature]] = {}
    rows = session.scalars(
        select(DecisionSignature)
        .where(DecisionSignature.decision_id.in_(decision_ids))
        .order_by(DecisionSignature.id)
    )
    for row in rows:
        found.setdefault(row.decision_id, []).append(row)
    return found
