"""Sign-ins of the demonstration: one of each kind, with random passwords, and their paper."""

import os
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy.orm import Session

from app.core.accounts import codes, grants, lifecycle, own
from app.core.accounts.models import Account, AccountState
from app.core.actor import SYSTEM, RoleName, ScopeKind
from app.demo.city import City
from app.demo.people import Person
from skills.enums import EmploymentKind, EmploymentState

R, S = RoleName, ScopeKind


@dataclass(frozen=True)
class Wish:
    """A sign-in to make: for which role, and among whom the person is sought."""

    role: RoleName
    scope: ScopeKind
    opd_codes: tuple[str, ...]
    positions: tuple[str, ...]  # codes of jabatan, the first that is found
    advice: str


WISHES = (
    Wish(
        R.EXECUTIVE, S.CITY, ("001",), ("SEKDA",), "coverage of the city, seats without a successor"
    ),
    Wish(
        R.OFFICER,
        S.CITY,
        ("022",),
        ("KABID", "SEKRETARIS"),
        "scout a vacant seat, shortlist, decide; staff import; dictionary and standards",
    ),
    Wish(
        R.ASSESSOR,
        S.CITY,
        ("022",),
        ("ASESOR-SDM", "KASUBBID"),
        "the queue of claims: accept, lower or return with a reason",
    ),
    Wish(
        R.ORGANISER,
        S.CITY,
        ("022",),
        ("ANALIS-SDM", "PRAKOM-MUDA"),
        "plan a session, enrol, attendance, results, certificates",
    ),
    Wish(
        R.OPD_MANAGER,
        S.OPD,
        ("011",),
        ("KASUBBAG-UMUM",),
        "staff of the own OPD, activation slips, supervisors",
    ),
    Wish(
        R.SUPERVISOR,
        S.UNIT,
        ("017",),
        ("KABID-TIK", "KABID-SANDI", "KADIS"),
        "profiles and claims of the own team",
    ),
    Wish(R.AUDITOR, S.CITY, ("003",), ("AUDITOR-MUDA", "AUDITOR-PERTAMA", "IRBAN"), "audit trail"),
    Wish(
        R.ADMIN,
        S.CITY,
        ("017", "012", "021"),
        ("PRAKOM-PERTAMA", "PRAKOM-TERAMPIL", "ANALIS-SI"),
        "accounts and roles, settings, background jobs",
    ),
    Wish(
        R.EMPLOYEE,
        S.SELF,
        ("021", "012", "022", "020", "011"),
        ("PRAKOM-PERTAMA", "ADM-KEPENDUDUKAN", "PENGELOLA-DATA", "ANALIS-SI"),
        "own profile, claims with evidence, gaps, enrolment in a course",
    ),
)


@dataclass(frozen=True)
class SignIn:
    """An account that was made, with the password told once."""

    role: RoleName
    person: Person
    account: Account
    password: str
    advice: str


def choose_people(people: Sequence[Person]) -> dict[RoleName, Person]:
    """Return a fitting person per role; nobody is chosen twice."""
    chosen: dict[RoleName, Person] = {}
    for wish in WISHES:
        free = [p for p in people if p not in chosen.values() and _can_sign_in(p)]
        chosen[wish.role] = next(iter(_candidates(wish, free)))
    return chosen


def _can_sign_in(person: Person) -> bool:
    lasting = person.kind is not EmploymentKind.CPNS
    return lasting and person.state is EmploymentState.ACTIVE


def _candidates(wish: Wish, people: Iterable[Person]) -> list[Person]:
    """Return the people of the wished OPD: wished positions first, other heads of units last."""

    def order(person: Person) -> tuple[int, int, int, int]:
        code, opd = person.post.entry.code, wish.opd_codes.index(person.opd_code)
        if code in wish.positions:
            return 0, wish.positions.index(code), opd, person.number
        return 1, int(person.post.heads), opd, person.number

    return sorted((p for p in people if p.opd_code in wish.opd_codes), key=order)


def make_accounts(
    city: City, *, new_password: Callable[[], str] = codes.new_code
) -> dict[RoleName, SignIn]:
    """Make the accounts with their roles; the passwords are random, whatever the seed."""
    made: dict[RoleName, SignIn] = {}
    chosen = choose_people(city.people)
    for wish in WISHES:
        made[wish.role] = _make(city, wish, chosen[wish.role], new_password())
    return made


def _make(city: City, wish: Wish, person: Person, password: str) -> SignIn:
    session: Session = city.session
    account = lifecycle.create_account(
        session,
        name=person.name,
        nip=person.nip,
        email=person.email,
        employee_id=city.employee_id(person),
    )
    account.state = AccountState.ACTIVE
    own.set_password(session, account=account, password=password)
    if wish.role is not R.EMPLOYEE:
        grant = grants.Wish(
            wish.role,
            wish.scope,
            opd_id=person.post.unit.opd.opd_id if wish.scope in (S.OPD, S.UNIT) else None,
            unit_id=city.unit_id(person) if wish.scope is S.UNIT else None,
        )
        grants.grant_role(session, account=account, wish=grant, by=SYSTEM)
    return SignIn(wish.role, person, account, password, wish.advice)


def write_paper(path: Path, sign_ins: Iterable[SignIn]) -> None:
    """Write the sign-ins as a table that only the owner of the file can read."""
    rows = [("ROLE", "NIP", "PASSWORD", "NAME", "WHAT TO TRY")]
    rows += [(s.role.value, s.person.nip, s.password, s.person.name, s.advice) for s in sign_ins]
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
    lines = [
        "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()
        for row in rows
    ]
    head = "Sign-ins of the demonstration city. Invented people; for this installation only.\n\n"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.unlink(missing_ok=True)  # an older file may be readable by others
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as handle:
        handle.write(head + "\n".join(lines) + "\n")
