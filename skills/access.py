"""Predicates of this package for the policy."""


def register() -> None:
    """Put the predicates into the policy."""
