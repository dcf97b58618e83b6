"""The answers for machines."""

from tests.support.application import Client


def test_health_needs_no_account(client: Client) -> None:
    assert client.get("/healthz").json == {"status": "ok"}


def test_readiness_reports_its_parts(client: Client) -> None:
    answer = client.get("/readyz")

    assert answer.status_code == 200
    assert answer.json["parts"] == {"database": True, "migrations": True, "queue": True}
