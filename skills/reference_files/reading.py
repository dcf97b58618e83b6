"""Read a YAML or CSV file and turn its rows into frozen dataclasses, refusing what does not fit."""

import csv
import math
from collections.abc import Iterator, Mapping
from dataclasses import MISSING, dataclass, fields, is_dataclass
from datetime import date
from enum import StrEnum
from pathlib import Path
from types import MappingProxyType, UnionType
from typing import Any, TypeVar, Union, get_args, get_origin, get_type_hints

import yaml

from app.core.errors import DomainError
from app.core.i18n import N_, Message

T = TypeVar("T")
_BaseLoader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)  # libyaml is not everywhere
_FLAGS = {"1": True, "0": False}


class Confidence(StrEnum):
    """How sure a fact is; the words of every reference file."""

    CONFIRMED = "confirmed"
    SECONDARY = "secondary"
    NOT_CONFIRMED = "not_confirmed"
    LOCAL_DRAFT = "local_draft"


class ReferenceFileError(DomainError):
    """A reference file that cannot be used; names the file and the key."""

    def __init__(self, file: str, key: str, problem: Message | str) -> None:
        self.file = file
        self.key = key
        super().__init__(
            Message(
                N_("Berkas acuan %(file)s, %(key)s: %(problem)s"),
                {"file": file, "key": key, "problem": problem},
            )
        )


@dataclass(frozen=True)
class Row:
    """Raw values with the place they come from, for messages."""

    file: str
    key: str
    values: Mapping[Any, Any]

    def fail(self, text: str, *, at: str = "", **params: Any) -> ReferenceFileError:
        """Return the error that names this row, or the field `at` of it."""
        return ReferenceFileError(self.file, self._path(at), Message(text, params))

    def below(self, name: str, values: Any) -> "Row":
        """Return the nested mapping `name` as a row of its own."""
        if not isinstance(values, Mapping):
            raise self.fail(N_("harus berisi pasangan nama dan nilai"), at=name)
        return Row(self.file, self._path(name), values)

    def _path(self, name: str) -> str:
        return ".".join(part for part in (self.key, name) if part) or "-"


class _UniqueKeyLoader(_BaseLoader):
    """A safe loader that refuses a key written twice, which YAML would silently drop."""

    def construct_mapping(self, node: Any, deep: bool = False) -> dict[Any, Any]:
        names = [self.construct_object(key, deep=True) for key, _ in node.value]
        for name in names:
            if names.count(name) > 1:
                raise yaml.YAMLError(f"{name} x {names.count(name)}")
        result: dict[Any, Any] = super().construct_mapping(node, deep=deep)
        return result


def read_yaml(path: Path) -> Row:
    """Return the whole YAML file as one row.

    Raises:
        ReferenceFileError: the file is missing, is no YAML, or holds a key twice.
    """
    try:
        content = yaml.load(_text(path), Loader=_UniqueKeyLoader)
    except yaml.YAMLError as error:
        problem = Message(N_("tidak dapat dibaca (%(detail)s)"), {"detail": str(error)})
        raise ReferenceFileError(path.name, "YAML", problem) from error
    if not isinstance(content, dict):
        raise ReferenceFileError(path.name, "YAML", N_("harus berisi pasangan nama dan nilai"))
    return Row(path.name, "", content)


def read_csv(path: Path, kind: type[T]) -> tuple[T, ...]:
    """Return the rows of a CSV file with a header as dataclasses of `kind`.

    Raises:
        ReferenceFileError: the file is missing or empty, or a cell does not fit its field.
    """
    rows = [
        Row(path.name, f"baris {number}", values)
        for number, values in enumerate(csv.DictReader(_text(path).splitlines()), start=2)
    ]
    if not rows:
        raise ReferenceFileError(path.name, "baris 1", N_("tidak berisi data"))
    for row in rows:
        if None in row.values or None in row.values.values():
            raise row.fail(N_("jumlah kolom tidak sama dengan kepala tabel"))
    return tuple(decode(kind, row) for row in rows)


