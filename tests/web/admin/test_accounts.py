"""The administration of accounts through its pages."""

import json
from typing import Any

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from app.core.accounts.models import Account, AccountState, ActivationBatch, OneTimeCode
from app.core.audit import AuditEvent
from skills.models import Opd
from tests.factories.accounts import PASSWORD, make_account, open_browser_session, with_password
from tests.factories.offices import make_opd, make_person


@pytest.fixture
def opd(session: Session) -> Opd:
    """An OPD."""
    return make_opd(session)


@pytest.fixture
def admin(client_as: Any) -> Any:
    """A client of an administrator."""
    return client_as("admin")


@pytest.fixture
def manager(client_as: Any, session: Session, opd: Opd) -> Any:
    """A client of the OPD's personnel manager."""
    return client_as("opd_manager", opd_id=opd.id, employee=make_person(session, opd))


def last_event(session: Session, tag: str) -> AuditEvent:
    """Return the newest event of a tag."""
    return session.query(AuditEvent).filter_by(tag=tag).order_by(AuditEvent.id.desc()).first()


def test_the_list_filters_and_sorts(admin: Any, session: Session, opd: Opd) -> None:
    make_account(session, "officer", name="Zubaidah", employee=make_person(session, opd))
    make_account(session, name="Arif O'Neil <b>")
    page = admin.get("/admin/akun?peran=officer").text
    assert "Zubaidah" in page and "Arif" not in page
    text = admin.get("/admin/akun?urut=-nama&per=25").text
    assert text.index("Zubaidah") < text.index("Arif")
    assert "Arif O&#39;Neil &lt;b&gt;" in text


def test_the_list_links_only_accounts_that_open(manager: Any, session: Session, opd: Opd) -> None:
    plain = make_account(session, employee=make_person(session, opd))
    higher = make_account(session, "officer", name="Zubaidah", employee=make_person(session, opd))
    session.commit()
    page = manager.get("/admin/akun").text
    assert f'href="/admin/akun/{plain.id}"' in page
    assert "Zubaidah" in page and f'href="/admin/akun/{higher.id}"' not in page
    assert manager.get(f"/admin/akun/{plain.id}").status_code == 200
    assert manager.get(f"/admin/akun/{higher.id}").status_code == 404


def test_the_list_takes_few_statements(
    admin: Any, session: Session, opd: Opd, query_counter: Any
) -> None:
    for _number in range(30):
        make_account(session, "officer", employee=make_person(session, opd))
    session.commit()
    with query_counter() as queries:
        assert admin.get("/admin/akun").status_code == 200
    assert queries.count <= 12, queries.statements


def test_a_manager_sees_the_own_opd_only(manager: Any, session: Session, opd: Opd) -> None:
    make_account(session, name="Dari Dalam", employee=make_person(session, opd))
    other = make_opd(session)
    foreign = make_account(session, name="Dari Luar", employee=make_person(session, other))
    text = manager.get("/admin/akun").text
    assert "Dari Dalam" in text and "Dari Luar" not in text
    assert "Dari Luar" not in manager.get(f"/admin/akun?opd={other.id}").text
    assert manager.get(f"/admin/akun/{foreign.id}").status_code == 404


@pytest.mark.parametrize(
    "action", ["status", "peran", "slip", "sesi/akhiri", "dua-langkah/atur-ulang", "peran/1/cabut"]
)
def test_a_manager_changes_no_officer_of_the_own_opd(
    manager: Any, session: Session, opd: Opd, action: str
) -> None:
    officer = make_account(session, "officer", employee=make_person(session, opd))
    data = {"wish": "close", "reason": "x", "role": "supervisor", "scope": "opd", "opd_id": opd.id}
    answer = manager.post(f"/admin/akun/{officer.id}/{action}", data=data)
    assert answer.status_code == 404
    session.refresh(officer)
    assert officer.state == AccountState.ACTIVE


def test_a_role_is_given_and_taken_with_an_event_each(
    admin: Any, session: Session, client_as: Any
) -> None:
    somebody = client_as("employee")
    url = f"/admin/akun/{somebody.account.id}"
    assert somebody.get("/admin/akun").status_code == 403
    given = admin.post(f"{url}/peran", data={"role": "auditor", "scope": "city"})
    assert given.status_code == 303
    assert somebody.get("/audit").status_code == 200
    before, after = json.loads(last_event(session, "accounts:grant:add").detail)["changes"]["role"]
    assert before is None and after.startswith("auditor city")
    session.refresh(somebody.account)
    grant = somebody.account.grants[0]
    assert admin.post(f"{url}/peran/{grant.id}/cabut").status_code == 303
    assert somebody.get("/audit").status_code == 403


def test_nobody_changes_the_own_account_here(admin: Any, session: Session) -> None:
    make_account(session, "admin")
    url = f"/admin/akun/{admin.account.id}"
    for path, data in (
        ("peran", {"role": "officer", "scope": "city"}),
        ("status", {"wish": "suspend", "reason": "x"}),
        (f"peran/{admin.account.grants[0].id}/cabut", {}),
    ):
        assert admin.post(f"{url}/{path}", data=data).status_code == 403


def test_extra_fields_change_nothing(admin: Any, session: Session) -> None:
    somebody = make_account(session)
    data = {"nip": "", "name": "Baru", "email": "baru@contoh.test", "state": "active",
            "role": "admin", "is_admin": "1", "employee_id": "1", "password_hash": "x"}  # fmt: skip
    assert admin.post("/admin/akun/baru", data=data).status_code == 303
    made = session.query(Account).filter_by(email="baru@contoh.test").one()
    assert (made.state, made.grants, made.employee_id, made.password_hash) == (
        AccountState.PENDING, [], None, None,
    )  # fmt: skip
    session.refresh(somebody)
    assert somebody.grants == []


