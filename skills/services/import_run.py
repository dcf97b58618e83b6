"""The two passes over a staff file: the dry run, and the write that repeats and compares it.

Both read the kept copy in chunks; a chunk is one transaction. A file of the usual size is one
chunk, so that it is written as a whole or not at all; a larger one goes on where it stopped.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from itertools import islice
from typing import Any, Protocol

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from app.core import clock
from app.core.actor import Actor
from app.core.audit import record
from app.core.db import transaction
from app.core.errors import DomainError, InvalidTransition
from app.core.i18n import N_, Message
from app.core.message_json import to_json
from skills.enums import ImportState
from skills.models import Employee, ImportBatch, ImportRow
from skills.services.import_files import mapping_of, rows_of
from skills.services.import_people import insert_rows, people_by_nip, write_plans
from skills.services.import_places import Place, Places
from skills.services.import_plan import GONE, Action, Plan, plan_row
from skills.siasn.problems import CellProblem, Severity
from skills.siasn.rows import ParsedRow, parse_rows

CHUNK = 5_000
_SHOWN_UNKNOWN = 200
_CHANGED = N_(
    "Data pegawai ini berubah sejak uji coba, jadi baris ini tidak diterapkan. Periksa lalu impor "
    "ulang."
)


class Run(Protocol):
    """How a pass is run: as a job, or directly from the command line."""

    def transaction(self) -> AbstractContextManager[Session]:
        """Open a transaction of the actor."""

    def progress(self, done: int, total: int | None = None) -> None:
        """Note how far it is."""

    def raise_if_cancelled(self) -> None:
        """Stop here when somebody asked for it."""


class DirectRun:
    """A run without a job; `tell` hears of the progress."""

    def __init__(
        self, actor: Actor, tell: Callable[[int, int | None], None] = lambda done, total: None
    ) -> None:
        self.actor = actor
        self.tell = tell

    @contextmanager
    def transaction(self) -> Iterator[Session]:
        """Open a transaction of the actor."""
        with transaction(self.actor) as session:
            yield session

    def progress(self, done: int, total: int | None = None) -> None:
        """Pass the numbers on."""
        self.tell(done, total)

    def raise_if_cancelled(self) -> None:
        """Do nothing: a command is stopped by its terminal."""


def check_file(run: Run, *, batch_id: int) -> None:
    """Do the dry run of a batch: what every row would do, and what is unknown or missing.

    Raises:
        InvalidTransition: the batch is past that step.
        SpreadsheetError: a row of the file cannot be read; the batch is then `failed`.
    """
    with run.transaction() as session:
        batch = session.get_one(ImportBatch, batch_id)
        if batch.state not in (ImportState.MAPPED, ImportState.CHECKED):
            raise InvalidTransition(N_("Impor ini sudah diterapkan atau dibatalkan."))
        session.execute(delete(ImportRow).where(ImportRow.batch_id == batch_id))
        work = _Pass(session, batch, create=False)
    with failing(run, batch_id):
        for chunk in work.chunks():
            with run.transaction() as session:
                plans = work.plan(session, chunk)
                insert_shown(session, [plan.as_row(batch_id) for plan in plans])
                run.progress(work.done, work.total)
            run.raise_if_cancelled()
    with run.transaction() as session:
        batch = session.get_one(ImportBatch, batch_id)
        missing = work.missing(session) if batch.is_full else []
        batch.summary = {**batch.summary, **work.figures(), "missing": missing}
        batch.state = ImportState.CHECKED
        record(session, "skills:import:check", batch, counts=work.counts)


def apply_file(run: Run, *, batch_id: int) -> None:
    """Write a batch; every row is worked out anew and left out if it differs from the dry run.

    Running it again after a break goes on with the first chunk that was not written.

    Raises:
        InvalidTransition: it was not confirmed.
    """
    with run.transaction() as session:
        batch = session.get_one(ImportBatch, batch_id)
        if batch.state != ImportState.RUNNING:
            raise InvalidTransition(N_("Impor ini belum dikonfirmasi atau sudah selesai."))
        work = _Pass(session, batch, create=True)
        work.resume(batch.summary.get("applied"))
    with failing(run, batch_id):
        for chunk in work.chunks():
            with run.transaction() as session:
                _apply_chunk(session, work, chunk, batch_id)
                run.progress(work.done, work.total)
            run.raise_if_cancelled()
    with run.transaction() as session:
        batch = session.get_one(ImportBatch, batch_id)
        batch.state, batch.applied_at = ImportState.APPLIED, clock.now()
        batch.summary = {**batch.summary, **work.figures(), "made": work.places.made}


def _apply_chunk(session: Session, work: "_Pass", chunk: list[ParsedRow], batch_id: int) -> None:
    first, last = chunk[0].row_number, chunk[-1].row_number
    batch = session.get_one(ImportBatch, batch_id)
    plans = work.plan(session, chunk, shown=shown_rows(session, batch_id, first, last))
    rows = write_plans(session, plans, batch_id=batch_id)
    session.execute(
        delete(ImportRow).where(
            ImportRow.batch_id == batch_id, ImportRow.number.between(first, last)
        )
    )
    insert_shown(session, rows)
    touched = [row["employee_id"] for row in rows if row["detail"] is not None]
    record(session, "skills:import:apply", batch, people=touched, first=first, last=last)
    applied = {"row": last, "counts": dict(work.counts), "made": work.places.made}
    batch.summary = {**batch.summary, "applied": applied}


def shown_rows(
    session: Session, batch_id: int, first: int, last: int
) -> dict[int, tuple[Any, ...]]:
    """Return what the dry run said about some rows, to be compared."""
    rows = session.execute(
        select(ImportRow.number, ImportRow.action, ImportRow.before, ImportRow.after).where(
            ImportRow.batch_id == batch_id, ImportRow.number.between(first, last)
        )
    )
    return {row.number: (row.action, row.before, row.after) for row in rows}


def insert_shown(session: Session, rows: Iterable[dict[str, Any]]) -> None:
    """Keep the rows of a pass that a person should see."""
    kept = [row for row in rows if row["action"] != Action.UNCHANGED.value or row["flagged"]]
    insert_rows(session, ImportRow, kept)


@contextmanager
def failing(run: Run, batch_id: int) -> Iterator[None]:
    """Mark the batch as failed, with the reason, when the file or the data refuse to go on."""
    try:
        yield
    except DomainError as error:
        with run.transaction() as session:
            batch = session.get_one(ImportBatch, batch_id)
            batch.state = ImportState.FAILED
            batch.summary = {**batch.summary, "error": to_json(error.message)}
        raise


class _Pass:
    """One pass over the file: chunks of parsed rows, their plans, and counts of what was found."""

    def __init__(self, session: Session, batch: ImportBatch, *, create: bool) -> None:
        self.mapping = mapping_of(batch)
        self.table = rows_of(session, batch)
        choices: Any = batch.mapping.get("opds", {})
        self.places = Places(choices=choices, create=create)
        self.places.load(session)
        self.total = int(str(batch.summary.get("rows", 0)))
        self.counts = {action.value: 0 for action in Action} | {"flagged": 0}
        self.done = 0
        self.seen: set[int] = set()
        self._after = 0

    def resume(self, applied: Any) -> None:
        """Start behind the last row that was written by an earlier run."""
        if applied:
            self._after = applied["row"]
            self.counts = dict(applied["counts"])
            self.places.made = {name: list(ids) for name, ids in applied["made"].items()}
            self.done = sum(self.counts[action.value] for action in Action)

    def chunks(self) -> Iterator[list[ParsedRow]]:
        """Yield the data rows in chunks."""
        rows = (
            row
            for row in parse_rows(self.table, self.mapping, today=clock.today())
            if row.row_number > self._after
        )
        while chunk := list(islice(rows, CHUNK)):
            yield chunk

    def plan(
        self,
        session: Session,
        chunk: list[ParsedRow],
        *,
        shown: Mapping[int, tuple[Any, ...]] | None = None,
    ) -> list[Plan]:
        """Return what the rows would do.

        Args:
            shown: what the dry run said; a row that now says something else becomes an error.
        """
        nips = [row.values["nip"] for row in chunk if row.values.get("nip")]
        self.seen.update(map(int, nips))
        people = people_by_nip(session, nips, lock=shown is not None)
        good = [row for row in chunk if row.is_ok]
        self.places.prepare(
            session,
            [
                {**row.values, "home": people.get(row.values["nip"], {}).get("opd_id")}
                for row in good
            ],
        )
        plans = [self._plan_one(row, people) for row in chunk]
        for plan in plans:
            if shown is not None:
                compare(plan, shown.get(plan.number))
            self.counts[plan.action.value] += 1
            self.counts["flagged"] += bool(plan.problems) and plan.action is not Action.ERROR
        self.done += len(chunk)
        return plans

    def _plan_one(self, row: ParsedRow, people: Mapping[str, dict[str, Any]]) -> Plan:
        values = row.values
        current = people.get(values.get("nip") or "")
        if not row.is_ok:
            label = values.get("name") or values.get("nip") or ""
            plan = Plan(row.row_number, Action.ERROR, label, values.get("nip"), list(row.problems))
            plan.current = current
            return plan
        home = current["opd_id"] if current else None
        place: Place = self.places.resolve(values, home)
        return plan_row(row, current, place)

    def figures(self) -> dict[str, Any]:
        """Return counts and what is unknown, for the summary of the batch."""
        unknown = sorted(self.places.unknown.items(), key=lambda item: -item[1]["rows"])
        return {
            "counts": self.counts,
            "unknown_opds": dict(unknown[:_SHOWN_UNKNOWN]),
            "new": {name: len(ids) for name, ids in self.places.made.items()},
        }

    def missing(self, session: Session) -> list[int]:
        """Return ids of the people in service whose NIP is not in the file."""
        rows = session.execute(
            select(Employee.id, Employee.nip)
            .where(Employee.employment_state.not_in(GONE))
            .order_by(Employee.id)
            .execution_options(yield_per=5_000)
        )
        return [person for person, nip in rows if int(nip) not in self.seen]


def compare(
    plan: Plan, said: tuple[Any, ...] | None, *, field: str = "nip", text: str = _CHANGED
) -> None:
    """Turn a row into an error where the dry run, which the person confirmed, said otherwise."""
    said = said or (Action.UNCHANGED.value, None, None)
    if plan.action is Action.UNCHANGED or plan.same_as_shown == said:
        return  # a row that was written meanwhile, by whoever, needs nothing
    if plan.action is Action.ERROR:
        return
    plan.action, plan.values = Action.ERROR, {}
    plan.problems.append(CellProblem(field, Severity.ERROR, Message(text)))
