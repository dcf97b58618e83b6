"""Papers of a decision: file, letter, number, replay."""

import io
from datetime import timedelta

import pikepdf
import pytest
from sqlalchemy import select

from app.core.audit import AuditEvent
from matching.models import Decision, Placement
from matching.services import letters, runs
from matching.services.signatures import file_hash
from tests.factories.decisions import decided


@pytest.fixture
def html_papers(monkeypatch):
    """Papers as the HTML they are made of."""
    monkeypatch.setattr("app.web.seats.papers.render_pdf", lambda html, **_rest: html.encode())


def test_the_decision_file_holds_all_that_defends_it(client_as, session, html_papers):
    seat, decision = decided(session)

    answer = client_as("officer").get(f"/kursi/{seat.id}/keputusan/{decision.id}/berkas.pdf")

    text = answer.text
    run = session.get(runs.ScoutingRun, decision.run_id)
    for part in ("Terbaik", "Satu anggota ragu", run.inputs_hash, run.ranking_hash, "Paling siap"):
        assert part in text


def test_the_draft_letter_takes_one_number(client_as, session, html_papers):
    seat, decision = decided(session)
    officer = client_as("officer")
    base = f"/kursi/{seat.id}/keputusan/{decision.id}"

    for _time in range(2):
        officer.post(f"{base}/nomor")

    assert session.scalars(select(Decision.letter_number)).one() == "800.1.3/001/BKPSDM/2026"
    assert "800.1.3/001/BKPSDM/2026" in officer.get(f"{base}/surat.pdf").text
    assert letters.next_number(session).split("/")[1] == "002"


def test_the_term_is_changed_with_a_reason_and_printed(client_as, session, html_papers):
    seat, decision = decided(session)
    held = session.scalars(select(Placement)).one()
    officer, leader = client_as("officer"), client_as("executive")
    before = {"file_hash": file_hash(session, decision), "capacity": "Sekretaris Daerah"}
    assert leader.post(f"/keputusan/{decision.id}/tanda-tangan", data=before).status_code == 303
    address = f"/kursi/{seat.id}/penempatan/{held.id}/masa-tugas"
    late = held.since + timedelta(days=40)

    for data in (
        {"planned_until": late.isoformat(), "reason": " "},
        {"planned_until": (held.since - timedelta(days=1)).isoformat(), "reason": "Keliru"},
    ):
        officer.post(address, data={**data, "version": held.version})
        session.expire_all()
        assert held.planned_until is None
    good = {"planned_until": late.isoformat(), "reason": "Tugas khusus", "version": held.version}
    officer.post(address, data=good)

    session.expire_all()
    assert held.planned_until == late
    event = session.scalars(
        select(AuditEvent).where(AuditEvent.tag == "matching:placement:term")
    ).one()
    assert "Tugas khusus" in event.detail
    assert "40 hari lagi" in officer.get(f"/kursi/{seat.id}").text
    base = f"/kursi/{seat.id}/keputusan/{decision.id}"
    for paper in (f"{base}/surat.pdf", f"{base}/berkas.pdf"):
        assert "Masa tugas sampai" in officer.get(paper).text
    # Who signed before the change signed for the earlier term, and both papers say so.
    for place in (f"{base}/berkas.pdf", f"/keputusan/{decision.id}"):
        page = client_as("executive").get(place).text
        assert "Tentang masa tugas semula: tanpa batas waktu" in page and "Tugas khusus" in page
    refused = client_as("opd_manager", opd_id=seat.opd_id).post(address, data={"reason": "x"})
    assert refused.status_code in (403, 404)


def test_the_papers_are_accessible_pdf(client_as, session):
    seat, decision = decided(session)
    base = f"/kursi/{seat.id}/keputusan/{decision.id}"

    for paper in ("berkas.pdf", "surat.pdf"):
        with pikepdf.open(io.BytesIO(client_as("officer").get(f"{base}/{paper}").data)) as pdf:
            assert "/StructTreeRoot" in pdf.Root
            assert len(pdf.pages) >= 1


def test_the_page_replays_the_kept_ranking(client_as, session):
    seat, decision = decided(session)

    page = client_as("officer").get(f"/kursi/{seat.id}/hasil/{decision.run_id}/ulang").text

    assert "Sama persis" in page


def test_papers_are_for_those_who_decide(client_as, session):
    seat, decision = decided(session)
    manager = client_as("opd_manager", opd_id=seat.opd_id)

    for paper in ("berkas.pdf", "surat.pdf"):
        answer = manager.get(f"/kursi/{seat.id}/keputusan/{decision.id}/{paper}")
        assert answer.status_code in (403, 404)
