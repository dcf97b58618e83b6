"""The job that fits the similarity model anew, and what the model card tells of the models."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session, defer

from app.core.actor import Actor
from app.core.i18n import N_, Message
from app.core.jobs.context import JobContext
from app.core.jobs.registry import job_kind
from app.core.jobs.services import enqueue
from matching.models import ModelVersion
from matching.queries.pool import current_pool
from matching.services.lexicons import lexicon_version
from matching.services.model import fit_model
from skills.services.vectors import vector_width

REFIT = "matching.refit"


@dataclass(frozen=True)
class ModelState:
    """The model in use, the ones before, and whether it knows the abbreviations in force."""

    active: ModelVersion | None
    history: Sequence[ModelVersion]
    table_version: int
    used_version: int | None  # of the table, by the model in use; None where it was not kept

    @property
    def is_behind(self) -> bool:
        """Whether abbreviations changed since the model in use was fitted."""
        return self.active is not None and self.used_version != self.table_version


def model_state(session: Session) -> ModelState:
    """Return which model is in use and how it came."""
    rows = session.scalars(
        select(ModelVersion)
        .options(defer(ModelVersion.arrays))
        .order_by(ModelVersion.id.desc())
        .limit(20)
    ).all()
    active = next((row for row in rows if row.active), None)
    used = active.parameters.get("abbreviations") if active else None
    return ModelState(
        active=active,
        history=rows,
        table_version=lexicon_version(session)[0],
        used_version=int(str(used)) if used is not None else None,
    )


def start_refit(session: Session, *, actor: Actor) -> int:
    """Start the job that fits the model on everybody in service; return its id."""
    job = enqueue(
        session, kind=REFIT, title=Message(N_("Bangun ulang model kedekatan profil")), actor=actor
    )
    return job.id


@job_kind(REFIT, timeout=1800)
def refit(context: JobContext) -> dict[str, Any]:
    """Fit the model in one transaction; the same data gives the same model, stored once."""
    with context.transaction() as session:
        pool = current_pool(session, width=vector_width(session))
        version = fit_model(session, pool)
        facts = {"people": version.people, "model": version.checksum[:12]}
    text = N_("Model %(model)s dibangun dari %(people)s pegawai dan mulai dipakai.")
    return {"message": Message(text, facts), "url": "/kartu-model"}
