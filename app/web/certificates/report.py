"""The report of all certificates of people, issued here or elsewhere, as a workbook."""

from typing import Any

from flask import request
from flask_babel import gettext as _

from app.core import clock
from app.core.db import db
from app.core.errors import NotFound
from app.core.permissions import Permission as P
from app.core.spreadsheet.writer import ColumnKind
from app.web.access import audit_read, current_actor, requires
from app.web.certificates.routes import READERS, bp, certificate_filter
from app.web.listing import ExportColumn, export_rows
from app.web.training import words
from courses.queries.proof_report import ReportLine, report_lines


@bp.get("/sertifikat/laporan.xlsx")
@requires(P.CERTIFICATE_READ)
def report() -> Any:
    """Give the filtered list with what people hold from elsewhere, state and JP included."""
    if not current_actor().has(*READERS):
        raise NotFound
    wanted = certificate_filter(request.args)
    lines = list(report_lines(db.session(), wanted=wanted, day=clock.today()))
    audit_read("courses:certificate:report", {row.employee_id for row in lines if row.employee_id})
    return export_rows(lines, _columns(), name=_("laporan-sertifikat"))


def _columns() -> list[ExportColumn]:
    return [
        ExportColumn(_("NIP"), lambda row: row.nip, ColumnKind.TEXT, 22),
        ExportColumn(_("Nama"), lambda row: row.holder, width=32),
        ExportColumn(_("OPD"), lambda row: row.unit, width=32),
        ExportColumn(_("Pelatihan"), lambda row: row.title, width=44),
        ExportColumn(_("Penyelenggara"), lambda row: row.issuer, width=32),
        ExportColumn(_("Asal"), lambda row: _("Dari sini") if row.here else _("Dari luar")),
        ExportColumn(_("Nomor"), lambda row: row.number, ColumnKind.TEXT, 30),
        ExportColumn(_("JP"), lambda row: row.jp, width=8),
        ExportColumn(_("Tanggal"), lambda row: row.day, ColumnKind.DATE),
        ExportColumn(_("Berlaku sampai"), lambda row: row.valid_until, ColumnKind.DATE),
        ExportColumn(_("Keadaan"), _state, width=22),
    ]


def _state(row: ReportLine) -> str:
    if row.here or row.state == "expired":
        return str(words.CERTIFICATE_WORDS[row.state])
    outside = {"verified": _("Terverifikasi"), "returned": _("Dikembalikan")}
    return outside.get(row.state, _("Belum diperiksa"))
