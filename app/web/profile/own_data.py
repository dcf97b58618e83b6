"""Everything kept about oneself as a workbook, with the trail of who processed it."""

import tempfile
from collections.abc import Iterator
from datetime import date, datetime
from typing import IO, Any

from flask_babel import gettext as _

from app.core import clock
from app.core.audit import record
from app.core.db import db, transaction
from app.core.permissions import Permission as P
from app.core.spreadsheet.reader import Cell
from app.core.spreadsheet.writer import ColumnKind, ColumnSpec, SheetSpec, write_xlsx
from app.web.access import current_actor, requires
from app.web.listing import XLSX, attachment
from app.web.profile import right_words, words
from app.web.profile.routes import bp, own_person
from skills.models import Employee
from skills.queries.own_data import processing_of, whole_claims, whole_history
from skills.queries.profile import Profile, profile_of
from skills.services.rights import export_rows

# Tables that have a readable sheet of their own here.
_SHOWN = frozenset(
    ("employee", "position_record", "education_record", "skp_record", "training_record")
    + ("portfolio_item", "claim", "level_record")
)


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
    sources, states = words.source_words(), words.state_words()
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
        [clock.local(row.at).strftime("%Y-%m-%d %H:%M"), row.actor]
        + [right_words.doing_of(row.tag), right_words.purpose_of(row.tag)]
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
        *_other_sheets(employee),
        _sheet(_("Siapa yang memproses"), (_("Waktu"), _("Oleh"), _("Apa"), _("Untuk apa")), trail),
    ]


def _other_sheets(employee: Employee) -> Iterator[SheetSpec]:
    """Yield every other table that knows the person, column by column, where it has a row."""
    for title, rows in export_rows(db.session(), employee_id=employee.id, without=_SHOWN):
        if rows:
            yield _sheet(
                _(title)[:31], tuple(rows[0]), [list(map(_plain, r.values())) for r in rows]
            )


def _plain(value: Any) -> Cell:
    if value is None or isinstance(value, bool | int | float | date) and not _is_moment(value):
        return value
    return clock.local(value).strftime("%Y-%m-%d %H:%M") if _is_moment(value) else str(value)


def _is_moment(value: Any) -> bool:
    return isinstance(value, datetime)


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
