"""Thousands of certificates in one job: fixed costs once, both cores, memory that stays flat.

Workers get facts and give back finished, signed files one by one; the caller stores each and
commits. Nothing here remembers what was done: a job that is killed asks again for what is missing.
"""

import hashlib
import itertools
import logging
import multiprocessing
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping
from concurrent.futures import Future, ProcessPoolExecutor
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from app.core.errors import DomainError
from app.core.i18n import N_, Message
from courses.certificates.facts import CertificateFacts, digest
from courses.certificates.keystore import KeyStore, open_keystore
from courses.certificates.overlay import GROUP_SIZE, render_many
from courses.certificates.render import Renderer, SealSigner
from courses.certificates.signing import LocalSigner, Signer
from courses.certificates.template import TemplateSource

_log = logging.getLogger(__name__)
_FAILED = N_("Sertifikat ini gagal dibuat karena kesalahan sistem; laporkan kepada pengelola.")
# Starting workers takes two seconds each; a small job is done sooner without.
POOL_FROM = GROUP_SIZE
_RENEW_WORKER_AFTER = 40


@dataclass(frozen=True)
class BatchSetup:
    """Everything that is the same for all certificates of a job; it travels to the workers.

    Args:
        keys: folder of the key store.
        signed_at: moment of the signatures.
        template: template version, or None for the one that comes with the application.
        words: Indonesian label -> label in the certificates' language.
        password: of the private keys, or None.
        make_signer: builds the signer in each worker, from a function of a module.
    """

    keys: Path
    signed_at: datetime
    organisation: str = ""
    reason: str = "Sertifikat"
    template: TemplateSource | None = None
    words: Mapping[str, str] = field(default_factory=dict)
    password: bytes | None = None
    make_signer: Callable[[KeyStore], Signer] = LocalSigner


@dataclass(frozen=True)
class Issued:
    """One finished certificate, or the sentence that says why there is none."""

    code: str
    pdf: bytes = b""
    sha256: str = ""
    facts_digest: str = ""
    error: Message | None = None


def issue_many(
    facts: Iterable[CertificateFacts], setup: BatchSetup, *, workers: int = 2
) -> Iterator[Issued]:
    """Yield each certificate signed, in groups in the order given.

    Args:
        facts: one certificate each; read as the work goes on, so that it may be a long stream.
        setup: what they have in common.
        workers: processes; 1 does the work in this one.

    Raises:
        DomainError: if the keys cannot be opened.
    """
    stream = iter(facts)
    head = list(itertools.islice(stream, POOL_FROM))
    groups = _grouped(itertools.chain(head, stream))
    if workers < 2 or len(head) < POOL_FROM:
        press = Press(setup)
        for group in groups:
            yield from press.issue(group)
        return
    yield from _pooled(groups, setup, workers)


def _pooled(
    groups: Iterable[tuple[CertificateFacts, ...]], setup: BatchSetup, workers: int
) -> Iterator[Issued]:
    """Hand groups to worker processes, a few ahead at most."""
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(
        workers,
        mp_context=context,
        initializer=_start,
        initargs=(setup,),
        max_tasks_per_child=_RENEW_WORKER_AFTER,
    ) as pool:
        ahead: deque[Future[list[Issued]]] = deque()
        for group in groups:
            ahead.append(pool.submit(_work, group))
            if len(ahead) > 2 * workers:
                yield from ahead.popleft().result()
        while ahead:
            yield from ahead.popleft().result()


class Press:
    """Renders and signs with everything loaded once."""

    def __init__(self, setup: BatchSetup) -> None:
        """Open the keys and prepare the template."""
        self.setup = setup
        store = open_keystore(
            setup.keys,
            organisation=setup.organisation,
            now=setup.signed_at,
            password=setup.password,
        )
        words = setup.words
        self.renderer = Renderer(
            SealSigner(store.seal_key, store.seal),
            template=setup.template,
            translate=lambda text: words.get(text, text),
        )
        self.signer = setup.make_signer(store)

    def issue(self, group: Iterable[CertificateFacts]) -> Iterator[Issued]:
        """Yield the certificates of a group; one that fails does not stop the others."""
        for facts, made in render_many(self.renderer, list(group)):
            yield self._finish(facts, made)

    def _finish(self, facts: CertificateFacts, made: bytes | Exception) -> Issued:
        """Sign a rendered file."""
        try:
            if isinstance(made, Exception):
                raise made
            data = self.signer.sign(made, signed_at=self.setup.signed_at, reason=self.setup.reason)
        except DomainError as error:
            return Issued(facts.code, error=error.message)
        except Exception:
            # Reported for this certificate alone; the others of the job go on.
            _log.exception("certificate could not be made")
            return Issued(facts.code, error=Message(_FAILED))
        return Issued(facts.code, data, hashlib.sha256(data).hexdigest(), digest(facts))


_press: Press | None = None


def _start(setup: BatchSetup) -> None:
    """Prepare a worker process."""
    global _press
    _press = Press(setup)


def _work(group: tuple[CertificateFacts, ...]) -> list[Issued]:
    """Do one group in a worker process."""
    if _press is None:
        raise DomainError(N_("Proses penerbitan belum siap."))
    return list(_press.issue(group))


def _grouped(facts: Iterator[CertificateFacts]) -> Iterator[tuple[CertificateFacts, ...]]:
    """Yield the stream in groups."""
    while group := tuple(itertools.islice(facts, GROUP_SIZE)):
        yield group
