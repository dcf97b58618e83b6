"""Run the benchmark modules, print one table, keep the figures, compare with those kept before.

    python -m bench.run [WORD...] [--save] [--quick]

A module `bench/<subject>.py` has `measure(*, quick: bool) -> Iterable[Figure]`. Words choose the
subjects whose name holds one of them. The figures are compared with `bench/results/<subject>.json`;
`--save` writes them there. The exit code is 1 where a figure is worse than its limit, or more than
25 % worse than the one kept (only judged on a machine of the same number of cores).
"""

import argparse
import importlib
import json
import os
import platform
import sys
import time
from collections.abc import Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import asdict, dataclass
from multiprocessing import get_context
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).resolve().parent
RESULTS = FOLDER / "results"
TOLERANCE = 1.25


@dataclass(frozen=True)
class Figure:
    """One measured number.

    Args:
        name: what was measured, the size included: `import 5,000 rows (CSV)`.
        value: the number.
        unit: `s`, `ms`, `MB`, `rows/s` or what else it is.
        limit: the promise; more is worse, unless `higher_is_better`.
        higher_is_better: turns the comparisons round (rates, hit shares).
        noisy: shown but not judged against the figure kept before.
    """

    name: str
    value: float
    unit: str
    limit: float | None = None
    higher_is_better: bool = False
    noisy: bool = False

    def worse_than(self, other: float, tolerance: float = 1.0) -> bool:
        """Return whether the value is beyond the other one by more than the tolerance."""
        if self.higher_is_better:
            return self.value * tolerance < other
        return self.value > other * tolerance


def subjects(words: Iterable[str]) -> list[str]:
    """Return the names of the benchmark modules that the words choose."""
    names = sorted(
        path.stem for path in FOLDER.glob("*.py") if "\ndef measure(" in path.read_text()
    )
    names.remove("run")
    words = list(words)
    return [name for name in names if not words or any(word in name for word in words)]


def measure(subject: str, *, quick: bool) -> list[Figure]:
    """Run one module in a process of its own, so that memory and caches are its own too."""
    with ProcessPoolExecutor(max_workers=1, mp_context=get_context("spawn")) as process:
        return process.submit(_measure, subject, quick).result()


def _measure(subject: str, quick: bool) -> list[Figure]:
    module = importlib.import_module(f"bench.{subject}")
    return list(module.measure(quick=quick))


def load(subject: str) -> dict[str, Any]:
    """Return what was kept of a subject, or nothing."""
    path = RESULTS / f"{subject}.json"
    return json.loads(path.read_text()) if path.exists() else {}


def save(subject: str, figures: list[Figure]) -> None:
    """Keep the figures with what they were measured on."""
    RESULTS.mkdir(exist_ok=True)
    content = {"machine": machine(), "figures": [asdict(figure) for figure in figures]}
    text = json.dumps(content, indent=2, ensure_ascii=False) + "\n"
    (RESULTS / f"{subject}.json").write_text(text)


def machine() -> dict[str, Any]:
    """Describe the machine, as far as figures depend on it."""
    return {
        "cores": len(os.sched_getaffinity(0)),
        "python": platform.python_version(),
        "architecture": platform.machine(),
        "date": time.strftime("%Y-%m-%d"),
        "load": round(os.getloadavg()[0], 1),
    }


def judge(figure: Figure, before: float | None, *, comparable: bool) -> str:
    """Return `ok`, or in words what is wrong with the figure."""
    if figure.limit is not None and figure.worse_than(figure.limit):
        return f"OVER THE LIMIT of {number(figure.limit)}"
    judged = before is not None and comparable and not figure.noisy
    if judged and figure.worse_than(before or 0.0, TOLERANCE):
        return "WORSE THAN BEFORE"
    return "ok"


def number(value: float | None) -> str:
    """Write a figure with three meaningful digits."""
    if value is None:
        return "-"
    return f"{value:,.0f}" if abs(value) >= 100 else f"{value:.3g}"


def rows(
    subject: str, figures: list[Figure], *, comparable: bool
) -> Iterator[tuple[str, str, str, str, str, str]]:
    """Yield the rows of the table: subject, name, value, before, limit, verdict."""
    kept = {item["name"]: item["value"] for item in load(subject).get("figures", [])}
    for figure in figures:
        before = kept.get(figure.name)
        verdict = judge(figure, before, comparable=comparable)
        value = f"{number(figure.value)} {figure.unit}"
        yield subject, figure.name, value, number(before), number(figure.limit), verdict


def print_table(table: list[tuple[str, ...]]) -> None:
    """Print the rows in columns as wide as their longest word."""
    head = ("subject", "figure", "now", "before", "limit", "verdict")
    widths = [max(len(row[column]) for row in [head, *table]) for column in range(len(head))]
    for row in [head, tuple("-" * width for width in widths), *table]:
        print(
            "  ".join(word.ljust(width) for word, width in zip(row, widths, strict=True)).rstrip()
        )


def main(arguments: list[str]) -> int:
    """Run, print, keep; return 0 when no figure is worse than it may be."""
    parser = argparse.ArgumentParser(prog="make bench", description="Run the benchmarks.")
    parser.add_argument("words", nargs="*", help="parts of subject names; none means all")
    parser.add_argument("--save", action="store_true", help="keep the figures in bench/results")
    parser.add_argument("--quick", action="store_true", help="smaller sizes, for a first look")
    chosen = parser.parse_args(arguments)
    names = subjects(chosen.words)
    if not names:
        print(f"No benchmark is named like {' '.join(chosen.words)}", file=sys.stderr)
        return 2
    table: list[tuple[str, ...]] = []
    for subject in names:
        print(f"measuring {subject} …", file=sys.stderr, flush=True)
        figures = measure(subject, quick=chosen.quick)
        same_cores = load(subject).get("machine", {}).get("cores") == machine()["cores"]
        table += rows(subject, figures, comparable=same_cores and not chosen.quick)
        if chosen.save and not chosen.quick:
            save(subject, figures)
    print_table(table)
    return int(any(row[-1] != "ok" for row in table))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
