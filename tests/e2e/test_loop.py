"""The loop the product exists for, once, in a real browser, by four people who sign in.

Profile and evidence, verification, scouting and decision, training and certificate, and back into
the profile.
"""

import re
from pathlib import Path

from playwright.sync_api import Page, expect
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.core import clock
from app.core.actor import RoleName
from matching.queries.coverage import coverage
from skills.models import Claim, Competency, LevelInForce
from tests.e2e.city import DemoCity, certificate_png
from tests.support.browser import PHONE


def claim_with_evidence(page: Page, competency_id: int, level: int, file: Path) -> None:
    """Walk the three steps of a claim on a phone."""
    page.goto(f"/profil/klaim/baru?kompetensi={competency_id}")
    page.locator(f"input[name=level][value='{level}']").check()
    page.get_by_role("button", name="Lanjut unggah bukti").click()
    page.locator("input[type=file]").set_input_files(file)
    page.get_by_role("button", name="Unggah dan lanjut").click()
    page.get_by_label("Judul bukti").fill("Pelatihan Pengembangan Aplikasi")
    page.get_by_label("Nomor dokumen").fill("UJI-0001/2026")
    page.get_by_role("button", name="Kirim ke pemeriksa").click()


def unclaimed(session: Session, employee_id: int) -> Competency:
    """Return a one-stage technical competency that the person has said nothing about."""
    known = select(Claim.competency_id).where(Claim.employee_id == employee_id)
    held = select(LevelInForce.competency_id).where(LevelInForce.employee_id == employee_id)
    return session.scalars(
        select(Competency)
        .where(
            Competency.kind == "TEKNIS",
            Competency.is_area.is_(False),
            Competency.two_stage.is_(False),
            Competency.id.not_in(known),
            Competency.id.not_in(held),
        )
        .order_by(Competency.id)
        .limit(1)
    ).one()


def level_of(session: Session, employee_id: int, competency_id: int) -> tuple[int | None, ...]:
    """Return the verified and the claimed level of a person."""
    row = session.get(LevelInForce, (employee_id, competency_id))
    return (row.verified_level, row.claimed_level) if row else (None, None)


def test_an_employee_claims_a_level_and_an_assessor_accepts_it(
    demo_city: DemoCity, tmp_path: Path
) -> None:
    employee_id = demo_city.visitors[RoleName.EMPLOYEE].employee_id
    with demo_city.session() as session:
        competency = unclaimed(session, employee_id)
    with demo_city.signed_in("employee", viewport=PHONE) as page:
        file = certificate_png(tmp_path, "UJI-0001/2026")
        claim_with_evidence(page, competency.id, 3, file)
        expect(page.locator("main")).to_contain_text("UJI-0001/2026")
        address = page.url.removeprefix(demo_city.server.url)
    claim_id = int(re.findall(r"\d+", address)[0])
    with demo_city.session() as session:
        assert level_of(session, employee_id, competency.id)[1] == 3

    with demo_city.signed_in("assessor") as page:
        page.goto(f"/verifikasi/{claim_id}")
        page.get_by_role("button", name="Terima").click()
        expect(page).not_to_have_url(re.compile(rf"/verifikasi/{claim_id}$"))

    with demo_city.session() as session:
        assert level_of(session, employee_id, competency.id)[0] == 3
    with demo_city.signed_in("employee", viewport=PHONE) as page:
        page.goto("/profil")
        expect(page.locator(f"#kompetensi-{competency.id}")).to_contain_text("erverifikasi")


def test_an_officer_fills_a_seat_and_the_coverage_moves(demo_city: DemoCity) -> None:
    with demo_city.session() as session:
        before = coverage(session, day=clock.today()).filled
    with demo_city.signed_in("officer") as page:
        page.goto("/kursi?keadaan=vacant")
        page.locator("table a[data-row-link]").first.click()
        expect(page.get_by_role("heading", name="Kandidat")).to_be_visible()
        page.locator(".ek-candidate details summary").first.click()
        expect(page.locator(".ek-contrib").first).to_be_visible()
        for box in page.locator("input[name=people]").all()[:2]:
            box.check()
        page.get_by_label("Alasan memilih").fill("Level terverifikasi paling lengkap")
        page.get_by_role("button", name="Masukkan ke daftar pendek").click()
        expect(page.locator("#daftar-pendek")).to_be_visible()
        page.get_by_label("Alasan keputusan").fill("Keduanya diwawancarai; pilihan panel bulat")
        page.get_by_role("button", name="Simpan keputusan").click()
        expect(page.locator("main")).to_contain_text("Pengisi sekarang")

    with demo_city.session() as session:
        assert coverage(session, day=clock.today()).filled == before + 1
