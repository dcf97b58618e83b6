"""What people brought from elsewhere: languages and certificates, waiting, verified or returned."""

from collections.abc import Mapping
from datetime import timedelta
from random import Random
from typing import Any

from app.core.actor import SYSTEM, RoleName
from app.demo.accounts import SignIn
from app.demo.city import City
from app.demo.evidence import draw_evidence, store_evidence
from app.demo.people import Person
from app.demo.trainings import certificate_number
from app.demo.words import words
from app.demo.writing import insert_rows
from skills.enums import EmploymentState
from skills.models import OutsideRecord
from skills.services.outside import PURPOSE

_WAITING, _VERIFIED, _RETURNED = 14, 30, 4
_STATES = ["sent"] * _WAITING + ["verified"] * _VERIFIED + ["returned"] * _RETURNED
_MONTHS = 24  # validity of a test of a language in the demonstration


def write_outside(city: City, sign_ins: Mapping[RoleName, SignIn]) -> dict[str, int]:
    """Write them; a verified one is a language, the employee who signs in has one and a draft."""
    rng = city.rng("outside")
    files = draw_evidence(city)
    known = sign_ins[RoleName.EMPLOYEE].person
    leader = sign_ins[RoleName.SUPERVISOR].person
    team = [person for person in city.people if person.supervisor is leader][:2]
    able = [person for person in city.people if person.state is EmploymentState.ACTIVE]
    people = [*team, *rng.sample(able, k=len(_STATES) - len(team))]
    wishes = [(known, "verified"), (known, "draft"), *zip(people, _STATES, strict=True)]
    officer = sign_ins[RoleName.OFFICER]
    rows = []
    for place, (person, state) in enumerate(wishes):
        row = _row(
            rng,
            city,
            person,
            state,
            language=state == "verified" or place % 2 == 0,
            officer=officer,
        )
        row["file_id"] = store_evidence(
            city.session,
            rng,
            files,
            employee_id=city.employee_id(person),
            actor=SYSTEM,
            purpose=PURPOSE,
        )
        rows.append(row)
    return {"record from elsewhere": insert_rows(city.session, OutsideRecord, rows)}


def _row(
    rng: Random, city: City, person: Person, state: str, *, language: bool, officer: SignIn
) -> dict[str, Any]:
    sent = city.days_ago(rng.randint(2, 40))
    ended = sent - timedelta(days=rng.randint(20, 600))
    decided = state in ("verified", "returned")
    course = rng.choice(words("trainings")["courses"])
    kind = "general" if course["kind"] == "entry" else course["kind"]
    organiser = rng.choice(words("trainings")["organisers"][kind])
    return {
        "employee_id": city.employee_id(person),
        "kind": "language" if language else "certificate",
        "title": "Ujian kecakapan bahasa" if language else course["title"],
        "language": rng.choice(("en", "en", "zh", "ar", "dayak")) if language else None,
        "language_level": rng.choice(("A2", "B1", "B1", "B2", "C1")) if language else None,
        "organiser": "Lembaga bahasa contoh" if language else organiser,
        "number": certificate_number(rng, organiser, ended),
        "started_on": None,
        "ended_on": ended,
        "valid_until": sent + timedelta(days=30 * _MONTHS) if language else None,
        "note": "",
        "state": state,
        "created_at": city.at(sent, 9),
        "sent_at": city.at(sent, 10) if state != "draft" else None,
        "decided_at": city.at(sent + timedelta(days=1), 11) if decided else None,
        "decided_by_id": officer.account.id if decided else None,
        "decided_by_label": officer.account.name if decided else "",
        "answer": "Halaman nilai belum terlihat; pindai kembali." if state == "returned" else "",
        "record_id": None,
        "version": 1,
    }
