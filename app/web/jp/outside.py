"""Learning from other platforms: a file or a pull is checked, applied, undone."""

import tempfile
from pathlib import Path
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from app.core.db import db, find_row, transaction
from app.core.errors import DomainError, InvalidInput, NotFound
from app.core.i18n import N_, Message
from app.core.message_json import from_json
from app.core.permissions import Permission as P
from app.core.spreadsheet.writer import ColumnKind
from app.web.access import audit_read, current_actor, requires
from app.web.i18n import render
from app.web.jp.site import bp
from app.web.listing import ExportColumn
from app.web.memory_listing import listing_of, workbook_of
from courses.models import LearningImport
from courses.outside_rules import OPTIONAL, REQUIRED
from courses.services.moodle import configured_site
from courses.services.moodle_pull import start_pull
from courses.services.outside_import import all_imports, apply_import, check_file, undo_import

MAX_MB = 10
ROW_SORTS = {"baris": lambda row: row["line"]}


def verdict_words() -> dict[str, tuple[str, str]]:
    """Return the words and the tone of what becomes of a row."""
    return {
        "new": (_("Baru"), "success"),
        "known": (_("Sudah tercatat"), "neutral"),
        "unknown": (_("Orang tidak dikenal"), "warning"),
        "refused": (_("Ditolak"), "warning"),
    }


def import_words() -> dict[str, tuple[str, str]]:
    """Return the words and the tone of the states of an import."""
    return {
        "checked": (_("Diperiksa, belum diterapkan"), "info"),
        "applied": (_("Diterapkan"), "success"),
        "undone": (_("Dibatalkan"), "neutral"),
    }


@bp.route("/jp/impor", methods=["GET", "POST"])
@requires(P.JP_VERIFY)
def outside() -> Any:
    """List the imports; POST checks a file."""
    error = ""
    if request.method == "POST":
        try:
            return redirect(url_for(".outside_import", import_id=_checked()), 303)
        except DomainError as problem:
            error = render(problem.message)
    page = render_template(
        "jp/outside.html",
        imports=all_imports(db.session()),
        words=import_words(),
        moodle=configured_site(),
        required=", ".join(REQUIRED),
        optional=", ".join(OPTIONAL),
        max_mb=MAX_MB,
        error=error,
    )
    return page, 422 if error else 200


def _checked() -> int:
    upload = request.files.get("berkas")
    name = (upload.filename or "") if upload is not None else ""
    if upload is None or not name:
        raise InvalidInput(N_("Pilih berkasnya lebih dahulu."))
    with tempfile.TemporaryDirectory(prefix="ekarir-") as folder:
        path = Path(folder) / "berkas"
        upload.save(path)
        with transaction(current_actor()) as session:
            return check_file(session, actor=current_actor(), path=path, name=name).id


@bp.post("/jp/impor/moodle")
@requires(P.JP_VERIFY)
def from_moodle() -> Any:
    """Start the job that asks the Moodle of the settings for completions and checks them."""
    with transaction(current_actor()) as session:
        job_id = start_pull(session, actor=current_actor()).id
    return redirect(url_for("jobs.show", job_id=job_id), 303)


def _batch(import_id: int) -> LearningImport:
    found: LearningImport | None = find_row(db.session(), LearningImport, import_id)
    if found is None:
        raise NotFound
    return found


def reason_words(row: dict[str, Any]) -> str:
    """Return why a row is not added, in the language of the page."""
    kept = row.get("reason")
    if not kept:
        return ""
    if isinstance(kept, list):  # as imports of before kept it: text and params
        return render(Message(kept[0], kept[1]))
    return render(from_json(kept))


@bp.get("/jp/impor/<int:import_id>")
@requires(P.JP_VERIFY)
def outside_import(import_id: int) -> str:
    """Show what becomes of each row."""
    batch = _batch(import_id)
    wanted = request.args.get("hasil")
    rows = [row for row in batch.rows if not wanted or row["verdict"] == wanted]
    page = listing_of(rows, sorts=ROW_SORTS, default="baris")
    shown = {row["employee_id"] for row in page.rows if row["employee_id"]}
    if shown:
        audit_read("courses:jp:list", sorted(shown), subject=batch)
    counts = {key: sum(row["verdict"] == key for row in batch.rows) for key in verdict_words()}
    return render_template(
        "jp/outside_import.html",
        batch=batch,
        page=page,
        counts=counts,
        wanted=wanted,
        verdicts=verdict_words(),
        words=import_words(),
        reason_words=reason_words,
    )


@bp.get("/jp/impor/<int:import_id>/hasil.xlsx")
@requires(P.JP_VERIFY)
def outside_result(import_id: int) -> Any:
    """Give the result of each row as a workbook."""
    batch, words = _batch(import_id), verdict_words()
    people = sorted({row["employee_id"] for row in batch.rows if row["employee_id"]})
    audit_read("courses:jp:export", people, subject=batch)
    columns = [
        ExportColumn(_("Baris"), lambda row: row["line"], width=8),
        ExportColumn(_("NIP"), lambda row: row.get("nip", ""), ColumnKind.TEXT, 22),
        ExportColumn(_("Nama"), lambda row: row.get("name", ""), width=30),
        ExportColumn(_("Judul"), lambda row: row.get("title", ""), width=40),
        ExportColumn(_("Selesai"), lambda row: row.get("ended_on", ""), width=12),
        ExportColumn(_("JP"), lambda row: row.get("jp"), width=8),
        ExportColumn(_("Hasil"), lambda row: words[row["verdict"]][0], width=16),
        ExportColumn(_("Alasan"), reason_words, width=44),
    ]
    return workbook_of(batch.rows, columns, name=f"hasil-impor-jp-{batch.id}")


@bp.post("/jp/impor/<int:import_id>/terapkan")
@requires(P.JP_VERIFY)
def outside_apply(import_id: int) -> Any:
    """Write the new rows."""
    return _step(import_id, apply_import, _("Riwayat ditambah: %(count)s."))


@bp.post("/jp/impor/<int:import_id>/batalkan")
@requires(P.JP_VERIFY)
def outside_undo(import_id: int) -> Any:
    """Take back what the import wrote."""
    return _step(import_id, undo_import, _("Riwayat ditarik kembali: %(count)s."))


def _step(import_id: int, step: Any, told: str) -> Any:
    try:
        with transaction(current_actor()) as session:
            version = request.form.get("version", type=int)
            count = step(session, batch=_batch(import_id), version=version)
    except DomainError as error:
        if isinstance(error, NotFound):
            raise
        flash(render(error.message), "danger")
    else:
        flash(told % {"count": count}, "success")
    return redirect(url_for(".outside_import", import_id=import_id), 303)
