"""The running city of the journeys; each module has one of its own."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from tests.e2e.city import DemoCity, settle
from tests.support.database import copied_database
from tests.support.servers import serve


@pytest.fixture(scope="module")
def demo_city(
    request: pytest.FixtureRequest, browser: Browser, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[DemoCity]:
    """The demonstration city on a running server."""
    folder: Path = tmp_path_factory.mktemp("city")
    with copied_database(request, folder) as address, serve(folder, address) as server:
        yield DemoCity(server, browser, settle(server, people=400, seed=7))
