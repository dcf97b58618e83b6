"""An import step by step: upload, columns, dry run, write, undo."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from app.core import clock
from app.core.actor import Actor
from app.core.audit import record
from app.core.errors import Conflict, InvalidInput, InvalidTransition
from app.core.files.services import find_file, remove_file
from app.core.i18n import N_, Message
from app.core.jobs.claims import Cancelled
from app.core.jobs.context import JobContext
from app.core.jobs.models import Job
from app.core.jobs.registry import job_kind
from app.core.jobs.services import enqueue
from app.core.message_json import to_json
from skills.enums import ImportKind, ImportState
from skills.models import ImportBatch, ImportMapping, ImportRow, Opd, ReconciliationItem
from skills.services.import_files import (
    Upload,
    keep_copy,
    mapping_json,
    mapping_of,
    opened_upload,
)
from skills.services.import_kinds import ImportPasses, passes_of, register_passes
from skills.services.import_places import NEW
from skills.services.import_report import keep_result
from skills.services.import_run import Run, apply_file, check_file
from skills.services.import_undo import undo_file
from skills.siasn.columns import FIELD_BY_NAME
from skills.siasn.mapping import ColumnMapping, apply_choices

CHECK, APPLY, UNDO = "skills.import_check", "skills.import_apply", "skills.import_undo"
register_passes(
    ImportKind.STAFF,
    ImportPasses(
        check=check_file,
        apply=apply_file,
        undo=undo_file,
        title=N_("Impor pegawai %(name)s"),
        url="/pegawai/impor/%(id)s",
    ),
)
_OPD_NAMES = "opd-names"  # remembered choices for OPD names, beside those of columns
EDITABLE = (ImportState.UPLOADED, ImportState.MAPPED, ImportState.CHECKED, ImportState.FAILED)


@contextmanager
def read_upload(
    session: Session,
    path: Path,
    *,
    name: str,
    sheet: str | None = None,
    email_is_official: bool = False,
) -> Iterator[Upload]:
    """Read an uploaded file outside of any transaction, with the mapping remembered for it.

    Raises:
        InvalidInput: the file cannot be read, is empty or has no header row.
    """

    def remembered(signature: str) -> Any:
        kept = session.get(ImportMapping, signature)
        return kept.mapping if kept is not None else None

    with opened_upload(
        path,
        name=name,
        remembered=remembered,
        sheet=sheet,
        email_is_official=email_is_official,
    ) as upload:
        session.expunge_all()
        yield upload


def start_import(session: Session, *, upload: Upload, is_full: bool, actor: Actor) -> ImportBatch:
    """Keep the redacted copy of an upload as a new batch; the mapping waits for a person."""
    stored = keep_copy(session, upload=upload, actor=actor)
    names = session.get(ImportMapping, _OPD_NAMES)
    batch = ImportBatch(
        state=ImportState.UPLOADED,
        file_name=upload.name[:200],
        file_id=stored.id,
        is_full=is_full,
        mapping={**mapping_json(upload.mapping), "opds": _living(session, names)},
        summary={
            "rows": upload.rows,
            "dropped": [column.header for column in upload.mapping.personal],
            "notices": [to_json(notice) for notice in upload.notices],
            "sheet": upload.sheet,
            "other_sheets": list(upload.other_sheets),
        },
        created_by_id=actor.account_id,
        created_at=clock.now(),
    )
    session.add(batch)
    session.flush()
    record(session, "skills:import:upload", batch, rows=upload.rows, is_full=is_full)
    return batch


def _living(session: Session, names: ImportMapping | None) -> dict[str, Any]:
    """Return remembered choices for OPD names whose OPD still exists."""
    kept = names.mapping if names is not None else {}
    return {
        key: chosen
        for key, chosen in kept.items()
        if isinstance(chosen, int) and session.get(Opd, chosen) is not None
    }


def choose_columns(
    session: Session,
    *,
    batch: ImportBatch,
    choices: Mapping[str, str | None],
    is_full: bool,
    expected_version: int,
) -> None:
    """Settle the columns, remember them for files of the same headers and ask for the dry run.

    Raises:
        InvalidInput: a wrong choice (field: key of the column), or no column for NIP or name.
        Conflict: somebody else changed the batch. InvalidTransition: it is past this step.
    """
    _check_editable(batch, expected_version)
    mapping = apply_choices(mapping_of(batch), choices)
    _check_required(mapping)
    batch.mapping = {**mapping_json(mapping), "opds": batch.mapping.get("opds", {})}
    batch.is_full = is_full
    _remember(session, mapping.signature, mapping.choices)
    _restart(session, batch)


def choose_opds(
    session: Session,
    *,
    batch: ImportBatch,
    choices: Mapping[str, str],
    expected_version: int,
) -> None:
    """Say what unknown OPD names mean (`new`, or the id of an OPD) and repeat the dry run.

    Raises:
        InvalidInput: no such OPD. Conflict, InvalidTransition: as for `choose_columns`.
    """
    _check_editable(batch, expected_version)
    unknown: Any = batch.summary.get("unknown_opds", {})
    kept: dict[str, Any] = dict(batch.mapping.get("opds", {}))  # type: ignore[call-overload]
    for key, chosen in choices.items():
        if key not in unknown or not chosen:
            continue
        kept[key] = NEW if chosen == NEW else _opd_id(session, chosen)
    batch.mapping = {**batch.mapping, "opds": kept}
    _remember(session, _OPD_NAMES, {k: v for k, v in kept.items() if v != NEW})
    _restart(session, batch)


def _opd_id(session: Session, chosen: str) -> int:
    opd = session.get(Opd, int(chosen)) if chosen.isdecimal() else None
    if opd is None:
        raise InvalidInput(N_("Perangkat daerah yang dipilih tidak ada."), field="opd")
    return opd.id


def _check_required(mapping: ColumnMapping) -> None:
    for name in mapping.missing_required:
        label = Message(FIELD_BY_NAME[name].label)
        raise InvalidInput(
            Message(N_("Belum ada kolom untuk data wajib: %(field)s."), {"field": label})
        )


def _check_editable(batch: ImportBatch, expected_version: int) -> None:
    if batch.state not in EDITABLE or batch.summary.get("applied"):
        raise InvalidTransition(N_("Impor ini sudah diterapkan atau dibatalkan."))
    if batch.version != expected_version:
        raise Conflict(N_("Impor ini baru saja diubah. Muat ulang halaman lalu periksa lagi."))


def _remember(session: Session, signature: str, mapping: Mapping[str, Any]) -> None:
    kept = session.get(ImportMapping, signature)
    if kept is None:
        kept = ImportMapping(signature=signature)
        session.add(kept)
    kept.mapping, kept.updated_at = dict(mapping), clock.now()


def _restart(session: Session, batch: ImportBatch) -> None:
    """Forget the last dry run, so that nothing stale can be confirmed."""
    batch.state = ImportState.MAPPED
    batch.summary = {
        key: value
        for key, value in batch.summary.items()
        if key in ("rows", "dropped", "notices", "sheet", "other_sheets")
    }
    session.execute(delete(ImportRow).where(ImportRow.batch_id == batch.id))
    session.flush()


def request_check(session: Session, *, batch: ImportBatch, actor: Actor) -> Job:
    """Start the dry run as a job."""
    return _enqueue(session, batch, CHECK, N_("Uji coba impor %(name)s"), actor, batch.version)


def confirm(session: Session, *, batch: ImportBatch, expected_version: int, actor: Actor) -> bool:
    """Start the write; a second click finds it started and changes nothing.

    Returns:
        Whether this call started it.

    Raises:
        InvalidTransition: there is no dry run. InvalidInput: it found nothing to write.
        Conflict: the dry run was repeated since the page was shown.
    """
    if batch.state in (ImportState.RUNNING, ImportState.APPLIED):
        return False
    if batch.state != ImportState.CHECKED:
        raise InvalidTransition(N_("Jalankan uji coba sebelum menerapkan impor."))
    if batch.version != expected_version:
        raise Conflict(N_("Uji coba baru saja diulang. Periksa hasilnya lalu terapkan lagi."))
    if session.scalar(select(ReconciliationItem.id).filter_by(batch_id=batch.id).limit(1)):
        # Writing the whole file would undo what was decided to be kept.
        raise Conflict(N_("Berkas ini sedang direkonsiliasi datum demi datum; tidak diterapkan."))
    counts: Any = batch.summary.get("counts", {})
    if not counts.get("create") and not counts.get("update"):
        raise InvalidInput(N_("Tidak ada baris yang akan mengubah data."))
    batch.state = ImportState.RUNNING
    record(session, "skills:import:confirm", batch, counts=counts)
    _enqueue(session, batch, APPLY, passes_of(batch).title, actor, 0)
    return True


def resume(session: Session, *, batch: ImportBatch, actor: Actor) -> None:
    """Go on with a write that was cut short or cancelled.

    Raises:
        InvalidTransition: it was not.
    """
    if not is_cut_short(session, batch):
        raise InvalidTransition(N_("Impor ini tidak sedang terhenti."))
    batch.state = ImportState.RUNNING
    _enqueue(session, batch, APPLY, passes_of(batch).title, actor, batch.version)


def is_cut_short(session: Session, batch: ImportBatch) -> bool:
    """Return whether a write began, stopped before its end, and no job is on it."""
    if batch.state == ImportState.RUNNING:
        job = session.get(Job, batch.job_id) if batch.job_id else None
        return job is None or not job.is_open
    stopped = batch.state in (ImportState.FAILED, ImportState.CANCELLED)
    return stopped and bool(batch.summary.get("applied"))


def request_undo(session: Session, *, batch: ImportBatch, actor: Actor) -> None:
    """Start the undo of a written batch as a job; a second click starts nothing new.

    Raises:
        InvalidTransition: it was not applied.
    """
    if batch.state == ImportState.UNDONE:
        return
    if batch.state != ImportState.APPLIED and not batch.summary.get("applied"):
        raise InvalidTransition(N_("Hanya impor yang sudah diterapkan yang dapat dibatalkan."))
    _enqueue(session, batch, UNDO, N_("Pembatalan impor %(name)s"), actor, 0)


def discard(session: Session, *, batch: ImportBatch, actor: Actor) -> None:
    """Throw a batch away that was never written, its copy included.

    Raises:
        InvalidTransition: it was written.
    """
    if batch.state not in EDITABLE or batch.summary.get("applied"):
        raise InvalidTransition(N_("Impor yang sudah diterapkan tidak dapat dibuang."))
    batch.state = ImportState.CANCELLED
    session.execute(delete(ImportRow).where(ImportRow.batch_id == batch.id))
    _drop_copy(session, batch, actor)
    record(session, "skills:import:discard", batch)


def _drop_copy(session: Session, batch: ImportBatch, actor: Actor) -> None:
    stored = find_file(session, batch.file_id) if batch.file_id else None
    if stored is not None:
        remove_file(session, stored=stored, actor=actor)


def _enqueue(
    session: Session, batch: ImportBatch, kind: str, title: str, actor: Actor, number: int
) -> Job:
    session.flush()
    job = enqueue(
        session,
        kind=kind,
        title=Message(title, {"name": batch.file_name}),
        actor=actor,
        params={"batch_id": batch.id},
        key=f"{kind}:{batch.id}:{number}",
    )
    batch.job_id = job.id
    return job


def apply_import(run: Run, *, batch_id: int, actor: Actor) -> None:
    """Write a confirmed batch, keep its result file and drop the copy.

    Raises:
        DomainError: the file or the data refuse to go on; the batch is then `failed`.
    """
    with run.transaction() as session:
        passes = passes_of(session.get_one(ImportBatch, batch_id))
    passes.apply(run, batch_id=batch_id)
    with run.transaction() as session:
        close_applied(session, batch=session.get_one(ImportBatch, batch_id), actor=actor)


def close_applied(session: Session, *, batch: ImportBatch, actor: Actor) -> None:
    """Keep the result file of a written batch and drop the copy; again, it does nothing."""
    if batch.report_file_id is None:
        batch.report_file_id = keep_result(session, batch=batch, actor=actor).id
        _drop_copy(session, batch, actor)


@job_kind(CHECK)
def _run_check(context: JobContext) -> dict[str, Any]:
    batch_id = int(context.params["batch_id"])
    passes = _passes(context, batch_id)
    _noting_end(context, batch_id, lambda: passes.check(context, batch_id=batch_id))
    return _result(passes, batch_id)


@job_kind(APPLY)
def _run_apply(context: JobContext) -> dict[str, Any]:
    batch_id = int(context.params["batch_id"])
    passes = _passes(context, batch_id)
    with context.transaction() as session:
        batch = session.get_one(ImportBatch, batch_id)
        if batch.state == ImportState.APPLIED:
            # An earlier run of this job was killed between the write and its end.
            close_applied(session, batch=batch, actor=context.actor)
            return _result(passes, batch_id)
    _noting_end(
        context,
        batch_id,
        lambda: apply_import(context, batch_id=batch_id, actor=context.actor),
    )
    return _result(passes, batch_id)


@job_kind(UNDO)
def _run_undo(context: JobContext) -> dict[str, Any]:
    batch_id = int(context.params["batch_id"])
    passes = _passes(context, batch_id)
    passes.undo(context, batch_id=batch_id)
    return _result(passes, batch_id)


def _passes(context: JobContext, batch_id: int) -> ImportPasses:
    with context.transaction() as session:
        return passes_of(session.get_one(ImportBatch, batch_id))


def _noting_end(context: JobContext, batch_id: int, work: Callable[[], None]) -> None:
    """Do the work of a job; a cancelled one leaves the batch in a state to go on from."""
    try:
        work()
    except Cancelled:
        with context.transaction() as session:
            batch = session.get_one(ImportBatch, batch_id)
            batch.state = _state_after_stop(batch)
        raise


def _state_after_stop(batch: ImportBatch) -> ImportState:
    if batch.state != ImportState.RUNNING:
        return ImportState.UPLOADED
    return ImportState.CANCELLED if batch.summary.get("applied") else ImportState.CHECKED


def _result(passes: ImportPasses, batch_id: int) -> dict[str, Any]:
    return {"url": passes.url % {"id": batch_id}, "url_label": Message(N_("Buka impor"))}
