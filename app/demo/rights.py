"""Consents to the search of portfolios, and contests of data in every state."""

from collections.abc import Mapping
from datetime import date, timedelta
from random import Random
from typing import Any

from app.core.accounts import notice
from app.core.actor import RoleName
from app.demo.accounts import SignIn
from app.demo.city import City
from app.demo.words import words
from app.demo.writing import insert_rows
from skills.models import Consent, DataContest, PortfolioItem
from skills.services.rights import PURPOSES, contest_kinds

_WILLING = 0.85  # of those who show a portfolio
_OPEN, _ANSWERED = 7, 5


def write_rights(city: City, sign_ins: Mapping[RoleName, SignIn]) -> dict[str, int]:
    """Write consents and contests; return counts.

    The employee who can sign in has not been asked for consent yet, and has a contest of each kind.
    """
    known = sign_ins[RoleName.EMPLOYEE].person
    own = city.employee_id(known) if known else 0
    return {
        "consent": insert_rows(city.session, Consent, _consents(city, own)),
        "contest": insert_rows(
            city.session, DataContest, _contests(city, own, sign_ins[RoleName.OFFICER])
        ),
    }


def _consents(city: City, own: int) -> list[dict[str, Any]]:
    rng = city.rng("consents")
    owners = city.session.query(PortfolioItem.employee_id).distinct()
    moment = city.at(city.days_ago(30))
    return [
        {
            "employee_id": employee_id,
            "purpose": PURPOSES[0],
            "notice_version": notice.VERSION,
            "given_at": moment,
            "withdrawn_at": None,
        }
        for (employee_id,) in owners.order_by(PortfolioItem.employee_id)
        if rng.random() < _WILLING and employee_id != own
    ]


def _contests(city: City, own: int, officer: SignIn) -> list[dict[str, Any]]:
    rng = city.rng("contests")
    days = {row["code"]: int(row["answer_days"]) for row in contest_kinds(city.session)}
    texts = words("contests")["contests"]
    people = [city.employee_id(person) for person in rng.sample(city.people, k=_OPEN + _ANSWERED)]
    people[0] = people[-1] = own or people[0]
    rows = []
    for place, employee_id in enumerate(people):
        text = texts[place % len(texts)]
        ago = (2, 16, 13, 5, 9, 1, 11)[place] if place < _OPEN else rng.randint(20, 90)
        filed = city.days_ago(ago)
        row = _row(city, text, employee_id, filed, days[text["kind"]])
        if place >= _OPEN:
            row |= _answer(city, rng, text, officer, filed)
        rows.append(row)
    return rows


def _row(
    city: City, text: Mapping[str, str], employee_id: int, filed: date, days: int
) -> dict[str, Any]:
    return {
        "employee_id": employee_id,
        "kind": text["kind"],
        "subject": text["subject"],
        "statement": text["statement"],
        "level_record_id": None,
        "state": "open",
        "filed_at": city.at(filed, 12),
        "due_on": filed + timedelta(days=days),
        "answer": "",
        "answered_at": None,
        "answered_by_id": None,
        "answered_by_label": "",
        "version": 1,
    }


def _answer(
    city: City, rng: Random, text: Mapping[str, str], officer: SignIn, filed: date
) -> dict[str, Any]:
    return {
        "state": text["outcome"],
        "answer": text["answer"],
        "answered_at": city.at(filed + timedelta(days=rng.randint(1, 12)), 12),
        "answered_by_id": officer.account.id,
        "answered_by_label": officer.account.name,
        "version": 2,
    }
