"""What each kind of import does in its dry run, its write and its undo."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from skills.models import ImportBatch

Pass = Callable[..., Any]  # (run, *, batch_id)


@dataclass(frozen=True)
class ImportPasses:
    """The passes of a kind, the title of its job and where its batches are seen.

    Args:
        title: sentence with `%(name)s`, the file. url: with `%(id)s`, the batch.
    """

    check: Pass
    apply: Pass
    undo: Pass
    title: str
    url: str


_passes: dict[str, ImportPasses] = {}


def register_passes(kind: str, passes: ImportPasses) -> None:
    """Put the passes of a kind in their place."""
    _passes[str(kind)] = passes


def passes_of(batch: ImportBatch) -> ImportPasses:
    """Return the passes of a batch's kind."""
    return _passes[str(batch.kind)]
