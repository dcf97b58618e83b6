"""The job that makes certificates: render, sign, keep, log, into the profile; one transaction each.

A killed run loses at most the certificate it was working on, whose transaction rolls back with all
its effects; its number stays reserved and the next run makes it. Files are rendered and signed
ahead of their transactions, so that nobody waits for a lock meanwhile (see `workshop`).
"""

import hashlib
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session as DbSession

from app.core.files.services import store_bytes
from app.core.i18n import N_, Message
from app.core.jobs.models import ItemState, Job, JobItem
from app.core.jobs.registry import ItemOutcome, item_job_kind
from courses.enums import CertificateState
from courses.models import Certificate
from courses.services.certificate_records import mark_issued
from courses.services.workshop import make_ahead, rest_workshop, workshop_of

ISSUE_JOB = "certificates.issue"
FILE_PURPOSE = "certificate"


def _finish(session: DbSession, job: Job) -> dict[str, Any]:
    """Say where the certificates are; the files made ahead are all taken."""
    rest_workshop()
    return {
        "url": f"/pelatihan/sesi/{job.params['session_id']}/sertifikat",
        "url_label": Message(N_("Sertifikat sesi ini")),
    }


@item_job_kind(ISSUE_JOB, prepare=make_ahead, finish=_finish, timeout=300)
def issue_one(session: DbSession, job: Job, item: JobItem) -> ItemOutcome:
    """Make the file of one reserved certificate and issue it, exactly once."""
    certificate = session.scalar(
        select(Certificate)
        .where(Certificate.id == item.payload["certificate_id"])
        .with_for_update()
    )
    if certificate is None or certificate.state != CertificateState.RESERVED:
        return ItemOutcome(ItemState.SKIPPED, Message(N_("Sudah terbit atau dibatalkan.")))
    shop = workshop_of(session, certificate.template_id)
    made = shop.take(certificate)
    if made.error is not None:
        return ItemOutcome(ItemState.FAILED, made.error)
    if hashlib.sha256(made.pdf).hexdigest() != made.sha256:
        raise RuntimeError("a certificate file changed between signing and storing")
    stored = store_bytes(
        session,
        content=made.pdf,
        filename=f"sertifikat-{certificate.number.replace('/', '-')}.pdf",
        media_type="application/pdf",
        purpose=FILE_PURPOSE,
        owner_employee_id=certificate.employee_id,
        actor=session.info["actor"],
    )
    mark_issued(
        session,
        certificate=certificate,
        file_id=stored.id,
        file_hash=made.sha256,
        key_id=shop.press.signer.certificate.fingerprint,
    )
    return ItemOutcome(ItemState.DONE, Message(N_("Ditandatangani dan disimpan.")))
