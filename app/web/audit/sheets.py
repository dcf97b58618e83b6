"""The audit trail as rows of a file."""

from collections.abc import Iterable, Iterator
from io import BytesIO, StringIO

from flask_babel import gettext as _

from app.core import clock
from app.core.audit import AuditEvent
from app.core.spreadsheet.writer import ColumnKind, ColumnSpec, SheetSpec, write_csv, write_xlsx

Row = tuple[int | str, ...]


def csv_bytes(events: Iterable[AuditEvent]) -> bytes:
    """Return the events as CSV for Indonesian Excel."""
    out = StringIO(newline="")
    write_csv(out, _headers(), _rows(events))
    return out.getvalue().encode()


def workbook(events: Iterable[AuditEvent]) -> bytes:
    """Return the events as a workbook of one sheet."""
    widths = (8, 22, 32, 28, 16, 22, 10, 60, 66)
    columns = [
        ColumnSpec(header, width, ColumnKind.TEXT)
        for header, width in zip(_headers(), widths, strict=True)
    ]
    out = BytesIO()
    write_xlsx(out, [SheetSpec(_("Jejak audit"), columns, _rows(events))])
    return out.getvalue()


def _headers() -> list[str]:
    return [
        _("Nomor"),
        _("Waktu"),
        _("Tindakan"),
        _("Pelaku"),
        _("Alamat"),
        _("Jenis objek"),
        _("Objek"),
        _("Rincian"),
        _("Hash"),
    ]


def _rows(events: Iterable[AuditEvent]) -> Iterator[Row]:
    for event in events:
        yield (
            event.id,
            clock.local(event.at).strftime("%Y-%m-%d %H:%M:%S %z"),
            event.tag,
            event.actor_label,
            event.address or "",
            event.subject_kind,
            "" if event.subject_id is None else str(event.subject_id),
            event.detail,
            event.hash,
        )
