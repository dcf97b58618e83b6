"""Dictionary, standards and levels through files: dry run, write, result, undo, bad input."""

import csv
import io
from collections.abc import Sequence
from typing import Any

import openpyxl
import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.core import clock
from skills.models import (
    Competency,
    CompetencyEdition,
    Framework,
    ImportBatch,
    LevelInForce,
    LevelRecord,
    Standard,
)
from tests.factories.offices import make_opd, make_person
from tests.factories.profiles import competency, make_level

LEVEL_HEADER = ("NIP", "Kode kompetensi", "Level", "Sumber", "Tanggal diperoleh", "Berlaku sampai")


def csv_of(rows: Sequence[Sequence[Any]]) -> bytes:
    sink = io.StringIO()
    csv.writer(sink, delimiter=";").writerows(rows)
    return sink.getvalue().encode()


class Importing:
    """The steps of an import by an officer."""

    def __init__(self, client: Any) -> None:
        self.client = client

    def export(self, kind: str, **args: Any) -> list[list[Any]]:
        data = self.client.get(f"/acuan/{kind}/unduh.xlsx", query_string=args).data
        sheet = openpyxl.load_workbook(io.BytesIO(data)).active
        return [list(row) for row in sheet.iter_rows(values_only=True)]

    def send(self, kind: str, rows: Sequence[Sequence[Any]], name: str = "acuan.csv") -> Any:
        files = {"berkas": (io.BytesIO(csv_of(rows)), name)}
        return self.client.post(f"/acuan/{kind}/impor", data=files)

    def checked(self, kind: str, rows: Sequence[Sequence[Any]]) -> str:
        answer = self.send(kind, rows)
        assert answer.status_code == 303, answer.text
        return answer.location

    def apply(self, url: str, session: Session) -> None:
        batch = session.get_one(ImportBatch, int(url.rsplit("/", 1)[1]))
        assert batch.state == "checked", batch.summary
        data = {"version": batch.version}
        assert self.client.post(f"{url}/terapkan", data=data).status_code == 303
        session.refresh(batch)
        assert batch.state == "applied", batch.summary


@pytest.fixture
def importing(client_as: Any) -> Importing:
    """Return the steps for a signed-in officer."""
    return Importing(client_as("officer"))


def counts(session: Session, url: str) -> dict[str, int]:
    batch = session.get_one(ImportBatch, int(url.rsplit("/", 1)[1]))
    found: Any = batch.summary
    assert "counts" in found, found
    return {name: found["counts"][name] for name in ("create", "update", "unchanged", "error")}


@pytest.mark.parametrize("kind", ["dictionary", "standard"])
def test_an_export_read_again_changes_nothing(importing, session, kind):
    rows = importing.export(kind)

    url = importing.checked(kind, rows)

    assert counts(session, url) == {
        "create": 0,
        "update": 0,
        "unchanged": len(rows) - 1,
        "error": 0,
    }


