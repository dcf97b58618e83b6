"""Templates of certificates in versions: drafts are edited, published ones are kept as they are.

A certificate remembers the version it was made with, so that its file can be made again alike.
Only one version of a template is in force; publishing a new one retires the one before.
"""

import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal
from enum import StrEnum

from sqlalchemy import func, select
from sqlalchemy.orm import Session as DbSession

from app.core import clock
from app.core.actor import Actor
from app.core.audit import record
from app.core.errors import Conflict, DomainError, InvalidInput, InvalidTransition
from app.core.i18n import N_, Message
from app.core.runtime import settings
from courses.certificates.facts import (
    MAX_NOTE,
    CertificateFacts,
    GainedCompetency,
    ParticipantRole,
    Topic,
)
from courses.certificates.facts import Signatory as PrintedSignatory
from courses.certificates.template import (
    TemplateSource,
    default_template,
    fill,
    missing_essentials,
)
from courses.models import Certificate, CertificateTemplate

MAX_HTML, MAX_CSS = 60_000, 60_000
_CODE = re.compile(r"[A-Z0-9][A-Z0-9-]{1,39}")
_SAMPLE_CODE = "4CQ0T5ZJ8M2W7XK9H3RFB6NDEA"


class TemplateState(StrEnum):
    """Life of a template version."""

    DRAFT = "draft"
    IN_FORCE = "in_force"
    RETIRED = "retired"


def templates(session: DbSession) -> Sequence[CertificateTemplate]:
    """Return all versions by code, the newest of each first."""
    return session.scalars(
        select(CertificateTemplate).order_by(
            CertificateTemplate.code, CertificateTemplate.edition.desc()
        )
    ).all()


def usable_templates(session: DbSession) -> Sequence[CertificateTemplate]:
    """Return the versions in force, by name."""
    return session.scalars(
        select(CertificateTemplate)
        .where(CertificateTemplate.state == TemplateState.IN_FORCE)
        .order_by(CertificateTemplate.name, CertificateTemplate.id)
    ).all()


def uses_of(session: DbSession) -> dict[int, int]:
    """Return how many certificates were made with each version."""
    rows = session.execute(
        select(Certificate.template_id, func.count())
        .where(Certificate.template_id.is_not(None))
        .group_by(Certificate.template_id)
    )
    return {template_id: count for template_id, count in rows if template_id is not None}


def source_of(template: CertificateTemplate | None) -> TemplateSource | None:
    """Return what the renderer needs of a version; None for the one of the application."""
    if template is None:
        return None
    return TemplateSource(template.html, template.css, f"{template.code}-{template.edition}")


def new_template(
    session: DbSession,
    *,
    actor: Actor,
    code: str,
    name: str,
    copied: CertificateTemplate | None = None,
) -> CertificateTemplate:
    """Add a draft: a new template, or the next version of the one that is copied.

    Raises:
        InvalidInput: a code that is not two to forty capitals, digits or hyphens, or no name.
        Conflict: the code is in use, or the template has a draft already.
    """
    code = copied.code if copied is not None else code.strip().upper()
    if not _CODE.fullmatch(code):
        raise InvalidInput(
            N_("Kode templat: 2 sampai 40 huruf besar, angka, atau tanda hubung."), field="code"
        )
    known = [row for row in templates(session) if row.code == code]
    if copied is None and known:
        raise Conflict(N_("Kode templat ini sudah dipakai."), field="code")
    if any(row.state == TemplateState.DRAFT for row in known):
        raise Conflict(N_("Templat ini sudah mempunyai konsep; lanjutkan konsep itu."))
    base = source_of(copied) or default_template()
    row = CertificateTemplate(
        code=code,
        edition=max((row.edition for row in known), default=0) + 1,
        name=_named(copied.name if copied is not None else name),
        html=base.html,
        css=base.css,
        created_at=clock.now(),
        created_by_id=actor.account_id,
    )
    session.add(row)
    session.flush()
    record(session, "courses:template:add", row, code=code, edition=row.edition)
    return row


def save_template(
    session: DbSession, *, template: CertificateTemplate, name: str, html: str, css: str
) -> None:
    """Keep the text of a draft; it must be readable and print what no certificate may lack.

    Raises:
        InvalidTransition: it was published.
        InvalidInput: too long, broken, or without an essential field.
    """
    if template.state != TemplateState.DRAFT:
        raise InvalidTransition(N_("Versi yang sudah terbit tidak diubah; buat versi baru."))
    name = _named(name)
    for text, most, field in ((html, MAX_HTML, "html"), (css, MAX_CSS, "css")):
        if len(text) > most:
            raise InvalidInput(
                Message(N_("Paling panjang %(count)s huruf."), {"count": most}), field=field
            )
    check_source(TemplateSource(html, css))
    before = (template.name, template.html, template.css)
    template.name, template.html, template.css = name, html, css
    session.flush()
    changed = [
        field
        for field, old, new in zip(("name", "html", "css"), before, (name, html, css), strict=True)
        if old != new
    ]
    if changed:
        record(session, "courses:template:edit", template, fields=changed)


