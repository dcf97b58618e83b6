"""The abbreviations that an officer maintains, in versions, and the lexicon they make."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from sqlalchemy.orm import Session

from app.core.actor import Actor
from app.core.audit import record
from app.core.errors import Conflict, InvalidInput, NotFound
from app.core.i18n import N_
from matching.services.reference_sets import (
    Rows,
    add_version,
    checksum_of,
    rows_in_force,
    shipped_rows,
    versions,
)
from matching.text import Lexicon, build_lexicon, tokens
from skills.models import ReferenceSet

CODE = "abbreviations"
LONGEST_SHORT, LONGEST_FULL = 30, 200
_NAME = "Singkatan"
_Pairs = tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Abbreviation:
    """A short form with what it stands for in both languages."""

    short: str
    indonesian: str
    english: str

    @property
    def key(self) -> str:
        """The short form as letters and digits alone."""
        return self.short.encode().hex()


def abbreviations(session: Session) -> Sequence[Abbreviation]:
    """Return the table in force, by short form."""
    rows = rows_in_force(session, CODE)
    found = [Abbreviation(r["abbreviation"], r["indonesian"], r.get("english", "")) for r in rows]
    return sorted(found, key=lambda row: row.short)


def lexicon_in_force(session: Session) -> Lexicon:
    """Return glossary and abbreviations as the model reads them."""
    rows = rows_in_force(session, CODE)
    return _lexicon(tuple((row["abbreviation"], row["indonesian"]) for row in rows))


def lexicon_version(session: Session) -> tuple[int, str]:
    """Return the number (0 = as shipped) and the checksum of the table in force."""
    known = versions(session, CODE)
    return (known[0].version, known[0].checksum) if known else (0, checksum_of(shipped_rows(CODE)))


@lru_cache(maxsize=4)
def _lexicon(pairs: _Pairs) -> Lexicon:
    glossary = [(r["concept"], r["english"], r["indonesian"]) for r in shipped_rows("glossary")]
    return build_lexicon(glossary, pairs)


def put_abbreviation(
    session: Session,
    *,
    actor: Actor,
    short: str,
    indonesian: str,
    english: str = "",
    expected_version: int | None = None,
) -> ReferenceSet:
    """Add or replace an abbreviation as a new version of the table.

    Raises:
        InvalidInput: nothing written, too long, or more than two words.
        Conflict: somebody added a version since the page was shown, or nothing would change.
    """
    row = _checked(short, indonesian, english)
    before = {item.short: item for item in abbreviations(session)}
    if before.get(row.short) == row:
        raise Conflict(N_("Singkatan ini sudah tercantum persis seperti itu."), field="short")
    after = {**before, row.short: row}
    tag = "matching:abbreviation:replace" if row.short in before else "matching:abbreviation:add"
    return _keep(session, actor, after, expected_version, tag, row)


def drop_abbreviation(
    session: Session, *, actor: Actor, short: str, expected_version: int | None = None
) -> ReferenceSet:
    """Take an abbreviation out as a new version of the table.

    Raises:
        NotFound: it is not in the table.
        Conflict: as `put_abbreviation`.
    """
    after = {item.short: item for item in abbreviations(session)}
    row = after.pop(short, None)
    if row is None:
        raise NotFound
    return _keep(session, actor, after, expected_version, "matching:abbreviation:drop", row)


def restore_version(session: Session, *, actor: Actor, number: int) -> ReferenceSet:
    """Put an older version of the table in force again, as a new version.

    Raises:
        NotFound: there is no such version.
        Conflict: it is the one in force.
    """
    known = {row.version: row for row in versions(session, CODE)}
    if number not in known:
        raise NotFound
    if number == max(known):
        raise Conflict(N_("Versi ini sedang berlaku."))
    rows = [{key: str(value) for key, value in row.items()} for row in known[number].rows]
    fresh = add_version(session, CODE, rows, name=_NAME, source=actor.label)
    record(session, "matching:abbreviation:restore", fresh, version=number)
    return fresh


def _checked(short: str, indonesian: str, english: str) -> Abbreviation:
    key, full, other = short.strip().lower(), indonesian.strip(), english.strip()
    if not key or len(key) > LONGEST_SHORT or not 1 <= len(tokens(key)) <= 2:
        raise InvalidInput(
            N_("Tulis singkatan satu atau dua kata, paling panjang 30 huruf."), field="short"
        )
    if not tokens(full) or len(full) > LONGEST_FULL:
        raise InvalidInput(
            N_("Tulis kepanjangannya, paling panjang 200 huruf."), field="indonesian"
        )
    if len(other) > LONGEST_FULL:
        raise InvalidInput(N_("Tulis paling panjang 200 huruf."), field="english")
    return Abbreviation(key, full, other)


def _keep(
    session: Session,
    actor: Actor,
    table: Mapping[str, Abbreviation],
    expected: int | None,
    tag: str,
    row: Abbreviation,
) -> ReferenceSet:
    if expected is not None and expected != lexicon_version(session)[0]:
        raise Conflict(N_("Tabel singkatan baru saja diubah. Muat ulang halaman lalu ulangi."))
    rows: Rows = [
        {"abbreviation": item.short, "indonesian": item.indonesian, "english": item.english}
        for item in sorted(table.values(), key=lambda item: item.short)
    ]
    fresh = add_version(session, CODE, rows, name=_NAME, source=actor.label)
    record(session, tag, fresh, short=row.short, indonesian=row.indonesian, english=row.english)
    return fresh


def table_versions(session: Session) -> Sequence[ReferenceSet]:
    """Return the versions of the table, the newest first."""
    return versions(session, CODE)
