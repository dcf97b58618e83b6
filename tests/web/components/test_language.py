"""The choice of language in the frame of every page."""

import pytest

from tests.support.application import Client


def test_the_choice_holds_for_the_visit_and_leads_back(client: Client) -> None:
    answer = client.post("/bahasa", data={"lang": "en", "next": "/komponen?q=a"})

    assert answer.status_code == 303
    assert answer.location == "/komponen?q=a"
    assert '<html lang="en"' in client.get("/komponen").text


@pytest.mark.parametrize("target", ["https://contoh.test/", "//contoh.test", "/\\contoh.test", ""])
def test_it_never_leads_to_another_host(client: Client, target: str) -> None:
    assert client.post("/bahasa", data={"lang": "id", "next": target}).location == "/"


def test_an_unknown_language_changes_nothing(client: Client) -> None:
    client.post("/bahasa", data={"lang": "xx"})

    assert '<html lang="id"' in client.get("/komponen").text
