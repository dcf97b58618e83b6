"""The ranked list of a seat as a workbook: everybody who passed, and how the list was made."""

import tempfile
from collections.abc import Iterator, Sequence
from typing import IO, Any

from flask import Response, request
from flask_babel import gettext as _

from app.core import clock
from app.core.db import db
from app.core.permissions import Permission as P
from app.core.spreadsheet.writer import ColumnKind, ColumnSpec, SheetSpec, write_xlsx
from app.web.access import audit_read, requires
from app.web.i18n import render
from app.web.listing import XLSX, attachment
from app.web.seats import presenters
from app.web.seats.routes import bp, ranking_for, seat_or_404
from matching.models import Seat
from matching.services.scouting import RankedPerson, Ranking
from skills.models import Employee

EVERYBODY = 10**9


@bp.get("/kursi/<int:seat_id>/daftar.xlsx")
@requires(P.SEAT_REVIEW)
def ranking_sheet(seat_id: int) -> Response:
    """Give the whole list with the criteria of the address; masked where the address says so."""
    seat = seat_or_404(seat_id, P.SEAT_REVIEW)
    session = db.session()
    ranking = ranking_for(seat, top=EVERYBODY)
    masked = request.args.get("samar") == "1"
    ids = [row.person.id for row in ranking.people]
    if ids:
        audit_read("matching:ranking:export", ids, subject=seat, masked=masked)
    people = presenters.people_of(session, ids)
    names = presenters.requirement_names(seat)
    sink: IO[bytes] = tempfile.TemporaryFile()
    write_xlsx(
        sink,
        [
            SheetSpec(
                _("Kandidat"),
                _columns(ranking, names, masked),
                (_cells(row, people[row.person.id], ranking, masked) for row in ranking.people),
            ),
            SheetSpec(
                _("Cara menghitung"),
                [ColumnSpec(_("Hal"), 44), ColumnSpec(_("Nilai"), 60)],
                _how(seat, ranking, names),
                autofilter=False,
            ),
        ],
    )
    sink.seek(0)
    return attachment(sink, XLSX, f"kandidat-{seat.code}-{clock.today():%Y%m%d}.xlsx")


def _columns(ranking: Ranking, names: dict[int, str], masked: bool) -> list[ColumnSpec]:
    who = [ColumnSpec(_("Kandidat"), 30)]
    if not masked:
        who += [ColumnSpec(_("NIP"), 22, ColumnKind.TEXT), ColumnSpec(_("Jabatan"), 34)]
    asked = [
        ColumnSpec(f"{names[item.competency_id]} ({item.level})", 22)
        for item in ranking.criteria.requirements
    ]
    return [
        ColumnSpec(_("Peringkat"), 10),
        *who,
        ColumnSpec(_("OPD"), 16),
        ColumnSpec(_("Kelompok"), 18),
        ColumnSpec(_("Kesesuaian"), 12),
        ColumnSpec(_("Kesesuaian tertinggi"), 18),
        ColumnSpec(_("Kedekatan profil"), 16),
        ColumnSpec(_("Kursi dipegang"), 14),
        *asked,
    ]


def _cells(row: RankedPerson, employee: Employee, ranking: Ranking, masked: bool) -> list[Any]:
    who: list[Any] = [presenters.shown_name(employee, row.rank, masked)]
    if not masked:
        who += [employee.nip, employee.position.name if employee.position else None]
    return [
        row.rank,
        *who,
        employee.opd.short_name,
        presenters.group_words()[row.group],
        round(row.fit, 2),
        round(row.fit_high, 2),
        round(row.similarity, 4),
        row.person.seats_held,
        *(_level(item.verified, item.claimed) for item in row.scores),
    ]


def _level(verified: int | None, claimed: int | None) -> str | int | None:
    if verified is not None or claimed is None:
        return verified
    return _("klaim %(level)s", level=claimed)


def _how(seat: Seat, ranking: Ranking, names: dict[int, str]) -> Iterator[Sequence[Any]]:
    order = (
        _("kesesuaian, kedekatan profil, nomor pegawai")
        if ranking.criteria.order == "fit"
        else _("kelompok, kedekatan profil, kesesuaian, nomor pegawai")
    )
    yield _("Kursi"), seat.code
    yield _("Dihitung pada"), ranking.day
    yield _("Urutan"), order
    yield _("Batas kelompok"), " / ".join(f"{cut:g}" for cut in ranking.criteria.cuts)
    yield _("Bobot klaim"), ranking.criteria.claim_confidence
    yield _("Pegawai aktif"), ranking.pool_size
    for step in ranking.steps:
        yield render(step.label), step.remaining
    for item in ranking.criteria.requirements:
        words = _("level %(level)s, bobot %(weight)s", level=item.level, weight=f"{item.weight:g}")
        yield names[item.competency_id], words
    yield _("Model"), ranking.model
    yield _("Sidik peringkat"), ranking.order_hash