def items(row: Row, name: str) -> Iterator[Row]:
    """Yield the mappings of the list `name`, each labelled by its code or its place."""
    content = row.values.get(name)
    if not isinstance(content, list) or not content:
        raise row.fail(N_("harus berupa daftar yang berisi"), at=name)
    for place, values in enumerate(content, start=1):
        label = values.get("code", place) if isinstance(values, Mapping) else place
        yield row.below(f"{name}[{label}]", values)


def decode(kind: type[T], row: Row) -> T:
    """Build the dataclass `kind` from a row; its annotations are the schema.

    Raises:
        ReferenceFileError: a field is missing, unknown, or of the wrong type.
    """
    hints = get_type_hints(kind)
    for name in row.values:
        if name not in hints:
            raise row.fail(N_("kolom ini tidak dikenal"), at=str(name))
    values = {}
    for item in fields(kind):  # type: ignore[arg-type]
        raw = row.values.get(item.name)
        if raw not in (None, "", [], {}):
            values[item.name] = _convert(hints[item.name], raw, row, item.name)
        elif item.default is MISSING:
            raise row.fail(N_("belum diisi"), at=item.name)
    return kind(**values)


def unique(rows: tuple[T, ...], name: str, *, file: str) -> tuple[T, ...]:
    """Return the rows unchanged when no value of the field `name` occurs twice.

    Raises:
        ReferenceFileError: a value occurs twice.
    """
    seen = set()
    for row in rows:
        value = getattr(row, name)
        if value in seen:
            raise ReferenceFileError(file, str(value), N_("tercantum lebih dari sekali"))
        seen.add(value)
    return rows


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        problem = Message(N_("tidak dapat dibaca (%(detail)s)"), {"detail": str(error)})
        raise ReferenceFileError(path.name, "-", problem) from error


def _convert(hint: Any, raw: Any, row: Row, name: str) -> Any:
    origin, inner = get_origin(hint), get_args(hint)
    if origin in (Union, UnionType):
        return _convert(next(part for part in inner if part is not type(None)), raw, row, name)
    if origin is tuple:
        return _convert_list(inner[0], raw, row, name)
    if origin is not None:
        nested = row.below(name, raw)
        pairs = {
            _convert(inner[0], key, nested, str(key)): _convert(inner[1], value, nested, str(key))
            for key, value in nested.values.items()
        }
        return MappingProxyType(pairs)
    if is_dataclass(hint):
        return decode(hint, row.below(name, raw))  # type: ignore[arg-type]
    return _convert_single(hint, raw, row, name)


def _convert_list(hint: Any, raw: Any, row: Row, name: str) -> tuple[Any, ...]:
    if is_dataclass(hint):
        return tuple(decode(hint, item) for item in items(row, name))  # type: ignore[arg-type]
    parts = raw.split("|") if isinstance(raw, str) else raw  # a CSV cell separates by a bar
    if not isinstance(parts, list):
        raise row.fail(N_("harus berupa daftar yang berisi"), at=name)
    return tuple(_convert(hint, part, row, name) for part in parts)


def _convert_single(hint: Any, raw: Any, row: Row, name: str) -> Any:
    try:
        return _value(hint, raw)
    except (ValueError, KeyError) as error:
        problem = N_("nilai %(value)s tidak sesuai")
        raise row.fail(problem, at=name, value=repr(raw)) from error


def _value(hint: Any, raw: Any) -> Any:
    if hint is bool:
        return raw if isinstance(raw, bool) else _FLAGS[str(raw)]
    if hint is str:  # never from a number: an unquoted 017 would have lost its zero
        return _filled(raw)
    if hint is date:
        return raw if isinstance(raw, date) else date.fromisoformat(_filled(raw))
    if issubclass(hint, StrEnum):
        return hint(_filled(raw))
    if isinstance(raw, bool) or (hint is int and isinstance(raw, float)):
        raise ValueError(raw)  # 2.5 is no level
    number = hint(raw) if isinstance(raw, str | int | float) else math.nan
    if not math.isfinite(number):
        raise ValueError(raw)
    return number


def _filled(raw: Any) -> str:
    if not isinstance(raw, str) or not raw.strip():
        raise ValueError(raw)
    return raw.strip()