@pytest.mark.parametrize(
    ("field", "value"), [("nip", "12345"), ("email", "bukan alamat"), ("nip", "١٢٣٤٥٦٧٨٩٠١٢٣٤٥٦٧٨")]
)
def test_bad_input_is_named_at_its_field(admin: Any, field: str, value: str) -> None:
    answer = admin.post("/admin/akun/baru", data={"name": "Baru", field: value})
    assert answer.status_code == 422
    assert f'id="{field}-error"' in answer.text


def test_suspending_ends_the_sessions(app: Flask, admin: Any, client_as: Any) -> None:
    somebody = client_as("officer")
    url = f"/admin/akun/{somebody.account.id}/status"
    admin.post(url, data={"wish": "suspend", "reason": ""})
    assert somebody.get("/akun").status_code == 200
    admin.post(url, data={"wish": "suspend", "reason": "pemeriksaan"})
    assert somebody.get("/akun").status_code == 302
    admin.post(url, data={"wish": "reactivate"})
    assert somebody.get("/akun").status_code == 302


def test_resetting_the_second_factor_wants_a_reason(admin: Any, session: Session) -> None:
    account = make_account(session, "officer", totp_secret=b"x", totp_confirmed_at=None)
    account.totp_confirmed_at = account.created_at
    url = f"/admin/akun/{account.id}/dua-langkah/atur-ulang"
    admin.post(url, data={"reason": " "})
    session.refresh(account)
    assert account.totp_confirmed_at is not None
    admin.post(url, data={"reason": "ponsel hilang, sudah bertatap muka"})
    session.refresh(account)
    assert account.totp_secret is None
    assert "bertatap" in last_event(session, "accounts:second_factor:disable").detail


def test_a_batch_is_printed_used_and_withdrawn(
    app: Flask, manager: Any, session: Session, opd: Opd, client: Any
) -> None:
    people = [make_person(session, opd) for _number in range(3)]
    made = manager.post(f"/admin/aktivasi/{opd.id}")
    sheet_url = made.headers["Location"] + "/cetak"
    sheet = manager.post(sheet_url).text
    assert sheet.count('class="ek-slip"') == 3 and people[0].name in sheet
    code = sheet.partition('ek-slip-code ek-code">')[2].partition("<")[0]
    row = session.query(OneTimeCode).order_by(OneTimeCode.id).first()
    assert row.code_hash not in sheet and code not in manager.get(made.headers["Location"]).text
    assert last_event(session, "accounts:slips:print") is not None
    manager.post(made.headers["Location"] + "/batalkan")
    assert 'class="ek-slip"' not in manager.post(sheet_url).text


def test_the_slips_of_another_opd_are_out_of_reach(
    admin: Any, manager: Any, session: Session
) -> None:
    other = make_opd(session)
    make_person(session, other)
    place = admin.post(f"/admin/aktivasi/{other.id}").headers["Location"]
    for path in (place, f"/admin/aktivasi/{other.id}"):
        assert manager.get(path).status_code == 404
    for path in (place + "/cetak", place + "/batalkan", f"/admin/aktivasi/{other.id}"):
        assert manager.post(path).status_code == 404
    assert session.query(ActivationBatch).one().revoked_at is None


def test_a_single_slip_of_an_officer_is_for_administrators(
    admin: Any, manager: Any, session: Session, opd: Opd
) -> None:
    officer = make_account(session, "officer", employee=make_person(session, opd))
    place = admin.post(f"/admin/akun/{officer.id}/slip").headers["Location"]
    assert manager.get(place).status_code == 404
    assert admin.post(place + "/cetak").status_code == 200


def test_the_auditor_reads_filters_and_exports(
    admin: Any, client_as: Any, session: Session, opd: Opd
) -> None:
    person = make_person(session, opd, name="Dewi =HYPERLINK")
    account = make_account(session, employee=person)
    admin.post(f"/admin/akun/{account.id}/status", data={"wish": "suspend", "reason": "=1+1"})
    auditor = client_as("auditor")
    row = "<code>accounts:account:state</code>"
    assert row in auditor.get("/audit?q=Dewi").text
    assert row not in auditor.get("/audit?q=Tidak+Ada").text
    event = last_event(session, "accounts:account:state")
    detail = auditor.get(f"/audit/{event.id}").text
    assert "<del>active</del>" in detail and "<ins>suspended</ins>" in detail
    assert auditor.get("/audit/ekspor.csv?q=Dewi").text.count("accounts:account:state") == 1
    assert auditor.get("/audit/ekspor.xlsx").data[:2] == b"PK"
    assert last_event(session, "audit:event:export") is not None
    assert last_event(session, "audit:event:read") is not None


def test_the_policy_page_tells_the_truth(client_as: Any) -> None:
    text = client_as("auditor").get("/admin/kebijakan").text
    assert "accounts:account:manage" in text and "city admin" in text


def test_own_pages_say_nothing_of_others(app: Flask, session: Session, client_as: Any) -> None:
    other = with_password(session, make_account(session, "officer", name="Orang Lain"), PASSWORD)
    open_browser_session(session, other)
    text = client_as("employee").get("/akun").text
    assert "Orang Lain" not in text and (other.email or "") not in text
