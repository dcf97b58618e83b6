"""The catalogue finds courses by any form of a word and shows what they close."""

import pytest

from app.core import clock
from courses.queries.catalogue import CourseFilter, query_stems, relevance, search_courses
from tests.factories.courses import make_course, make_session
from tests.factories.people import make_employee


@pytest.mark.parametrize(
    ("words", "title"),
    [("mengelola data", "Pengelolaan Data Sektoral"), ("pengamanan", "Keamanan Informasi")],
)
def test_it_finds_words_in_any_form(session, words, title):
    course = make_course(session, title=title)

    assert relevance(course, query_stems(words)) > 0


def test_every_word_must_be_found(session):
    course = make_course(session, title="Pengelolaan Data Sektoral")

    assert relevance(course, query_stems("data astronomi")) == 0


def test_a_title_counts_more_than_an_objective(session):
    titled = make_course(session, title="Tanda Tangan Zzyx")
    other = make_course(session, title="Lain", objectives=["Memahami zzyx"])

    hits = search_courses(session, CourseFilter(text="zzyx"), day=clock.today())

    assert [hit.course.id for hit in hits] == [titled.id, other.id]


def test_the_page_shows_courses_and_their_next_session(session, client_as):
    run = make_session(session, make_course(session, title="Pelatihan Zzyx"))
    browser = client_as("employee", employee=make_employee(session))

    page = browser.get("/pelatihan?q=zzyx").get_data(as_text=True)
    course = browser.get(f"/pelatihan/kursus/{run.course_id}")

    assert "Pelatihan Zzyx" in page
    assert course.status_code == 200
    assert "10 kursi tersisa" in course.get_data(as_text=True)


def test_the_catalogue_needs_the_same_queries_for_more_courses(session, client_as, query_counter):
    browser = client_as("employee", employee=make_employee(session))
    browser.get("/pelatihan")
    with query_counter() as few:
        browser.get("/pelatihan")
    for _ in range(5):
        make_session(session, make_course(session))
    with query_counter() as many:
        browser.get("/pelatihan")

    assert many.count == few.count


def test_an_unknown_course_is_not_found(client_as):
    assert client_as("employee").get("/pelatihan/kursus/999999").status_code == 404
