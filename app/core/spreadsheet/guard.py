"""The apostrophe that keeps a spreadsheet from running a CSV cell as a formula, and its removal."""

# Full-width signs count because spreadsheets fold them to the plain ones.
DANGEROUS_STARTS = frozenset("=+-@\t\r\n＝＋－＠")


def guard_cell(value: str) -> str:
    """Return the text with an apostrophe before a start that a spreadsheet would execute.

    A text that already looks guarded gets one more apostrophe, so that `unguard_cell`
    restores every value exactly.
    """
    if value.lstrip("'")[:1] in DANGEROUS_STARTS:
        return "'" + value
    return value


def unguard_cell(value: str) -> str:
    """Return the text that `guard_cell` was given."""
    if value.startswith("'") and value.lstrip("'")[:1] in DANGEROUS_STARTS:
        return value[1:]
    return value
