"""The job that makes certificates: render, sign, keep, log, into the profile; one transaction each.

A killed run loses at most the certificate it was working on, whose transaction rolls back with all
its effects; its number stays reserved and the next run makes it. Files are rendered and signed
ahead in groups, so that the common page is laid out once, and kept in this process only.
"""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session as DbSession

from app.core import clock
from app.core.files.services import store_bytes
from app.core.i18n import N_, Message
from app.core.jobs.models import ItemState, Job, JobItem
from app.core.jobs.registry import ItemOutcome, item_job_kind
from app.core.runtime import settings
from courses.certificates.batch import BatchSetup, Issued, Press
from courses.certificates.keystore import KeyStore
from courses.certificates.signing import LocalSigner, Signer
from courses.enums import CertificateState
from courses.models import Certificate
from courses.services.certificate_records import facts_of, mark_issued
from courses.services.templates import find_template, source_of

ISSUE_JOB = "certificates.issue"
FILE_PURPOSE = "certificate"
# Ahead of the item in work: enough for the overlay to pay, little enough to lose by a kill.
_AHEAD = 50
_KEYRING = "keyring.json"


@dataclass
class _Workshop:
    """The loaded press and the files made ahead, for one state of the keys and one template."""

    keys: tuple[Path, int, int | None]
    press: Press
    made: dict[str, Issued]


_workshop: _Workshop | None = None


def keys_folder() -> Path:
    """Return the folder of the signing keys of this installation."""
    return settings().instance / "keys"


def local_signer(store: KeyStore) -> Signer:
    """Return the signer of this installation, with its timestamp authority where one is set."""
    address = settings().timestamp_url
    if not address:
        return LocalSigner(store)
    from pyhanko.sign.timestamps import HTTPTimeStamper

    return LocalSigner(store, stamper=HTTPTimeStamper(address))


def _finish(session: DbSession, job: Job) -> dict[str, Any]:
    """Say where the certificates are."""
    return {
        "url": f"/pelatihan/sesi/{job.params['session_id']}/sertifikat",
        "url_label": Message(N_("Sertifikat sesi ini")),
    }


@item_job_kind(ISSUE_JOB, finish=_finish, timeout=300)
def issue_one(session: DbSession, job: Job, item: JobItem) -> ItemOutcome:
    """Make the file of one reserved certificate and issue it, exactly once."""
    certificate = session.scalar(
        select(Certificate)
        .where(Certificate.id == item.payload["certificate_id"])
        .with_for_update()
    )
    if certificate is None or certificate.state != CertificateState.RESERVED:
        return ItemOutcome(ItemState.SKIPPED, Message(N_("Sudah terbit atau dibatalkan.")))
    made = _made(session, job, item, certificate)
    if made.error is not None:
        return ItemOutcome(ItemState.FAILED, made.error)
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
        key_id=_shop(session, certificate.template_id).press.signer.certificate.fingerprint,
    )
    return ItemOutcome(ItemState.DONE, Message(N_("Ditandatangani dan disimpan.")))


def _made(session: DbSession, job: Job, item: JobItem, certificate: Certificate) -> Issued:
    """Return the finished file, making a group of the next ones where it is not there yet."""
    shop = _shop(session, certificate.template_id)
    made = shop.made.pop(certificate.code, None)
    if made is None or made.facts_digest != certificate.facts_hash:
        shop.made.clear()
        shop.press.setup = replace(shop.press.setup, signed_at=clock.now())
        group = [certificate, *_following(session, job, item, certificate.template_id)]
        for issued in shop.press.issue([facts_of(row) for row in group]):
            shop.made[issued.code] = issued
        made = shop.made.pop(certificate.code)
    if made.error is None and hashlib.sha256(made.pdf).hexdigest() != made.sha256:
        raise RuntimeError("a certificate file changed between signing and storing")
    return made


def _following(
    session: DbSession, job: Job, item: JobItem, template_id: int | None
) -> Sequence[Certificate]:
    payloads = session.scalars(
        select(JobItem.payload)
        .where(
            JobItem.job_id == job.id,
            JobItem.state == ItemState.QUEUED,
            JobItem.position > item.position,
        )
        .order_by(JobItem.position)
        .limit(_AHEAD - 1)
    )
    ids = [payload["certificate_id"] for payload in payloads]
    return session.scalars(
        select(Certificate)
        .where(
            Certificate.id.in_(ids),
            Certificate.state == CertificateState.RESERVED,
            Certificate.template_id == template_id,
        )
        .order_by(Certificate.id)
    ).all()


def _shop(session: DbSession, template_id: int | None) -> _Workshop:
    """Return the workshop, opened anew when the keys or the template are others."""
    global _workshop
    folder = keys_folder()
    ring = folder / _KEYRING
    state = (folder, ring.stat().st_mtime_ns if ring.exists() else 0, template_id)
    if _workshop is None or _workshop.keys != state or state[1] == 0:
        press = Press(
            BatchSetup(
                keys=folder,
                signed_at=clock.now(),
                organisation=settings().agency_name,
                template=source_of(find_template(session, template_id)),
                make_signer=local_signer,
            )
        )
        _workshop = _Workshop((folder, ring.stat().st_mtime_ns, template_id), press, {})
    return _workshop
