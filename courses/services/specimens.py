"""Specimens of certificates for looking at: rendered as they would be, marked as not valid."""

from functools import lru_cache
from pathlib import Path

from app.core import clock
from app.core.runtime import settings
from courses.certificates.facts import CertificateFacts
from courses.certificates.keystore import open_keystore
from courses.certificates.render import Renderer, SealSigner
from courses.certificates.template import TemplateSource
from courses.services.workshop import keys_folder


def specimen_pdf(facts: CertificateFacts, template: TemplateSource | None = None) -> bytes:
    """Return a specimen as PDF; it is neither signed nor sealed.

    Args:
        template: the version to show, None for the one that comes with the application.

    Raises:
        InvalidInput: a text has letters no font can draw, or the template is broken.
    """
    renderer = _renderer(keys_folder(), settings().agency_name, template)
    return renderer.render(facts, preview=True)


@lru_cache(maxsize=4)
def _renderer(folder: Path, organisation: str, template: TemplateSource | None) -> Renderer:
    store = open_keystore(folder, organisation=organisation, now=clock.now())
    return Renderer(SealSigner(store.seal_key, store.seal), template=template)