def test_a_changed_dictionary_shows_its_cells_applies_and_is_undone_as_a_whole(importing, session):
    of = competency(session)
    make_level(session, make_person(session, make_opd(session)), of, 3)
    old = of.levels[2].behaviours[0]
    rows = importing.export("dictionary", kode="TEKNIS-SPBE")
    head, line = rows[0], next(row for row in rows if row[1] == of.code)
    line[head.index("Perilaku level 3")] = "Perilaku <b>baru</b>"
    line[head.index("Nama")] = "Nama baru"
    new = ["KD-BARU", *["" for _cell in head[1:]]]
    for name, value in (
        ("Kamus", "KD-BARU"), ("Kode", "KD-BARU"), ("Baris", "kamus"), ("Nama", "Kerangka uji"),
        ("Jenis", "DIGITAL"),
    ):  # fmt: skip
        new[head.index(name)] = value
    child = list(line)
    for name, value in (("Kamus", "KD-BARU"), ("Kode", "KX-01"), ("Kode induk", "")):
        child[head.index(name)] = value

    url = importing.checked("dictionary", [head, line, child, new])
    page = importing.client.get(url).text
    assert "Nama baru" in page and "&lt;b&gt;baru" in page and old in page
    assert counts(session, url) == {"create": 2, "update": 1, "unchanged": 0, "error": 0}
    assert session.scalar(select(Framework).filter_by(code="KD-BARU")) is None

    importing.apply(url, session)
    session.expire_all()
    assert of.name == "Nama baru" and of.levels[2].behaviours == ["Perilaku <b>baru</b>"]
    numbers = session.scalars(select(CompetencyEdition.number).filter_by(competency_id=of.id)).all()
    assert sorted(numbers) == [1, 2], "what is used is not edited in place"
    assert session.scalar(select(Competency).filter_by(code="KX-01")).framework.code == "KD-BARU"
    assert importing.client.get(f"{url}/hasil").status_code == 200

    assert ">1<" in importing.client.get(f"{url}/batalkan").text.replace("\n", "")
    assert importing.client.post(f"{url}/batalkan").status_code == 303
    session.expire_all()
    assert of.name != "Nama baru" and of.levels[2].behaviours[0] == old
    assert session.scalar(select(Competency).filter_by(code="KX-01")) is None
    assert session.scalar(select(Framework).filter_by(code="KD-BARU")) is None


def test_wrong_rows_of_a_dictionary_are_told_and_left_out(importing, session):
    head = ("Kamus", "Kode", "Baris", "Kode induk", "Nama", "Jenis", "Keadaan")
    known = competency(session)
    frame = known.framework.code
    rows = [
        head,
        (frame, "A1", "bidang", "A2", "Satu", "TEKNIS", ""),
        (frame, "A2", "bidang", "A1", "Dua", "TEKNIS", ""),
        ("TIDAK-ADA", "A3", "bidang", "", "Tiga", "TEKNIS", ""),
        (frame, "A4", "kompetensi", "ZZ", "Empat", "TEKNIS", ""),
        (frame, "A5", "bidang", "", "Lima", "TEKNIS", ""),
        (frame, "A5", "bidang", "", "Lima lagi", "TEKNIS", ""),
        (frame, "A 6", "bidang", "", "Enam", "SIHIR", ""),
        (frame, "AP-02", "kompetensi", "", "Tujuh", "TEKNIS", "tidak dipakai"),
    ]

    url = importing.checked("dictionary", rows)
    page = importing.client.get(url).text

    assert counts(session, url)["error"] == 7 and counts(session, url)["create"] == 1
    for told in (
        "melingkar",
        "Kamus ini tidak dikenal",
        "Kode induk ini tidak dikenal",
        "Level 1 belum memiliki perilaku",
        "Sama dengan baris 6",
        "tanpa spasi",
        "masih dituntut standar",
    ):
        assert told in page, told


def test_a_changed_standard_becomes_a_version_and_is_undone(importing, session):
    rows = importing.export("standard")
    head = rows[0]
    line = next(row for row in rows if row[0] == "TEK-PRAKOM-TERAMPIL")
    line[head.index("Level")] = 5
    extra = list(line)
    extra[head.index("Kode kompetensi")], extra[head.index("Bobot")] = "KS-04", "1,5"
    wrong = [*line]
    wrong[head.index("Kode kompetensi")] = "XX-99"
    low = [*extra]
    low[head.index("Kode kompetensi")], low[head.index("Level")] = "KS-03", 0

    url = importing.checked("standard", [head, line, extra, wrong, low, line])
    assert counts(session, url) == {"create": 1, "update": 1, "unchanged": 0, "error": 3}
    importing.apply(url, session)

    versions = session.scalars(
        select(Standard).filter_by(code="TEK-PRAKOM-TERAMPIL").order_by(Standard.version)
    ).all()
    assert [row.version for row in versions] == [1, 2]
    assert len(versions[1].items) == len(versions[0].items) + 1
    assert {item.competency.code: item.level for item in versions[1].items}[line[4]] == 5

    importing.client.post(f"{url}/batalkan")
    session.expire_all()
    left = session.scalars(select(Standard).filter_by(code="TEK-PRAKOM-TERAMPIL")).all()
    assert [row.version for row in left] == [1] and left[0].valid_until is None


