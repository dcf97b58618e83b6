"""Files of certificates made ahead of the items that issue them, by two processes where it pays.

The common page of a group is laid out once; while the items of one group are written to the
database, a second process makes the next group. Nothing here writes: what is lost with a killed
process is made again, and an item whose file is not here makes its own.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session as DbSession

from app.core import clock
from app.core.jobs.models import ItemState, JobItem
from app.core.runtime import settings
from courses.certificates.batch import BatchSetup, Issued, Press
from courses.certificates.overlay import GROUP_SIZE
from courses.certificates.press_process import PressProcess
from courses.certificates.signing import signer_with
from courses.enums import CertificateState
from courses.models import Certificate
from courses.services.certificate_records import facts_of
from courses.services.templates import find_template, source_of

# Starting the second process takes two seconds: shorter rows of items are done sooner without.
_WORTH_IT = GROUP_SIZE // 2
_KEYRING = "keyring.json"


@dataclass
class Workshop:
    """The loaded press, the files made ahead, and the process beside, for one state of the keys."""

    keys: tuple[Path, int, int | None]
    press: Press
    made: dict[str, Issued] = field(default_factory=dict)
    beside: PressProcess | None = None
    job_id: int | None = None
    upto: int = -1  # position of the last item that is made or sent

    def has(self, certificate: Certificate) -> bool:
        """Tell whether the file of a certificate is there, with the facts it has now."""
        made = self.made.get(certificate.code)
        return made is not None and (
            made.error is not None or made.facts_digest == certificate.facts_hash
        )

    def take(self, certificate: Certificate) -> Issued:
        """Return the file of a certificate, made now where it is not there yet."""
        if not self.has(certificate):
            self.here([certificate])
        return self.made.pop(certificate.code)

    def here(self, group: Sequence[Certificate]) -> None:
        """Make a group in this process."""
        self.press.setup = replace(self.press.setup, signed_at=clock.now())
        for issued in self.press.issue([facts_of(row) for row in group]):
            self.made[issued.code] = issued

    def elsewhere(self, group: Sequence[Certificate]) -> bool:
        """Send a group to the second process; return whether it is on its way."""
        if self.beside is None:
            self.beside = PressProcess(self.press.setup)
        if self.beside.send([facts_of(row) for row in group], clock.now()):
            return True
        self.beside = None
        return False

    def fetch(self) -> None:
        """Take what the second process was sent, waiting for it."""
        for issued in self.beside.receive() if self.beside else ():
            self.made[issued.code] = issued

    def close(self) -> None:
        """End the second process and forget what nobody asked for."""
        if self.beside is not None:
            self.beside.close()
        self.beside, self.job_id, self.upto = None, None, -1
        self.made.clear()


_workshop: Workshop | None = None


def keys_folder() -> Path:
    """Return the folder of the signing keys of this installation."""
    return settings().instance / "keys"


def workshop_of(session: DbSession, template_id: int | None) -> Workshop:
    """Return the workshop, opened anew when the keys or the template are others."""
    global _workshop
    folder = keys_folder()
    ring = folder / _KEYRING
    state = (folder, ring.stat().st_mtime_ns if ring.exists() else 0, template_id)
    if _workshop is None or _workshop.keys != state or state[1] == 0:
        close_workshop()
        setup = BatchSetup(
            keys=folder,
            signed_at=clock.now(),
            organisation=settings().agency_name,
            template=source_of(find_template(session, template_id)),
            make_signer=partial(signer_with, timestamp_url=settings().timestamp_url or ""),
        )
        press = Press(setup)  # makes the keys where there are none
        _workshop = Workshop((folder, ring.stat().st_mtime_ns, template_id), press)
    return _workshop


def rest_workshop() -> None:
    """End the second process after a job; what is loaded stays for the next one."""
    if _workshop is not None:
        _workshop.close()


def close_workshop() -> None:
    """Forget the press and end its second process."""
    global _workshop
    rest_workshop()
    _workshop = None


def make_ahead(session: DbSession, job_id: int, item_id: int) -> None:
    """Have the file of an item ready before its transaction, and the next ones on their way."""
    item = session.get_one(JobItem, item_id)
    certificate = session.get(Certificate, item.payload["certificate_id"])
    if certificate is None or certificate.state != CertificateState.RESERVED:
        return
    shop = workshop_of(session, certificate.template_id)
    if shop.job_id != job_id:
        shop.close()
        shop.job_id = job_id
    if shop.has(certificate):
        return
    shop.fetch()
    if not shop.has(certificate):
        shop.made.clear()
        shop.upto, group = _following(session, job_id, item.position - 1, certificate.template_id)
        _send_next(session, shop)
        shop.here(group)
    else:
        _send_next(session, shop)


def _send_next(session: DbSession, shop: Workshop) -> None:
    assert shop.job_id is not None
    last, group = _following(session, shop.job_id, shop.upto, shop.keys[2])
    if len(group) >= _WORTH_IT and shop.elsewhere(group):
        shop.upto = last


def _following(
    session: DbSession, job_id: int, after: int, template_id: int | None
) -> tuple[int, Sequence[Certificate]]:
    """Return the next group of a job after a position, and the position it ends at."""
    rows = session.execute(
        select(JobItem.position, JobItem.payload)
        .where(
            JobItem.job_id == job_id,
            JobItem.state == ItemState.QUEUED,
            JobItem.position > after,
        )
        .order_by(JobItem.position)
        .limit(GROUP_SIZE)
    ).all()
    ids = [payload["certificate_id"] for _position, payload in rows]
    group = session.scalars(
        select(Certificate)
        .where(
            Certificate.id.in_(ids),
            Certificate.state == CertificateState.RESERVED,
            Certificate.template_id == template_id,
        )
        .order_by(Certificate.id)
    ).all()
    return (rows[-1].position if rows else after), group
