"""The whole suite: once on SQLite, and what touches the database again on PostgreSQL.

`make test` calls it. Arguments go to pytest in both runs (`make test ARGS="-k certificates"`).
"""

import os
import subprocess
import sys
import time
from contextlib import ExitStack
from pathlib import Path

from tests.support.postgres import PostgresServer, find_binaries

ROOT = Path(__file__).resolve().parents[2]
NO_TESTS_SELECTED = 5
# One more than the usual two cores: tests of browsers, servers and workers wait for others.
PARALLEL = ("-n", os.environ.get("TEST_WORKERS", "3"), "--dist", "worksteal")
# The journeys of the browser are about pages; the services below them run on both databases.
ON_POSTGRES = "database and not browser and not sqlite_only"


def main(arguments: list[str]) -> int:
    """Run both parts and return 0 when nothing failed and, under CI, nothing was left out."""
    results: list[tuple[str, str]] = []
    codes: list[int] = []

    def run(title: str, *extra: str, **environment: str) -> None:
        started = time.monotonic()
        print(f"\n=== {title} ===", flush=True)
        command = (sys.executable, "-m", "pytest", "-q", *PARALLEL, *extra, *arguments)
        variables = {**os.environ, **environment}
        code = subprocess.run(command, cwd=ROOT, env=variables, check=False).returncode
        # A choice of tests by argument may leave one of the runs empty.
        codes.append(0 if code == NO_TESTS_SELECTED and arguments else code)
        outcome = "passed" if codes[-1] == 0 else f"FAILED ({code})"
        results.append((title, f"{outcome} in {time.monotonic() - started:.0f} s"))

    with ExitStack() as stack:
        binaries = find_binaries()
        server = {}
        if binaries is not None:
            server["TEST_POSTGRES_URL"] = stack.enter_context(PostgresServer(binaries)).url
        run("Suite on SQLite, with browser journeys", TEST_DATABASE="sqlite", **server)
        title = "Suite on PostgreSQL"
        if binaries is not None:
            run(title, "-m", ON_POSTGRES, TEST_DATABASE="postgres", **server)
        else:
            results.append((title, "NOT RUN: install the package postgresql"))
            codes.append(1 if os.environ.get("CI") == "true" else 0)

    print("\n=== Summary ===")
    for title, outcome in results:
        print(f"{title}: {outcome}")
    return max(codes)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
