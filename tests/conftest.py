"""Wiring of the suite; the fixtures themselves are in tests/support, data in tests/factories."""

import os
from collections.abc import Iterator

import pytest
from hypothesis import HealthCheck, settings

from tests.support import parts

pytest_plugins = (
    "tests.support.network",
    "tests.support.database",
    "tests.support.application",
    "tests.support.servers",
    "tests.support.browser",
    "tests.support.races",
    "tests.support.training",
)

# No deadline: a shared machine is slow now and then, and speed has its own place in bench/.
settings.register_profile(
    "suite", deadline=None, suppress_health_check=[HealthCheck.too_slow], print_blob=True
)
settings.load_profile("suite")

ON_DATABASE = {"app", "live_server", "postgres_url", "sqlite_template"}


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark what the fixtures of a test tell about it."""
    for item in items:
        fixtures = set(getattr(item, "fixturenames", ()))
        if fixtures & ON_DATABASE:
            item.add_marker(pytest.mark.database)
        if "browser" in fixtures:
            item.add_marker(pytest.mark.browser)
            item.add_marker(pytest.mark.timeout(600))
        if "postgres_url" in fixtures:
            item.add_marker(pytest.mark.postgres)
        if "redis_url" in fixtures:
            item.add_marker(pytest.mark.redis)


def pytest_report_header() -> str:
    """Name the database of the run."""
    return f"application database: {os.environ.get('TEST_DATABASE', 'sqlite')}"


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Iterator[None]:
    """Let fixtures see at their end whether the test failed."""
    report: pytest.TestReport = yield
    if report.when == "call" and report.failed:
        item.failed_call = True  # type: ignore[attr-defined]
    return report  # type: ignore[return-value]


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Say loudly what did not run."""
    parts.summarize(terminalreporter)
