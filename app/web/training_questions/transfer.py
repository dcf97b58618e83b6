"""Questions in and out of a bank: XLSX and Moodle GIFT, with a dry run before anything is kept."""

import io
import json
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from app.core.db import db, transaction
from app.core.errors import DomainError, InvalidInput, NotFound
from app.core.files.services import find_file, read_bytes, remove_file, store_bytes
from app.core.i18n import N_
from app.core.permissions import Permission as P
from app.core.spreadsheet.reader import read_table
from app.core.spreadsheet.writer import ColumnKind, ColumnSpec, SheetSpec, write_xlsx
from app.web.access import check, current_actor, requires
from app.web.i18n import render
from app.web.listing import XLSX, attachment
from app.web.training_questions.bank import bp, find_bank
from courses.queries.questions import current_questions
from courses.questions.content import Content, from_json, to_json
from courses.questions.gift import read_gift
from courses.questions.gift_write import write_gift
from courses.questions.sheet import HEADERS, SheetProblem, read_rows, to_row
from courses.services.questions import ImportOutcome, ImportRow, apply_import, plan_import

MAX_MB = 2
_PURPOSE = "question-import"
_USEFUL = (ImportOutcome.NEW, ImportOutcome.CHANGED)


@bp.route("/pelatihan/kursus/<int:course_id>/soal/impor", methods=["GET", "POST"])
@requires(P.COURSE_MANAGE)
def bring(course_id: int) -> Any:
    """Take a file or a pasted text and show what would become of each question."""
    course = find_bank(db.session(), course_id)
    error: DomainError | None = None
    if request.method == "POST":
        try:
            rows = plan_import(db.session(), course_code=course.code, found=_read())
            if not rows:
                raise InvalidInput(N_("Tidak ada soal yang terbaca."), field="berkas")
        except DomainError as refused:
            error = refused
        else:
            return _checked_page(course_id, rows)
    page = render_template(
        "training_questions/import.html", course=course, error=error, max_mb=MAX_MB
    )
    return page, 422 if error else 200


def _read() -> Iterator[tuple[int, str, Content | None, Any, Any]]:
    upload = request.files.get("berkas")
    text = request.form.get("gift", "")
    if upload is None or not upload.filename:
        if not text.strip():
            raise InvalidInput(N_("Pilih berkas, atau tempel teks GIFT."), field="berkas")
        return _gift(text)
    suffix = Path(upload.filename).suffix.lower()
    if suffix in (".txt", ".gift"):
        return _gift(_decoded(upload.stream.read(MAX_MB * 1_000_000 + 1)))
    if suffix not in (".xlsx", ".csv"):
        raise InvalidInput(N_("Unggah berkas .xlsx, .csv, .txt, atau .gift."), field="berkas")
    return _sheet(upload, suffix)


def _decoded(data: bytes) -> str:
    if len(data) > MAX_MB * 1_000_000:
        raise InvalidInput(
            N_("Berkas terlalu besar. Bagi menjadi beberapa berkas."), field="berkas"
        )
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        told = N_("Berkas GIFT harus disimpan dalam UTF-8.")
        raise InvalidInput(told, field="berkas") from error


def _gift(text: str) -> Iterator[tuple[int, str, Content | None, Any, Any]]:
    for one in read_gift(text):
        yield one.line, one.source, one.content, one.problem, one.remarks


def _sheet(upload: Any, suffix: str) -> Iterator[tuple[int, str, Content | None, Any, Any]]:
    with tempfile.NamedTemporaryFile(suffix=suffix) as draft:
        upload.save(draft)
        draft.flush()
        table = read_table(Path(draft.name), max_bytes=MAX_MB * 1_000_000, max_rows=2000)
        try:
            for row in read_rows(table):
                yield row.line, row.source, row.content, row.problem, ()
        except SheetProblem as problem:
            raise InvalidInput(problem.message, field="berkas") from problem


def _checked_page(course_id: int, rows: list[ImportRow]) -> str:
    """Show the dry run; what is useful waits in a file of the person until it is applied."""
    useful = [row.content for row in rows if row.outcome in _USEFUL and row.content]
    file_id = None
    if useful:
        kept = json.dumps([to_json(content) for content in useful]).encode()
        with transaction(current_actor()) as session:
            file_id = store_bytes(
                session,
                content=kept,
                filename="soal.json",
                media_type="application/json",
                purpose=_PURPOSE,
                owner_employee_id=None,
                actor=current_actor(),
            ).id
    return render_template(
        "training_questions/check.html",
        course=find_bank(db.session(), course_id),
        rows=rows,
        counts={outcome: sum(row.outcome is outcome for row in rows) for outcome in ImportOutcome},
        useful=len(useful),
        file_id=file_id,
    )


@bp.post("/pelatihan/kursus/<int:course_id>/soal/impor/terapkan")
@requires(P.COURSE_MANAGE)
def apply(course_id: int) -> Any:
    """Keep the questions of a checked import."""
    try:
        with transaction(current_actor()) as session:
            course = find_bank(session, course_id)
            stored = find_file(session, request.form.get("berkas", 0, type=int))
            if stored is None or stored.purpose != _PURPOSE:
                raise InvalidInput(N_("Impor ini sudah diterapkan atau kedaluwarsa. Unggah lagi."))
            check(P.FILE_READ, stored)
            contents = [from_json(item) for item in json.loads(read_bytes(stored))]
            counts = apply_import(
                session, actor=current_actor(), course_code=course.code, contents=contents
            )
            remove_file(session, stored=stored, actor=current_actor())
    except DomainError as error:
        if isinstance(error, NotFound):
            raise
        flash(render(error.message), "danger")
        return redirect(url_for(".bring", course_id=course_id), 303)
    told = _(
        "%(new)s soal ditambahkan, %(changed)s diperbarui.",
        new=counts[ImportOutcome.NEW],
        changed=counts[ImportOutcome.CHANGED],
    )
    flash(told, "success")
    return redirect(url_for(".index", course_id=course_id), 303)


@bp.get("/pelatihan/kursus/<int:course_id>/soal/unduh.xlsx")
@requires(P.COURSE_MANAGE)
def take_xlsx(course_id: int) -> Any:
    """Give the bank as a workbook that can be imported again."""
    session = db.session()
    course = find_bank(session, course_id)
    rows = [to_row(row.content) for row in current_questions(session, course.code)]
    columns = [
        ColumnSpec(head, 40 if head == "Soal" else 16, ColumnKind.TEXT)
        if head != "Poin"
        else ColumnSpec(head, 8)
        for head in HEADERS
    ]
    target = tempfile.TemporaryFile()
    write_xlsx(target, [SheetSpec(_("Soal"), columns, rows)])
    target.seek(0)
    return attachment(target, XLSX, f"soal-{course.code}.xlsx")


@bp.get("/pelatihan/kursus/<int:course_id>/soal/unduh.gift")
@requires(P.COURSE_MANAGE)
def take_gift(course_id: int) -> Any:
    """Give the bank as GIFT; what GIFT cannot say stands as a comment at the end."""
    session = db.session()
    course = find_bank(session, course_id)
    written = write_gift(row.content for row in current_questions(session, course.code))
    lines = [
        f"// {' '.join(content.text.split())[:120]}: {render(why)}"
        for content, why in written.refused
    ]
    data = (written.text + "\n".join(["", *lines] if lines else [])).encode()
    return attachment(io.BytesIO(data), "text/plain; charset=utf-8", f"soal-{course.code}.gift")
