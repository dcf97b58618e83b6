"""The kinds of jobs: packages put their functions here with a decorator at import."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from sqlalchemy.orm import Session

from app.core.i18n import Message
from app.core.jobs.models import ItemState, Job, JobItem

if TYPE_CHECKING:
    from app.core.jobs.context import JobContext

Run = Callable[["JobContext"], dict[str, Any] | None]
Finish = Callable[[Session, Job], dict[str, Any] | None]


@dataclass(frozen=True)
class ItemOutcome:
    """What became of an item: `done`, `skipped` or `failed`, a sentence, and facts to keep."""

    state: str
    message: Message | None = None
    data: dict[str, Any] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if self.state not in (ItemState.DONE, ItemState.SKIPPED, ItemState.FAILED):
            raise ValueError(f"an item cannot end as {self.state!r}")


RunItem = Callable[[Session, Job, JobItem], ItemOutcome]
Prepare = Callable[[Session, int, int], None]


@dataclass(frozen=True)
class JobKind:
    """A job that is one function; it opens its own transactions through its context."""

    name: str
    run: Run
    timeout: int


@dataclass(frozen=True)
class ItemJobKind:
    """A job of many items, each in a transaction of its own."""

    name: str
    run_item: RunItem
    finish: Finish | None
    timeout: int
    prepare: Prepare | None = None


_kinds: dict[str, JobKind | ItemJobKind] = {}


def job_kind(name: str, *, timeout: int = 3600) -> Callable[[Run], Run]:
    """Register the function as the work of a kind of job.

    The function may be started again after a crash: it must be safe to run twice, so it reads
    what was done already, or does everything in one `context.transaction()`. It returns the
    result: `file_id` (report to download), `url` with `url_label`, `message`, `counts` (label to
    number) and `rows` (`key`, `state`, `message`) are shown by the page of the job.

    Args:
        name: `area.verb`, e.g. `skills.import`.
        timeout: seconds after which a run is stopped.
    """

    def register(run: Run) -> Run:
        _add(JobKind(name, run, timeout))
        return run

    return register


def item_job_kind(
    name: str,
    *,
    finish: Finish | None = None,
    timeout: int = 120,
    prepare: Prepare | None = None,
) -> Callable[[RunItem], RunItem]:
    """Register the function as the work on one item of a kind of job.

    It runs in a transaction that also settles the item, so that its effect and the record of it
    are kept together or not at all. A DomainError fails the item; any other exception lets it be
    tried again, three times in all.

    Args:
        name: `area.verb`, e.g. `certificates.issue`.
        finish: runs once after the last item, in the transaction that ends the job; its dict
            becomes the result (keys as for `job_kind`).
        timeout: seconds after which one item is stopped.
        prepare: runs before the transaction of each item with a session to read by, the number of
            the job and of the item. What takes long and writes nothing belongs here: nobody waits
            for a lock meanwhile. It may be repeated; its exceptions count as the item's.
    """

    def register(run_item: RunItem) -> RunItem:
        _add(ItemJobKind(name, run_item, finish, timeout, prepare))
        return run_item

    return register


def _add(kind: JobKind | ItemJobKind) -> None:
    known = _kinds.get(kind.name)
    if known is not None and _origin(known) != _origin(kind):
        raise ValueError(f"the job kind {kind.name!r} is registered twice")
    _kinds[kind.name] = kind


def _origin(kind: JobKind | ItemJobKind) -> tuple[str, str]:
    work = kind.run if isinstance(kind, JobKind) else kind.run_item
    return work.__module__, work.__qualname__


def find(name: str) -> JobKind | ItemJobKind:
    """Return the kind of that name.

    Raises:
        LookupError: no imported module registers it.
    """
    if name not in _kinds:
        raise LookupError(f"no module registers the job kind {name!r}")
    return _kinds[name]
