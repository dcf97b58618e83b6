"""Address builders of routes are compiled when an address is first built.

Every test has an application of its own, and Werkzeug compiles two functions for each of several
hundred routes when they are added: over a tenth of a second a test, for addresses it never builds.
"""

from typing import Any

from werkzeug.routing import Rule

_compile_builder = Rule._compile_builder


def _lazily(rule: Rule, append_unknown: bool = True) -> Any:
    made: list[Any] = []

    def build(own: Rule, **values: Any) -> Any:
        if not made:
            made.append(_compile_builder(rule, append_unknown))
        return made[0](own, **values)

    return build


def install() -> None:
    """Put the change in place; calling again changes nothing."""
    Rule._compile_builder = _lazily  # type: ignore[method-assign]
