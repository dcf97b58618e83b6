"""The report of a job: on the page and as a workbook."""

import tempfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import IO, Any

from flask import url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from app.core.db import AnySession
from app.core.i18n import Message
from app.core.jobs.models import Job
from app.core.jobs.queries import all_items
from app.core.message_json import from_json
from app.core.spreadsheet.writer import ColumnKind, ColumnSpec, SheetSpec, write_xlsx
from app.web.i18n import render

STATE_WORDS: Mapping[str, Any] = {
    "queued": _l("Menunggu giliran"),
    "running": _l("Sedang berjalan"),
    "done": _l("Selesai"),
    "skipped": _l("Dilewati"),
    "failed": _l("Gagal"),
    "cancelled": _l("Dibatalkan"),
}


@dataclass(frozen=True)
class Outcome:
    """What a job left, ready to show.

    Attributes:
        message: a sentence. counts: pairs of words and number. rows: key, state, words.
        links: pairs of words and address (the result file first).
    """

    message: str = ""
    counts: list[tuple[str, Any]] = field(default_factory=list)
    rows: list[tuple[str, str, str]] = field(default_factory=list)
    links: list[tuple[str, str]] = field(default_factory=list)


def outcome_of(job: Job) -> Outcome:
    """Return what the result of a job says, in words (keys as in `job_kind`)."""
    result = job.result or {}
    links = []
    if result.get("file_id"):
        links.append((_("Unduh berkas hasil"), url_for("files.show", file_id=result["file_id"])))
    if str(result.get("url", "")).startswith("/"):
        links.append((words(result.get("url_label")) or _("Buka hasil"), result["url"]))
    return Outcome(
        message=words(result.get("message")),
        counts=[(render(label), number) for label, number in (result.get("counts") or {}).items()],
        rows=[
            (str(row.get("key", "")), str(row.get("state", "")), words(row.get("message")))
            for row in result.get("rows") or []
        ],
        links=links,
    )


def words(value: Any) -> str:
    """Return a kept message, a Message or a plain text in the language of the request."""
    if isinstance(value, Mapping) and "text" in value:
        return render(from_json(value))
    return render(value) if isinstance(value, str | Message) else ""


def write_report(session: AnySession, job: Job) -> IO[bytes]:
    """Return the report of a job as a workbook: one row per item, or per row of its result."""
    columns = [
        ColumnSpec(_("Data"), 34, ColumnKind.TEXT),
        ColumnSpec(_("Status"), 18),
        ColumnSpec(_("Keterangan"), 70),
    ]
    target: IO[bytes] = tempfile.TemporaryFile()
    write_xlsx(target, [SheetSpec(_("Laporan"), columns, _rows(session, job))])
    target.seek(0)
    return target


def _rows(session: AnySession, job: Job) -> Iterator[tuple[str, str, str]]:
    job_id, listed = job.id, outcome_of(job).rows
    for item in all_items(session, job_id=job_id):
        yield item.key, str(STATE_WORDS[item.state]), render(item.message_text)
    for key, state, sentence in listed:
        yield key, str(STATE_WORDS.get(state, state)), sentence
