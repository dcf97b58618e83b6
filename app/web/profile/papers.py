"""The profile on paper and as data: the one-page PDF, one's own data, and who processed it."""

import io
import tempfile
from functools import lru_cache
from pathlib import Path
from typing import IO, Any

from flask import current_app, render_template, request
from flask_babel import get_locale
from flask_babel import gettext as _

from app.core import clock, pdf
from app.core.audit import record
from app.core.db import db, transaction
from app.core.permissions import Permission as P
from app.core.spreadsheet.reader import Cell
from app.core.spreadsheet.writer import ColumnKind, ColumnSpec, SheetSpec, write_xlsx
from app.web.access import audit_read, current_actor, requires
from app.web.listing import XLSX, attachment
from app.web.profile import presenters, words
from app.web.profile.routes import bp, own_person, person
from matching.queries.seats import roles_in_force
from skills.models import Employee
from skills.queries.own_data import processing_of, whole_claims, whole_history
from skills.queries.profile import Profile, profile_of

_STYLE = Path(__file__).parents[1] / "templates" / "pdf" / "talent_profile.css"
_LINES = 14  # levels on the one page, the highest first


@bp.get("/profil/talenta.pdf")
@requires(P.CLAIM_EDIT)
def own_paper() -> Any:
    """Give one's own talent profile as a page to print."""
    return _paper(own_person())


@bp.get("/profil/<int:employee_id>/talenta.pdf")
@requires(P.EMPLOYEE_READ)
def paper(employee_id: int) -> Any:
    """Give somebody's talent profile as a page to print."""
    employee = person(employee_id)
    audit_read("skills:profile:print", [employee_id], subject=employee)
    return _paper(employee)


def _paper(employee: Employee) -> Any:
    session = db.session()
    profile = profile_of(session, employee)
    settings = current_app.config["SETTINGS"]
    chosen = presenters.comparison(
        session, profile, roles_in_force(session), request.args.get("peran")
    )
    verified = [row for row in profile.levels if row.verified]
    html = render_template(
        "pdf/talent_profile.html",
        profile=profile,
        employee=employee,
        comparison=chosen,
        levels=sorted(verified, key=lambda row: (-(row.verified or 0), row.competency.position)),
        most=_LINES,
        agency=settings.agency_name,
        printed_by=current_actor().label,
        printed_at=clock.now(),
    )
    meta = pdf.PdfMetadata(
        title=_("Profil talenta %(name)s", name=employee.name),
        language=str(get_locale() or "id"),
        created=clock.now(),
        author=settings.agency_name,
    )
    content = pdf.render_pdf(html, metadata=meta, stylesheets=[_stylesheet()])
    return attachment(io.BytesIO(content), "application/pdf", f"profil-talenta-{employee.id}.pdf")


@lru_cache(maxsize=1)
def _stylesheet() -> pdf.Stylesheet:
    return pdf.parse_stylesheet(_STYLE.read_text(encoding="utf-8"))


@bp.post("/profil/unduh")
@requires(P.CLAIM_EDIT)
def own_data() -> Any:
    """Give everything kept about oneself as a workbook, at once (UU 27/2022 allows three days)."""
    employee = own_person()
    sink: IO[bytes] = tempfile.TemporaryFile()
    write_xlsx(sink, _sheets(employee, profile_of(db.session(), employee)))
    sink.seek(0)
    with transaction(current_actor()) as session:
        record(session, "skills:owndata:export", ("employee", employee.id), people=[employee.id])
    return attachment(sink, XLSX, f"data-saya-{clock.today():%Y%m%d}.xlsx")


