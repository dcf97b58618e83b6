"""How many generated cases a test on the database runs through."""

from tests.support.database import backend

_FEWEST = 4


def examples(count: int) -> int:
    """Return how many cases to generate: all on SQLite, a third on the second database.

    The cases explore a rule, and the rule is the same; that PostgreSQL runs its statements alike
    shows after a few.
    """
    return count if backend() == "sqlite" else max(_FEWEST, count // 3)
