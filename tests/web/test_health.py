"""What machines ask, and what people see when something is wrong."""

from sqlalchemy import text

from tests.factories.people import make_employee


def test_the_process_answers_without_the_database(client):
    assert client.get("/healthz").get_json() == {"status": "ok"}


def test_ready_names_the_parts(client):
    answer = client.get("/readyz")

    assert answer.status_code == 200
    assert answer.get_json()["parts"] == {"database": True, "migrations": True, "queue": True}


def test_an_older_database_is_not_ready(client, session):
    session.execute(text("UPDATE alembic_version SET version_num = '0001'"))
    session.commit()

    answer = client.get("/readyz")

    assert answer.status_code == 503
    assert answer.get_json()["parts"]["migrations"] is False


def test_every_page_carries_the_headers(client):
    for path in ("/masuk", "/tidak-ada", "/healthz"):
        headers = client.get(path).headers
        assert "default-src 'self'" in headers["Content-Security-Policy"]
        assert "unsafe-inline" not in headers["Content-Security-Policy"]
        assert headers["X-Content-Type-Options"] == "nosniff"
        assert headers["X-Request-ID"]


def test_an_unknown_page_says_so_in_indonesian(client):
    answer = client.get("/tidak-ada")

    assert answer.status_code == 404
    assert "Halaman tidak ditemukan" in answer.text


def test_a_deep_link_survives_the_sign_in(client):
    answer = client.get("/kursi?keadaan=vacant")

    assert answer.status_code == 302
    assert "next=/kursi?keadaan%3Dvacant" in answer.location or "next=%2Fkursi" in answer.location


def test_pages_of_the_signed_in_are_not_cached(client_as, session):
    answer = client_as("employee", employee=make_employee(session)).get("/")

    assert answer.headers["Cache-Control"] == "no-store"