def _sheets(employee: Employee, profile: Profile) -> list[SheetSpec]:
    sources, states, doings = words.source_words(), words.state_words(), words.doings()
    session = db.session()
    history = [
        [named, row.level, sources.get(row.source, row.source), row.obtained_on, row.valid_until]
        + [by or "", words.withdrawn_words(row.withdrawn_reason)]
        for row, competency, by in whole_history(session, employee.id)
        for named in [words.named(competency)]
    ]
    claims = [
        [words.named(row.competency), row.level, states[row.state][0], row.title]
        + [row.issuer or "", row.document_number or "", row.issued_on, row.valid_until, row.note]
        for row in whole_claims(session, employee.id)
    ]
    trail = [
        [clock.local(row.at).strftime("%Y-%m-%d %H:%M"), row.actor, doings.get(row.tag, row.tag)]
        for row in processing_of(session, employee.id)
    ]
    return [
        _sheet(_("Identitas"), (_("Data"), _("Nilai")), _identity(employee)),
        _sheet(
            _("Riwayat level"),
            (_("Kompetensi"), _("Level"), _("Sumber"), _("Diperoleh"), _("Berlaku sampai"))
            + (_("Dicatat oleh"), _("Dibatalkan karena")),
            history,
        ),
        _sheet(
            _("Klaim"),
            (_("Kompetensi"), _("Level"), _("Keadaan"), _("Judul"), _("Penerbit"), _("Nomor"))
            + (_("Terbit"), _("Berlaku sampai"), _("Catatan")),
            claims,
        ),
        *_record_sheets(profile),
        _sheet(_("Siapa yang memproses"), (_("Waktu"), _("Oleh"), _("Apa")), trail),
    ]


def _record_sheets(profile: Profile) -> list[SheetSpec]:
    skp = words.skp_words()
    return [
        _sheet(
            _("Pendidikan"),
            (_("Jenjang"), _("Jurusan"), _("Sekolah"), _("Tahun")),
            [[row.level, row.field, row.school or "", row.year] for row in profile.education],
        ),
        _sheet(
            _("Jabatan"),
            (_("Jabatan"), _("OPD"), _("Unit"), _("Sejak"), _("Sampai")),
            [
                [row.position_name, row.opd_name, row.unit_name or "", row.since, row.until]
                for row in profile.positions
            ],
        ),
        _sheet(
            _("Pelatihan"),
            (
                _("Judul"),
                _("Penyelenggara"),
                _("Nomor"),
                _("Selesai"),
                _("JP"),
                _("Berlaku sampai"),
            ),
            [
                [row.title, row.organiser or "", row.number or "", row.ended_on, row.jp]
                + [row.valid_until]
                for row in profile.trainings
            ],
        ),
        _sheet(
            _("Kinerja (SKP)"),
            (_("Tahun"), _("Predikat")),
            [[row.year, skp.get(row.predicate, row.predicate)] for row in profile.skp],
        ),
        _sheet(
            _("Portofolio"),
            (_("Judul"), _("Tahun"), _("Uraian"), _("Tautan")),
            [[row.title, row.year, row.description, row.link or ""] for row in profile.portfolio],
        ),
    ]


def _identity(employee: Employee) -> list[list[Cell]]:
    position = employee.position.name if employee.position else ""
    return [
        [_("Nama"), employee.display_name],
        [_("NIP"), employee.nip],
        [_("Tanggal lahir"), employee.birth_date],
        [_("Jenis kelamin"), employee.sex or ""],
        [_("Surel kedinasan"), employee.official_email or ""],
        [_("Status kepegawaian"), employee.employment_kind],
        [_("Golongan"), employee.golongan or ""],
        [_("Jabatan"), position],
        [_("OPD"), employee.opd.name],
        [_("Unit"), employee.unit.name if employee.unit else ""],
        [_("Atasan langsung"), employee.supervisor.name if employee.supervisor else ""],
        [_("Mulai bekerja"), employee.service_start],
        [_("Batas usia pensiun"), employee.retirement_date],
    ]


def _sheet(name: str, headers: tuple[str, ...], rows: Any) -> SheetSpec:
    return SheetSpec(name, [ColumnSpec(header, 24, ColumnKind.GENERAL) for header in headers], rows)
