"""The question bank over HTTP: writing, editions, import with a dry run, export."""

import io

import pytest
from sqlalchemy import select

from app.core.audit import AuditEvent
from courses.models import Question
from tests.factories.courses import make_course

HOSTILE = "D'Angelo & <b onclick=alert(1)>"
GIFT = f"""::Satu::[plain]{HOSTILE.replace("=", chr(92) + "=")} mana yang benar?{{=ini ~itu}}

Mana yang benar?{{=ini ~itu}}

Mana yang benar?{{=itu ~ini}}

Ceritakan.{{}}
"""


@pytest.fixture
def bank(session):
    course = make_course(session)
    session.commit()
    return course, f"/pelatihan/kursus/{course.id}/soal"


def fields(**changes):
    usual = {
        "kind": "single",
        "text": f"{HOSTILE}?",
        "pilihan-0": "ya",
        "pilihan-1": "tidak",
        "benar": "0",
        "points": "2",
        "topic": "Dasar",
    }
    return {**usual, **changes}


def test_a_question_is_written_changed_in_place_and_later_in_a_new_edition(
    session, client_as, bank
):
    _course, address = bank
    browser = client_as("organiser")

    refused = browser.post(f"{address}/baru", data=fields(benar=""))
    assert refused.status_code == 422 and "Tandai jawaban yang benar." in refused.text
    assert browser.post(f"{address}/baru", data=fields()).status_code == 303
    twin = browser.post(f"{address}/baru", data=fields())
    assert twin.status_code == 422 and "nomor 1" in twin.text
    row = session.scalars(select(Question)).one()
    page = browser.get(address).text
    assert "&lt;b onclick" in page and "<b onclick" not in page

    change = fields(text="Baru?", version=row.version)
    assert browser.post(f"{address}/{row.id}", data=change).status_code == 303
    stale = browser.post(f"{address}/{row.id}", data=fields(text="Lama?", version=row.version - 1))
    assert stale.status_code == 409 and "sudah diubah" in stale.text
    assert (row.text, row.edition) == ("Baru?", 1)

    row.used = True
    session.commit()
    browser.post(f"{address}/{row.id}", data=fields(text="Edisi dua?", version=row.version))
    rows = session.scalars(select(Question).order_by(Question.edition)).all()
    assert [(r.text, r.edition, r.state) for r in rows] == [
        ("Baru?", 1, "replaced"),
        ("Edisi dua?", 2, "current"),
    ]
    assert "Edisi 2" in browser.get(f"{address}/{rows[1].id}").text
    for step, state in (("keluarkan", "retired"), ("kembalikan", "current")):
        browser.post(f"{address}/{rows[1].id}/{step}")
        assert rows[1].state == state
    tags = set(session.scalars(select(AuditEvent.tag)))
    assert {"courses:question:add", "courses:question:change", "courses:question:retire"} <= tags


def test_an_import_shows_first_what_each_question_becomes_and_applies_once(
    session, client_as, bank
):
    _course, address = bank
    browser = client_as("organiser")

    checked = browser.post(f"{address}/impor", data={"gift": GIFT}).text
    assert "esai" in checked and "Sama dengan soal pada baris 3" in checked
    assert "Simpan 2 soal" in checked and "<b onclick" not in checked
    assert session.scalars(select(Question)).all() == []
    number = checked.split('name="berkas" value="')[1].split('"')[0]
    assert client_as("organiser").post(f"{address}/impor/terapkan", data={"berkas": number})
    assert session.scalars(select(Question)).all() == []  # somebody else's draft
    for _time in range(2):
        browser.post(f"{address}/impor/terapkan", data={"berkas": number})
    assert len(session.scalars(select(Question)).all()) == 2

    sheet = browser.get(f"{address}/unduh.xlsx").data
    again = {"berkas": (io.BytesIO(sheet), "soal.xlsx")}
    page = browser.post(f"{address}/impor", data=again).text
    assert page.count("Sudah ada") >= 2 and "Simpan" not in page.split("Sudah ada")[1]
    gift = browser.get(f"{address}/unduh.gift").text
    assert "::Satu::[plain]D'Angelo & <b onclick\\=alert(1)> mana" in gift


@pytest.mark.parametrize(
    ("data", "told"),
    [
        ({}, "Pilih berkas"),
        ({"berkas": (io.BytesIO(b"\xff\xfe\x00"), "a.gift")}, "UTF-8"),
        ({"berkas": (io.BytesIO(b"MZ"), "a.exe")}, "Unggah berkas .xlsx"),
        ({"berkas": (io.BytesIO(b"a;b\n1;2\n"), "a.csv")}, "Tidak ada baris judul"),
        ({"gift": "\n".join(f"Soal {n}?{{T}}\n" for n in range(501))}, "Paling banyak 500"),
    ],
)
def test_a_bad_import_says_why(client_as, bank, data, told):
    answer = client_as("organiser").post(f"{bank[1]}/impor", data=dict(data))

    assert answer.status_code == 422 and told in answer.text


def test_the_list_does_not_ask_more_for_more_questions_and_is_closed_to_employees(
    session, client_as, bank, query_counter
):
    course, address = bank
    browser = client_as("organiser")
    counts = []
    for start in (0, 20):
        for n in range(start, start + 20):
            data = fields(text=f"Soal {n}?")
            assert n > 2 or browser.post(f"{address}/baru", data=data).status_code == 303
            if n > 2:
                session.add(
                    Question(
                        course_code=course.code,
                        number=n + 1,
                        kind="text",
                        text=f"Soal {n}?",
                        accepted=["a"],
                        fingerprint=str(n),
                        created_at=session.scalars(select(Question.created_at)).first(),
                    )
                )
        session.commit()
        with query_counter() as queries:
            assert browser.get(f"{address}?per=100").status_code == 200
        counts.append(queries.count)

    assert counts[0] == counts[1]
    assert client_as("employee").get(address).status_code == 403
