"""The process that parses a workbook and may die of it; started by `reader`, never imported.

It imports nothing of ours and as little as possible of the rest: it must start in milliseconds.
Protocol on standard output, one JSON value a line: an object with the sheets, then one array a
row (a date is wrapped in an array of its ISO text), then an object with `rows` or `error`.
"""

import json
import resource
import sys
from typing import Any


def main(path: str, settings: dict[str, Any]) -> None:
    """Limit this process, then write the rows of one sheet to standard output."""
    _limit(settings["memory"], settings["cpu"])
    from python_calamine import CalamineError, CalamineWorkbook

    try:
        # Not from_path: that would choose the parser by the name's extension.
        with open(path, "rb") as stream, CalamineWorkbook.from_filelike(stream) as workbook:
            _emit(workbook, settings)
    except CalamineError as error:
        _say({"error": "unreadable", "detail": type(error).__name__})
    except MemoryError:
        _say({"error": "memory"})
    except _RefusalError as refusal:
        _say(refusal.args[0])


class _RefusalError(Exception):
    """Carries the closing object of a sheet that is not passed on."""


def _limit(memory: int, cpu: int) -> None:
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    resource.setrlimit(resource.RLIMIT_CPU, (cpu, cpu + 1))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))


def _say(value: Any) -> None:
    sys.stdout.write(json.dumps(value, ensure_ascii=False, separators=(",", ":")) + "\n")
    sys.stdout.flush()


def _emit(workbook: Any, settings: dict[str, Any]) -> None:
    sheets = [
        [meta.name, str(meta.visible).endswith(".Visible")]
        for meta in workbook.sheets_metadata
        if str(meta.typ).endswith(".WorkSheet")
    ]
    sheet, name = _choose(workbook, sheets, settings["sheet"])
    _say({"sheets": sheets, "sheet": name})
    if sheet is None:
        raise _RefusalError({"error": "empty" if name else "no_sheets"})
    rows = _write_rows(sheet, settings)
    _say({"rows": rows})


def _choose(workbook: Any, sheets: list[list[Any]], wanted: str | None) -> tuple[Any, str]:
    """Return the named sheet, or the first visible one that has a cell."""
    if wanted is not None and wanted not in [name for name, _ in sheets]:
        raise _RefusalError({"error": "no_sheet", "sheet": wanted})
    names = [wanted] if wanted is not None else [name for name, visible in sheets if visible]
    for name in names:
        sheet = workbook.get_sheet_by_name(name)
        if sheet.start is not None:
            return sheet, name
    return None, names[0] if names else ""


def _write_rows(sheet: Any, settings: dict[str, Any]) -> int:
    """Write the rows from the first to the last with content and return how many."""
    left = sheet.start[1]
    if left + sheet.width > settings["columns"]:
        raise _RefusalError({"error": "columns", "count": left + sheet.width})
    encode = json.JSONEncoder(
        ensure_ascii=False, separators=(",", ":"), default=lambda moment: [moment.isoformat()]
    ).encode
    write, padding, blank = sys.stdout.write, [""] * left, 0
    number = written = 0
    for number, row in enumerate(sheet.iter_rows(), start=1):
        if not any(cell != "" for cell in row):
            blank += 1
            continue
        if number > settings["rows"]:
            raise _RefusalError({"error": "rows"})
        line = encode(padding + row)
        written += len(line)
        if len(line) > settings["cell"]:
            _check_long_row(row, line, number, left, settings)
        if written > settings["table"]:
            raise _RefusalError({"error": "table", "row": number})
        write("[]\n" * blank)
        write(line + "\n")
        blank = 0
    return number - blank


def _check_long_row(
    row: list[Any], line: str, number: int, left: int, settings: dict[str, Any]
) -> None:
    for column, cell in enumerate(row, start=left + 1):
        if isinstance(cell, str) and len(cell) > settings["cell"]:
            raise _RefusalError({"error": "cell", "row": number, "column": column})
    if len(line) > settings["row"]:
        raise _RefusalError({"error": "row", "row": number})


if __name__ == "__main__":
    sys.stdout.reconfigure(encoding="utf-8", newline="\n")  # type: ignore[union-attr]
    main(sys.argv[1], json.loads(sys.argv[2]))
