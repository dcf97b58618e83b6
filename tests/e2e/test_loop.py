"""The loop the product exists for, once, in a real browser, by four people who sign in.

Profile and evidence, verification, scouting and decision, training and certificate, and back into
the profile.
"""

import re
from datetime import date, timedelta
from pathlib import Path

from playwright.sync_api import Page, expect
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.core import clock
from app.core.actor import RoleName
from courses.models import Certificate, Course, CourseCompetency
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
        expect(page.locator(".ek-why").first).to_be_visible()
        for box in page.locator("input[name=people]").all()[:2]:
            box.check()
        page.get_by_label("Alasan memilih").fill("Level terverifikasi paling lengkap")
        page.get_by_role("button", name="Masukkan ke daftar pendek").click()
        expect(page.locator("#daftar-pendek")).to_be_visible()
        page.get_by_role("link", name="Buka lembar keadilan").click()
        page.get_by_role("button", name="Saya sudah membaca lembar ini").click()
        page.get_by_label("Alasan keputusan").fill("Keduanya diwawancarai; pilihan panel bulat")
        page.get_by_role("button", name="Simpan keputusan").click()
        expect(page.locator("main")).to_contain_text("Pengisi sekarang")

    with demo_city.session() as session:
        assert coverage(session, day=clock.today()).filled == before + 1


def plan_session(page: Page, course_id: int, first: date, last: date) -> None:
    """Plan a session of a course in the past days and open it."""
    page.goto(f"/pelatihan/sesi/baru?kursus={course_id}")
    page.get_by_label("Judul sesi").fill("Angkatan Uji Peramban")
    page.get_by_label("Tanggal mulai").fill(first.isoformat())
    page.get_by_label("Tanggal selesai").fill(last.isoformat())
    page.get_by_label("Kuota").fill("5")
    page.get_by_role("button", name="Simpan").click()
    page.get_by_role("button", name="Buka pendaftaran").click()


def hold_session(page: Page, nip: str) -> None:
    """Enrol somebody, record attendance and a score, and close the session."""
    page.get_by_role("link", name="Tambah peserta").click()
    page.get_by_label("NIP", exact=True).fill(nip)
    page.get_by_role("button", name="Periksa daftar").click()
    page.get_by_role("button", name="Daftarkan 1 orang").click()
    page.get_by_role("link", name="Lihat peserta").click()
    page.get_by_role("link", name="Kehadiran dan nilai").click()
    for cell in page.locator("select[data-cell]").all():
        cell.select_option("present")
    page.locator("input[data-cell]").fill("88")
    page.get_by_role("button", name="Simpan").click()
    page.get_by_role("link", name="Tutup sesi").first.click()
    page.get_by_role("button", name="Tutup sesi dan tetapkan hasil").click()


def issue(page: Page) -> None:
    """Issue the certificates of the session on the page in three steps."""
    page.wait_for_load_state()
    if not page.url.endswith("/sertifikat"):
        page.get_by_role("link", name="Terbitkan 1 sertifikat").first.click()
    page.get_by_role("button", name="Lihat pratinjau").click()
    page.get_by_role("button", name="Tanda tangani dan terbitkan 1 sertifikat").click()
    page.wait_for_load_state()


def gap_course(session: Session, employee_id: int) -> tuple[Course, int, int]:
    """Return a course that serves an unknown competency of the person: course, it, and level."""
    held = select(LevelInForce.competency_id).where(LevelInForce.employee_id == employee_id)
    gain = session.scalars(
        select(CourseCompetency)
        .where(CourseCompetency.competency_id.not_in(held), CourseCompetency.from_level == 0)
        .order_by(CourseCompetency.id)
        .limit(1)
    ).one()
    return gain.course, gain.competency_id, gain.to_level


def test_a_training_ends_in_the_profile_and_at_the_public_check(demo_city: DemoCity) -> None:
    person = demo_city.visitors[RoleName.EMPLOYEE]
    with demo_city.session() as session:
        course, competency_id, level = gap_course(session, person.employee_id)
    today = clock.today()
    with demo_city.signed_in("organiser") as page:
        plan_session(page, course.id, today - timedelta(days=8), today - timedelta(days=4))
        hold_session(page, person.nip)
        issue(page)

    with demo_city.session() as session:
        certificate = session.scalars(
            select(Certificate).where(Certificate.employee_id == person.employee_id)
        ).one()
        assert certificate.state == "issued"
        assert level_of(session, person.employee_id, competency_id)[0] == level
    with demo_city.signed_out() as page:
        page.goto("/sertifikat/cek")
        page.get_by_label("Kode verifikasi").fill(certificate.code)
        page.get_by_role("button", name="Periksa", exact=True).click()
        expect(page.locator("main")).to_contain_text(certificate.number)
        expect(page.locator("main")).not_to_contain_text(person.nip)
    with demo_city.signed_in("employee", viewport=PHONE) as page:
        page.goto("/pelatihan/saya")
        expect(page.locator("main")).to_contain_text(certificate.number)
        page.goto(f"/profil#kompetensi-{competency_id}")
        expect(page.locator(f"#kompetensi-{competency_id}")).to_contain_text("ertifikat")
