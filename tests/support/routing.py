"""Routes are compiled once for all applications of a test run, their address builders when used.

Every test has an application of its own, and Werkzeug compiles a pattern and two functions for each
of several hundred routes when they are added: over a tenth of a second a test, always with the same
result.
"""

from dataclasses import dataclass
from typing import Any

from werkzeug.routing import Rule

_compile = Rule.compile
_compile_builder = Rule._compile_builder


@dataclass(frozen=True)
class _Compiled:
    """What Werkzeug's `compile` leaves in a rule; nothing in it belongs to one application."""

    parts: Any
    trace: Any
    converters: Any
    arguments: frozenset[str]


_known: dict[tuple[object, ...], _Compiled] = {}


def _compile_once(rule: Rule) -> None:
    defaults = repr(sorted((rule.defaults or {}).items()))
    key = (rule.rule, rule.host, rule.subdomain, rule.merge_slashes, rule.alias, defaults)
    known = _known.get(key)
    if known is None:
        _compile(rule)
        _known[key] = _Compiled(
            rule._parts, rule._trace, rule._converters, frozenset(rule.arguments)
        )
        return
    rule._parts, rule._trace = known.parts, known.trace
    rule._converters, rule.arguments = known.converters, set(known.arguments)
    rule._build = rule._compile_builder(False).__get__(rule, None)
    rule._build_unknown = rule._compile_builder(True).__get__(rule, None)


def _build_lazily(rule: Rule, append_unknown: bool = True) -> Any:
    made: list[Any] = []

    def build(own: Rule, **values: Any) -> Any:
        if not made:
            made.append(_compile_builder(rule, append_unknown))
        return made[0](own, **values)

    return build


def install() -> None:
    """Put the change in place; calling again changes nothing."""
    Rule.compile = _compile_once  # type: ignore[method-assign]
    Rule._compile_builder = _build_lazily  # type: ignore[method-assign]
