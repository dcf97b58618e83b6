"""Parts of the suite that need a program of the system, and what happens where it is missing."""

import os
from typing import NoReturn

import pytest

PREFIX = "PART NOT RUN:"


def missing_part(part: str, remedy: str) -> NoReturn:
    """Leave a test out, visibly; under CI=true a missing part is a failure.

    Args:
        part: what cannot run, e.g. `PostgreSQL`.
        remedy: what an operator installs or sets to have it run.
    """
    message = f"{PREFIX} {part}. {remedy}"
    if os.environ.get("CI") == "true":
        pytest.fail(message, pytrace=False)
    pytest.skip(message)


def summarize(reporter: pytest.TerminalReporter) -> None:
    """Say at the end of a run, loudly, which parts did not run."""
    counts: dict[str, int] = {}
    for report in reporter.stats.get("skipped", []):
        reason = report.longrepr[2] if isinstance(report.longrepr, tuple) else str(report.longrepr)
        if PREFIX in reason:
            words = reason.split(PREFIX, 1)[1].strip()
            counts[words] = counts.get(words, 0) + 1
    if counts:
        reporter.section("PARTS THAT DID NOT RUN", sep="!", red=True, bold=True)
        for words, count in sorted(counts.items()):
            reporter.line(f"{count:4} tests: {words}", red=True)