def test_levels_by_nip_come_in_from_a_file_and_go_out_again(importing, session):
    person = make_person(session, make_opd(session), name="D'Angelo & <b>")
    of, today = competency(session, shelf_life_months=None), clock.today()
    day = today.replace(year=today.year - 1)
    line = (person.nip, of.code, 4, "hasil asesmen", day.isoformat(), "")

    url = importing.checked("level", [LEVEL_HEADER, line])
    assert session.scalar(select(func.count(LevelRecord.id))) == 0
    importing.apply(url, session)
    assert session.get_one(LevelInForce, (person.id, of.id)).verified_level == 4

    again = importing.checked("level", [LEVEL_HEADER, line])
    assert counts(session, again)["unchanged"] == 1
    better = importing.checked("level", [LEVEL_HEADER, (*line[:2], 3, *line[3:])])
    assert counts(session, better)["update"] == 1
    importing.apply(better, session)
    assert session.get_one(LevelInForce, (person.id, of.id)).verified_level == 3
    assert "Sudah diubah lagi" in importing.client.get(f"{url}/batalkan").text

    importing.client.post(f"{better}/batalkan")
    session.expire_all()
    assert session.get_one(LevelInForce, (person.id, of.id)).verified_level == 4
    importing.client.post(f"{url}/batalkan")
    session.expire_all()
    assert session.get(LevelInForce, (person.id, of.id)) is None


def test_wrong_levels_are_told_row_by_row(client_as, session):
    own = make_person(session, make_opd(session))
    importing = Importing(client_as("officer", employee=own))
    person = make_person(session, own.opd)
    code, nip = competency(session).code, person.nip
    rows = [
        LEVEL_HEADER,
        (nip, code, 0, "penilaian asesor", "2025-01-01", ""),
        (nip, code, 6, "penilaian asesor", "2025-01-02", ""),
        (nip, "XX-99", 3, "penilaian asesor", "2025-01-03", ""),
        ("199001012015010001", code, 3, "penilaian asesor", "2025-01-04", ""),
        (nip, code, 3, "bisikan", "2025-01-05", ""),
        (nip, code, 3, "penilaian asesor", "2091-01-06", ""),
        (nip, code, 3, "penilaian asesor", "2025-01-07", "2024-01-01"),
        (nip, code, 3, "penilaian asesor", "2025-01-08", ""),
        (nip, code, 3, "penilaian asesor", "2025-01-08", ""),
        (own.nip, code, 5, "penilaian asesor", "2025-01-08", ""),
    ]

    url = importing.checked("level", rows)
    page = importing.client.get(url).text

    assert counts(session, url) == {"create": 1, "update": 0, "unchanged": 0, "error": 9}
    for told in (
        "antara 1 dan 5",
        "Kode kompetensi ini tidak dikenal",
        "NIP ini tidak ada",
        "Sumber tidak dikenal",
        "belum tiba",
        "mendahului tanggal diperoleh",
        "Sama dengan baris 9",
        "Level sendiri tidak dapat dinyatakan terverifikasi",
    ):
        assert told in page, told


def test_a_file_without_its_columns_and_strangers_are_refused(importing, client_as, session):
    answer = importing.send("standard", [("Nama", "Umur"), ("a", "b")])
    assert answer.status_code == 422 and "Kolom wajib tidak ditemukan: Kode standar" in answer.text
    assert importing.send("standard", [("a",)], "a.exe").status_code == 422
    assert importing.client.get("/acuan/lain/impor").status_code == 404

    employee = client_as(employee=make_person(session, make_opd(session)))
    assert employee.get("/acuan/standard/impor").status_code == 403
    assert employee.get("/acuan/level/unduh.xlsx").status_code in (403, 404)
    assert employee.get("/acuan/dictionary/unduh.csv").status_code == 200