def check_source(source: TemplateSource) -> None:
    """Refuse a template that cannot be filled or lacks an essential field.

    Raises:
        InvalidInput: naming what is missing or wrong.
    """
    missing = missing_essentials(source)
    if missing:
        raise InvalidInput(
            Message(
                N_("Templat belum memuat: %(names)s."),
                {"names": ", ".join("asset:qr.png" if n == "qr" else n for n in missing)},
            ),
            field="html",
        )
    for _label, facts in samples():
        fill(source, facts)  # with unknown variables refused


def publish_template(session: DbSession, *, template: CertificateTemplate) -> None:
    """Put a draft in force; the version before is retired.

    Raises:
        InvalidTransition: it is no draft.
        InvalidInput: it cannot be filled.
    """
    if template.state != TemplateState.DRAFT:
        raise InvalidTransition(N_("Hanya konsep yang dapat diterbitkan."))
    check_source(TemplateSource(template.html, template.css))
    for row in templates(session):
        if row.code == template.code and row.state == TemplateState.IN_FORCE:
            row.state = TemplateState.RETIRED
    template.state = TemplateState.IN_FORCE
    template.published_at = clock.now()
    session.flush()
    record(session, "courses:template:publish", template, edition=template.edition)


def retire_template(session: DbSession, *, template: CertificateTemplate) -> None:
    """Take a version out of use; certificates made with it stay as they are.

    Raises:
        InvalidTransition: it is not in force.
    """
    if template.state != TemplateState.IN_FORCE:
        raise InvalidTransition(N_("Hanya templat yang berlaku dapat dihentikan."))
    template.state = TemplateState.RETIRED
    session.flush()
    record(session, "courses:template:retire", template, edition=template.edition)


def find_template(session: DbSession, template_id: int | None) -> CertificateTemplate | None:
    """Return a version, or None."""
    return session.get(CertificateTemplate, template_id) if template_id else None


def in_force(session: DbSession, template_id: int | None) -> CertificateTemplate | None:
    """Return the version to issue with; None stands for the one of the application.

    Raises:
        InvalidInput: it was retired meanwhile, or there is none.
    """
    if not template_id:
        return None
    row = find_template(session, template_id)
    if row is None or row.state != TemplateState.IN_FORCE:
        raise InvalidInput(N_("Templat ini tidak lagi berlaku; pilih yang lain."), field="templat")
    return row


def samples() -> list[tuple[Message, CertificateFacts]]:
    """Return three certificates of nobody: the longest name, the fewest fields, a usual one."""
    usual = CertificateFacts(
        number="000/CONTOH",
        code=_SAMPLE_CODE,
        holder="Dr. Contoh Wulandari, S.Kom., M.T.",
        title="Pelatihan Teknis Tata Kelola Data",
        form="Bimbingan Teknis",
        jp=Decimal(32),
        starts_on=date(2026, 10, 5),
        ends_on=date(2026, 10, 9),
        organiser="Badan Kepegawaian dan Pengembangan Sumber Daya Manusia",
        agency=settings().city_name,
        issued_on=date(2026, 10, 12),
        base_url=settings().base_url,
        place="Aula Balai Kota",
        issued_at=settings().city_name.removeprefix("Kota "),
        holder_unit="Dinas Komunikasi dan Informatika",
        role=ParticipantRole.PARTICIPANT,
        predicate="Memuaskan",
        score=Decimal("88.5"),
        note="Peserta terbaik kelompok contoh.",
        signatories=(PrintedSignatory("Contoh Prasetyo, M.Si.", "Kepala Badan"),),
        topics=tuple(Topic(f"Materi contoh bagian {n}", Decimal(8)) for n in range(1, 5)),
        competencies=(GainedCompetency("Tata kelola data", 3),),
        valid_until=date(2029, 10, 11),
    )
    longest = replace(
        usual,
        holder=" ".join(["Raden Panji Kusumodiningrat Wiryoatmojo"] * 4) + ", S.Pd.",
        title="Pelatihan Teknis " + "Tata Kelola Data dan Interoperabilitas Layanan " * 3,
        note=("Menyelesaikan proyek perubahan dengan penghargaan. " * 4)[:MAX_NOTE],
        topics=tuple(Topic(f"Materi contoh bagian {n}", Decimal(2)) for n in range(1, 17)),
    )
    barest = replace(
        usual,
        place="",
        issued_at="",
        holder_unit="",
        predicate="",
        score=None,
        note="",
        topics=(),
        competencies=(),
        valid_until=None,
    )
    return [
        (Message(N_("Nama dan judul terpanjang")), longest),
        (Message(N_("Data paling sedikit")), barest),
        (Message(N_("Sertifikat biasa")), usual),
    ]


def problem_of(source: TemplateSource) -> Message | None:
    """Return what is wrong with a text, or None; for telling before it is saved."""
    try:
        check_source(source)
    except DomainError as error:
        return error.message
    return None


def _named(name: str) -> str:
    name = " ".join(name.split())
    if not 3 <= len(name) <= 120:
        raise InvalidInput(N_("Nama templat 3 sampai 120 huruf."), field="name")
    return name
