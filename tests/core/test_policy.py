"""Every route asks the policy; every role meets exactly the doors it has keys for."""

import re
from collections.abc import Iterator

import pytest
from flask import Flask
from sqlalchemy.orm import Session
from werkzeug.routing import Rule

from app.core.accounts.grants import SCOPES
from app.core.actor import Actor, RoleName, ScopeKind
from app.core.permissions import Permission as P
from app.core.policy import may
from app.web.admin.specimens import specimen
from tests.factories.offices import make_opd, make_person, make_unit

# Who may open which door is no question of the database.
pytestmark = pytest.mark.sqlite_only

UNCHECKED_ON_PURPOSE = {"static"}
TALENT_DECISIONS = [
    P.CLAIM_VERIFY,
    P.SEAT_DECIDE,
    P.SEAT_SCOUT,
    P.CERTIFICATE_ISSUE,
    P.CERTIFICATE_REVOKE,
    P.SESSION_MANAGE,
    P.ROLE_MANAGE,
]
OWN = (P.CLAIM_EDIT, P.JOB_MANAGE)  # the own profile and own jobs are everybody's
CHANGES = [
    p for p in P if p.value.rpartition(":")[2] in ("manage", "edit", "issue", "decide", "verify")
]


def undeclared(app: Flask) -> set[str]:
    """Return the endpoints whose view says nothing of who may call it."""
    return {
        rule.endpoint
        for rule in app.url_map.iter_rules()
        if not hasattr(app.view_functions[rule.endpoint], "access")
    } - UNCHECKED_ON_PURPOSE


def guarded_rules(app: Flask) -> Iterator[tuple[Rule, P, str]]:
    """Yield each rule behind a permission, and an address of it that names nothing real."""
    for rule in app.url_map.iter_rules():
        access = getattr(app.view_functions[rule.endpoint], "access", "public")
        if access != "public":
            yield rule, P(access), re.sub(r"<([^>]+)>", _nothing_real, rule.rule)


def _nothing_real(place: re.Match[str]) -> str:
    """Return a value that the place accepts: one of its choices, or a number nobody has."""
    choices = re.match(r"any\(([^,)]+)", place[1])
    return choices[1] if choices else "999999"


def methods(rule: Rule) -> list[str]:
    """Return the methods that a rule answers itself."""
    return sorted((rule.methods or set()) - {"HEAD", "OPTIONS"})


def test_every_view_declares_its_access(app: Flask) -> None:
    assert undeclared(app) == set()


@pytest.mark.own_app
def test_a_view_without_access_is_caught(app: Flask) -> None:
    app.view_functions["planted"] = lambda: "open to all"
    app.url_map.add(Rule("/planted", endpoint="planted"))
    assert undeclared(app) == {"planted"}


def test_strangers_are_sent_to_sign_in(app: Flask, client) -> None:
    for rule, _permission, url in guarded_rules(app):
        for method in methods(rule):
            answer = client.open(url, method=method)
            place = answer.headers.get("Location", "")
            assert answer.status_code in (302, 303, 401), (method, url)
            assert answer.status_code == 401 or place.startswith("/masuk"), (method, url)


@pytest.mark.parametrize("role", list(RoleName))
def test_each_role_meets_its_own_doors(
    app: Flask, session: Session, client_as, monkeypatch: pytest.MonkeyPatch, role: RoleName
) -> None:
    # What a page says has its own tests; drawing 400 of them for each role would take minutes.
    monkeypatch.setattr("flask.templating._render", lambda *_page: "")
    client, actor = somebody(session, client_as, role)
    for rule, permission, url in guarded_rules(app):
        allowed = may(actor, permission)
        for method in methods(rule):
            if allowed and method != "GET":
                continue  # what an allowed change does is tested with its page
            answer = client.open(url, method=method)
            assert answer.status_code < 500, (method, url, answer.status_code)
            assert (answer.status_code == 403) is not allowed, (method, url, answer.status_code)


def somebody(session: Session, client_as, role: RoleName):
    """Return a client of the role, and its actor with the usual reach."""
    opd = make_opd(session)
    options = {"employee": make_person(session, opd)}
    if role is RoleName.OPD_MANAGER:
        options["opd_id"] = opd.id
    if role is RoleName.SUPERVISOR:
        options |= {"opd_id": opd.id, "unit_id": make_unit(session, opd).id}
    client = client_as(role, **options)
    held = specimen(role)
    plain = specimen(RoleName.EMPLOYEE)
    return client, Actor(
        account_id=1, employee_id=1, opd_id=opd.id, grants=(*plain.grants, *held.grants)
    )


@pytest.mark.parametrize("permission", TALENT_DECISIONS)
def test_the_administrator_takes_no_talent_decision(app: Flask, permission: P) -> None:
    assert not may(specimen(RoleName.ADMIN), permission)


@pytest.mark.parametrize("permission", CHANGES)
def test_the_auditor_changes_nothing(app: Flask, permission: P) -> None:
    if permission not in OWN:
        assert not may(specimen(RoleName.AUDITOR), permission)


@pytest.mark.parametrize("permission", [P.ACCOUNT_MANAGE, P.AUDIT_READ, P.SETTINGS_MANAGE])
def test_an_employee_runs_nothing(app: Flask, permission: P) -> None:
    assert not may(specimen(RoleName.EMPLOYEE), permission)


def test_specimens_hold_roles_that_can_be_given() -> None:
    for role, scopes in SCOPES.items():
        assert specimen(role).grants[0].scope in scopes
    assert specimen(RoleName.EMPLOYEE).grants[0].scope is ScopeKind.SELF
