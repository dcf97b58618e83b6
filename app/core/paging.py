"""One page of a SELECT, in an order from an allow-list, or all of its rows as a stream."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

_CHUNK = 1000


@dataclass(frozen=True)
class Listing:
    """A page of a list, as the components `data_table` and `pagination` take it."""

    rows: list[Any]
    page: int
    per_page: int
    total: int
    sort: str

    @property
    def items(self) -> list[Any]:
        """The rows under the name that Flask-SQLAlchemy uses."""
        return self.rows

    @property
    def pages(self) -> int:
        """Number of pages, at least one."""
        return max(1, -(-self.total // self.per_page))


def page_of(
    session: Session,
    statement: Select[Any],
    *,
    sorts: Mapping[str, Any],
    sort: str,
    page: int,
    per_page: int,
) -> Listing:
    """Return a page of a statement: two statements. A page past the end is the last one.

    Rows are objects where the statement selects one thing, named tuples otherwise.
    """
    total = total_of(session, statement)
    number = min(max(1, page), max(1, -(-total // per_page)))
    wanted = ordered(statement, sorts, sort).limit(per_page).offset((number - 1) * per_page)
    if _is_single(statement):
        rows = list(session.scalars(wanted).unique())
    else:
        rows = list(session.execute(wanted))
    return Listing(rows, number, per_page, total, sort)


def total_of(session: Session, statement: Select[Any]) -> int:
    """Return how many rows a statement has."""
    counted = select(func.count()).select_from(statement.order_by(None).subquery())
    return session.scalar(counted) or 0


def ordered(statement: Select[Any], sorts: Mapping[str, Any], sort: str) -> Select[Any]:
    """Return the statement in the order `sort`, unknown values last, ties in a fixed order.

    Args:
        sorts: name to column (or tuple of columns).
        sort: one of the names; `-` in front: descending.
    """
    chosen = sorts[sort.removeprefix("-")]
    columns = list(chosen) if isinstance(chosen, tuple | list) else [chosen]
    way = "desc" if sort.startswith("-") else "asc"
    # The first selected key settles ties, so that no row is on two pages.
    keys = [
        column for column in statement.selected_columns if getattr(column, "primary_key", False)
    ]
    return statement.order_by(
        *(getattr(column, way)().nulls_last() for column in columns), *keys[:1]
    )


def stream(session: Session, statement: Select[Any]) -> Iterator[Any]:
    """Yield the rows of a statement without holding them all."""
    result = session.execute(statement.execution_options(yield_per=_CHUNK))
    yield from result.scalars() if _is_single(statement) else result


def _is_single(statement: Select[Any]) -> bool:
    return len(statement.column_descriptions) == 1
