"""Courses are added and changed by organisers; a version that was used stays as it was."""

import io

import pytest
from sqlalchemy import select

from courses.models import Course
from courses.queries.prerequisites import missing_prerequisites
from tests.factories.courses import make_course, make_enrolment, make_session
from tests.factories.people import competency, make_employee


def values(session, **changes):
    return {
        "code": "UJI-900",
        "title": "Pengelolaan <b>Zzyx</b>",
        "form_code": "KL10",
        "objectives": "Memahami zzyx\nMemakai zzyx",
        "topics": "Pengantar | 2\nLatihan | 6",
        "cost": 500000,
        "attendance_min": 90,
        "score_min": "",
        "gain-0": competency(session).id,
        "before-0": 1,
        "to-0": 3,
        "effect-0": "propose",
        **changes,
    }


@pytest.fixture
def organiser(client_as):
    return client_as("organiser")


def newest(session, code="UJI-900"):
    session.expire_all()
    rows = select(Course).where(Course.code == code).order_by(Course.version.desc())
    return session.scalars(rows).first()


def test_a_new_course_is_found_at_once_by_any_form_of_a_word(session, organiser, client_as):
    answer = organiser.post("/pelatihan/kursus/baru", data=values(session))
    course = newest(session)
    page = (
        client_as("employee", employee=make_employee(session))
        .get("/pelatihan?q=mengelola+zzyx")
        .text
    )

    assert answer.status_code == 303
    assert (course.jp, course.score_min, course.objectives[1]) == (8, None, "Memakai zzyx")
    assert "Pengelolaan &lt;b&gt;Zzyx" in page
    assert organiser.post("/pelatihan/kursus/baru", data=values(session)).status_code == 422


def test_a_used_version_is_never_edited_in_place(session, organiser):
    organiser.post("/pelatihan/kursus/baru", data=values(session))
    first = newest(session)
    organiser.post(f"/pelatihan/kursus/{first.id}/ubah", data=values(session, title="Nama Dua"))
    assert (newest(session).id, newest(session).title) == (first.id, "Nama Dua"), "not used yet"
    run = make_session(session, first)
    session.commit()

    changed = values(session, title="Nama Tiga", topics="Satu | 4")
    assert "versi baru" in organiser.get(f"/pelatihan/kursus/{first.id}/ubah").text
    organiser.post(f"/pelatihan/kursus/{first.id}/ubah", data=changed)
    second = newest(session)

    assert (second.version, second.title, second.jp) == (2, "Nama Tiga", 4)
    assert (run.course.title, run.course.jp, run.course.state) == ("Nama Dua", 8, "replaced")
    assert organiser.post(f"/pelatihan/kursus/{first.id}/ubah", data=changed).status_code == 422
    assert "tidak berlaku lagi" in organiser.get(f"/pelatihan/kursus/{first.id}").text


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"topics": "Tanpa jam"}, "satu materi dengan JP"),
        ({"prerequisites": "ENTAH-1"}, "ENTAH-1"),
        ({"prerequisites": "UJI-900"}, "Prasyarat"),
        ({"before-0": 3, "to-0": 3}, "Level tujuan"),
        ({"form_code": "XX"}, "tidak tersedia"),
    ],
)
def test_what_a_course_cannot_be_is_said(session, organiser, changes, words):
    answer = organiser.post("/pelatihan/kursus/baru", data=values(session, **changes))

    assert answer.status_code == 422
    assert words in answer.text
    assert newest(session) is None


def test_prerequisites_count_what_was_passed_here_in_any_version(session, client_as):
    before = make_course(session)
    course = make_course(session, prerequisites=[before.code])
    person = make_employee(session)
    assert missing_prerequisites(session, course=course, employee_ids=[person.id]) == {
        person.id: [before.code]
    }
    page = client_as("employee", employee=person).get(f"/pelatihan/kursus/{course.id}").text
    assert f"belum lulus prasyarat: {before.code}" in page

    make_enrolment(session, make_session(session, before), person, state="passed")
    assert missing_prerequisites(session, course=course, employee_ids=[person.id]) == {}


def test_materials_go_through_the_file_store(session, organiser, client_as):
    course = make_course(session)
    session.commit()
    address = f"/pelatihan/kursus/{course.id}/berkas"
    for name, content in (
        ("modul.csv", b"materi;jam\nPengantar;2\n"),
        ("jahat.pdf", b"MZ bukan pdf"),
    ):
        data = {"berkas": (io.BytesIO(content), name), "judul": f"Bahan {name}"}
        organiser.post(address, data=data, content_type="multipart/form-data")
    session.expire_all()
    (row,) = course.materials
    reader = client_as("employee", employee=make_employee(session))

    assert row.title == "Bahan modul.csv"
    page = f"/pelatihan/kursus/{course.id}"
    assert "Bahan modul.csv" in reader.get(f"{page}?bagian=bahan").text
    assert "Bahan modul.csv" not in reader.get(f"{page}?bagian=salah").text
    assert "Pengantar" in reader.get(f"{page}?bagian=isi").text
    assert reader.get(f"/berkas/{row.file_id}").status_code == 200
    assert reader.post(f"{address}/{row.id}/hapus").status_code == 403
    organiser.post(f"{address}/{row.id}/hapus")
    session.expire_all()
    assert course.materials == []
