"""All certificates of a filtered list as one ZIP with an index sheet, made by a job."""

import tempfile
import zipfile
from collections.abc import Iterator, Sequence
from typing import Any

from sqlalchemy.orm import Session as DbSession

from app.core import clock
from app.core.actor import Actor
from app.core.db import db
from app.core.errors import InvalidInput
from app.core.files.models import StoredFile
from app.core.files.services import path_of, store_bytes
from app.core.i18n import N_, Message
from app.core.jobs.context import JobContext
from app.core.jobs.models import Job
from app.core.jobs.registry import job_kind
from app.core.jobs.services import enqueue
from app.core.paging import total_of
from app.core.spreadsheet.writer import ColumnKind, ColumnSpec, SheetSpec, write_xlsx
from courses.models import Certificate
from courses.queries.certificate_list import CertificateFilter, certificates_statement, with_files

ZIP_JOB = "certificates.zip"
_HEADS = ("Nomor", "Nama", "OPD", "Pelatihan", "Tanggal terbit", "Berlaku sampai", "Kode", "Berkas")


def start_zip(session: DbSession, *, actor: Actor, wanted: CertificateFilter) -> Job:
    """Start the job that packs every certificate of a filtered list, not only of one page."""
    count = total_of(session, with_files(certificates_statement(wanted)))
    return enqueue(
        session,
        kind=ZIP_JOB,
        title=Message(N_("Mengemas %(count)s sertifikat"), {"count": count}),
        actor=actor,
        params={"filter": wanted.as_params()},
    )


@job_kind(ZIP_JOB, timeout=1800)
def make_zip(context: JobContext) -> dict[str, Any]:
    """Pack the files as they were issued, with an index sheet; memory stays flat."""
    wanted = CertificateFilter.from_params(context.params["filter"])
    statement = with_files(certificates_statement(wanted))
    session = db.session()
    # Ids first: noting the progress ends the transaction a stream would read in.
    order = statement.order_by(Certificate.issued_on, Certificate.id)
    ids = session.scalars(order.with_only_columns(Certificate.id)).all()
    if not ids:  # an empty archive would look like a success
        raise InvalidInput(N_("Tidak ada sertifikat yang cocok, sehingga tidak ada yang dikemas."))
    index: list[list[Any]] = []
    with tempfile.TemporaryFile() as draft:
        with zipfile.ZipFile(draft, "w", zipfile.ZIP_STORED) as archive:
            for number, (row, stored) in enumerate(_files(session, ids), start=1):
                name = f"sertifikat/{row.number.replace('/', '-')}.pdf"
                archive.write(path_of(stored), name)
                index.append(_line(row, name))
                context.progress(number, len(ids))
                context.raise_if_cancelled()
            with archive.open("daftar.xlsx", "w") as sheet:
                _write_index(sheet, index)
        draft.seek(0)
        return _keep(context, draft.read(), len(index))


def _files(session: DbSession, ids: Sequence[int]) -> Iterator[tuple[Certificate, StoredFile]]:
    for number in ids:
        row = session.get(Certificate, number)
        stored = session.get(StoredFile, row.file_id) if row is not None and row.file_id else None
        if row is not None and stored is not None and stored.deleted_at is None:
            yield row, stored
            session.expunge(row)


def _line(row: Certificate, name: str) -> list[Any]:
    facts: Any = row.facts
    return [
        row.number,
        facts["holder"],
        facts["holder_unit"],
        facts["title"],
        row.issued_on,
        row.valid_until,
        row.code,
        name,
    ]


def _write_index(sheet: Any, rows: list[list[Any]]) -> None:
    with tempfile.TemporaryFile() as whole:
        columns = [
            ColumnSpec(head, 24, ColumnKind.DATE if head in _HEADS[4:6] else ColumnKind.TEXT)
            for head in _HEADS
        ]
        write_xlsx(whole, [SheetSpec("Daftar sertifikat", columns, rows)])
        whole.seek(0)
        sheet.write(whole.read())


def _keep(context: JobContext, content: bytes, count: int) -> dict[str, Any]:
    with context.transaction() as session:
        stored = store_bytes(
            session,
            content=content,
            filename=f"sertifikat-{clock.today():%Y%m%d}.zip",
            media_type="application/zip",
            purpose="certificate_zip",
            owner_employee_id=None,
            actor=context.actor,
        )
        return {
            "file_id": stored.id,
            "counts": {N_("Sertifikat"): count},
            "message": Message(N_("%(count)s sertifikat dan satu daftar."), {"count": count}),
        }
