"""Faults become pages with a status and a sentence, never a stack trace."""

import pytest
from sqlalchemy.exc import IntegrityError, OperationalError
from sqlalchemy.orm.exc import StaleDataError


@pytest.mark.parametrize(
    ("fault", "status", "words"),
    [
        (StaleDataError("UPDATE matched 0 of 1 rows"), 409, "baru saja diubah orang lain"),
        (IntegrityError("INSERT", {}, Exception("unique")), 409, "baru saja diubah orang lain"),
        (OperationalError("SELECT", {}, Exception("locked")), 503, "sedang sibuk"),
        (RuntimeError("a secret of the machinery"), 500, "Terjadi gangguan"),
    ],
)
def test_a_fault_is_a_page_with_words_and_no_detail(app, client, fault, status, words):
    def broken():
        raise fault

    broken.access = "public"
    app.view_functions["language.choose"] = broken  # any view will do
    app.config["PROPAGATE_EXCEPTIONS"] = False

    answer = client.post("/bahasa")

    page = answer.get_data(as_text=True)
    assert answer.status_code == status
    assert words in page
    assert "secret" not in page and "UPDATE" not in page and "Traceback" not in page
