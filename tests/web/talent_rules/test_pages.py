"""Rules of talent work: seen, tried out, changed in versions; old results keep their own."""

import html

from sqlalchemy import select

from app.core.audit import AuditEvent
from matching.models import PanelCriterion, Placement, ShortlistEntry
from matching.services import letters, panel, runs, scouting
from matching.services.process_rules import process_rules
from matching.services.reference_sets import values_of
from matching.services.scoring_rules import scoring_rules
from matching.services.talent_box import find_method
from matching.services.terms import remind_due
from skills.models import ReferenceSet
from skills.reference_files import load_all
from skills.services.reference_load import load_reference
from tests.factories.accounts import make_account
from tests.factories.decisions import OFFICER, decided
from tests.factories.seats import make_candidate, make_seat
from tests.factories.talent import box_of, compute, make_measured

WHY = {"reason": "Rapat 3 Maret", "source": "Keputusan uji", "confidence": "confirmed"}


def put(client, code, *, step="save", expect=303, **data):
    """Send the form of a table as the page would, its version taken from the page."""
    address = f"/aturan-talenta/{code}"
    page = client.get(address).text
    version = page.split('name="version" value="')[1].split('"')[0]
    answer = client.post(address, data={"version": version, "step": step, **WHY, **data})
    assert answer.status_code == expect, html.unescape(answer.text)[-3000:]
    return html.unescape(answer.text)


def test_a_number_is_tried_out_then_kept_with_its_reason_and_restored(client_as, session):
    admin, seat = client_as("admin"), make_seat(session)
    make_candidate(session, seat, 3)
    assert "Peluang mutasi seseorang" in admin.get("/aturan-talenta").text

    tried = put(admin, "process_rules", step="try", expect=200, transfer_percent="12,5")
    assert "Dampak bila berlaku hari ini" in tried and 'value="12.5"' in tried
    assert process_rules(session).transfer_rate == 0.06
    put(admin, "process_rules", transfer_percent="12,5", remind_first="60")

    rules = process_rules(session)
    assert (rules.transfer_rate, rules.remind_days) == (0.125, (60, 30, 7))
    page = html.unescape(admin.get("/aturan-talenta/process_rules").text)
    assert "Rapat 3 Maret" in page and "Keputusan uji" in page and "3 nilai" not in page
    event = session.scalars(
        select(AuditEvent).where(AuditEvent.tag == "matching:rules:change")
    ).one()
    assert '"transfer_percent.value":["6","12.5"]' in event.detail
    stale = {"version": 1, "step": "save", "transfer_percent": "9", **WHY}
    assert admin.post("/aturan-talenta/process_rules", data=stale).status_code == 409
    back = {"number": 1, "version": 2}
    assert admin.post("/aturan-talenta/process_rules/pulihkan", data=back).status_code == 303
    assert admin.post("/aturan-talenta/process_rules/pulihkan", data=back).status_code == 409
    assert process_rules(session).remind_days == (90, 30, 7)
    assert session.scalars(
        select(ReferenceSet.version).where(ReferenceSet.code == "process_rules")
    ).all() == [1, 2, 3]


WRONG = [
    ("scoring_rules", {"cut_meets": "50"}, "Harus lebih besar"),
    ("scoring_rules", {"claim_confidence": "7"}, "Isi antara 0 dan 1"),
    ("process_rules", {"remind_first": "tiga"}, "Isi dengan angka"),
    ("process_rules", {"remind_second": "nan"}, "Isi dengan angka"),
    ("process_rules", {}, "Belum ada yang diubah"),
    ("process_rules", {"least_words": "30", "reason": " "}, "Isi alasan perubahan"),
    ("process_rules", {"least_words": "30", "source": ""}, "Isi sumbernya"),
    ("process_rules", {"least_words": "30", "confidence": "pasti"}, "Pilih kepastian"),
    ("letter", {"number_pattern": "Tanpa urutan {hari}"}, "Pola nomor memuat"),
    ("letter", {"basis": "x" * 2001}, "Paling panjang 2000"),
    (
        "panel_criteria",
        {"name-0": "A", "name_en-0": "A", "weight-0": "-1"},
        "Isi bobot di atas",
    ),
    ("panel_criteria", {"name-0": ""}, "Sisakan sedikitnya satu"),
    ("nine_box_methods", {"method": "BKN-411-2025", "middle": "90", "high": "80"}, "di atas"),
]


def test_a_wrong_value_is_told_at_its_field_and_nothing_is_kept(client_as, session):
    officer, known = client_as("officer"), select(ReferenceSet.id).order_by(ReferenceSet.id)
    before = session.scalars(known).all()
    usual = {"pool_boxes": [7, 8, 9], "skp_years": 2}

    for code, data, words in WRONG:
        assert words in put(officer, code, expect=422, **{**usual, **data}), (code, data)

    assert session.scalars(known).all() == before


def test_those_who_watch_read_and_others_do_not(client_as, session):
    auditor = client_as("auditor")
    for code in ("", "/scoring_rules", "/nine_box_methods", "/panel_criteria", "/letter"):
        page = auditor.get(f"/aturan-talenta{code}")
        assert page.status_code == 200 and "Simpan sebagai versi baru" not in page.text
    assert auditor.post("/aturan-talenta/letter", data={}).status_code == 403
    assert client_as("employee").get("/aturan-talenta").status_code == 403
    assert auditor.get("/aturan-talenta/golongan").status_code == 404


def test_an_old_run_keeps_its_cuts_and_a_new_one_takes_the_new(client_as, session):
    seat = make_seat(session)
    make_candidate(session, seat, 3)
    old = scouting.rank_for_role(session, role=seat.role, criteria=scouting.criteria_of(seat))
    run = runs.keep_run(session, actor=OFFICER, seat=seat, ranking=old)

    tried = put(
        client_as("officer"), "scoring_rules", step="try", expect=200, cut_meets="95", cut_near="90"
    )
    put(client_as("officer"), "scoring_rules", cut_meets="95", cut_near="90")

    assert "Orang yang memenuhi, dijumlahkan atas semua peran" in tried
    assert scoring_rules(session).cuts == (95, 90)
    assert scouting.criteria_of(seat).cuts == (95, 90)
    assert run.parameters["cuts"] == [80, 60]
    assert runs.replay(session, run=run).proven
    assert values_of(session, "scoring_rules", at=run.created_at)["cut_meets"] == 80


def test_a_box_keeps_its_method_until_it_is_computed_again(client_as, session):
    person = make_measured(session, 70)
    compute(session)
    officer, row = client_as("officer"), box_of(session, person)
    box, address = row.box, f"/talenta/{row.id}"
    assert "menuju tinggi" in officer.get(address).text
    change = {"method": row.method_code, "pool_boxes": [8, 9], "skp_years": 2, "high": "99"}

    tried = put(officer, "nine_box_methods", step="try", expect=200, middle="98", **change)
    put(officer, "nine_box_methods", middle="98", **change)

    assert "orang yang pindah kotak" in tried
    assert find_method(session, None).pool_boxes == (8, 9)
    assert box_of(session, person).box == box
    assert "menuju tinggi" in officer.get(address).text  # explained by the cuts it was made with
    page = officer.get("/talenta").text
    assert "hitung ulang agar memakai yang baru" in page and "tinggi mulai 80" in page
    compute(session)
    page = officer.get("/talenta").text
    assert "hitung ulang agar memakai yang baru" not in page and "tinggi mulai 99" in page
    assert box_of(session, person).box < box
    # Loading the files of the release again does not undo what an officer decided.
    load_reference(session, load_all())
    assert find_method(session, None).middle == 98


def test_another_method_is_added_beside_those_in_use(client_as, session):
    make_measured(session, 70)
    officer = client_as("officer")
    data = {"method": "BKN-411-2025", "middle": "50", "high": "75", "skp_years": 1}
    data |= {"pool_boxes": [9], "name_id": "Cara kota", "name_en": "City method"}

    assert "Pakai kode lain" in put(
        officer, "nine_box_methods", expect=422, **data, new_code="LOKAL-90-70"
    )
    wrong = {**data, "numbering": "KARANGAN"}
    assert "Penomoran ini tidak dikenal" in put(officer, "nine_box_methods", expect=422, **wrong)
    put(officer, "nine_box_methods", **data, new_code="kota-2027", default="1")

    usual = find_method(session, None)
    assert (usual.code, usual.middle, usual.pool_boxes) == ("KOTA-2027", 50, (9,))
    assert find_method(session, "BKN-411-2025").middle == 60
    compute(session)
    assert "Cara kota" in officer.get("/talenta").text


def test_a_panel_that_has_begun_finishes_with_its_criteria(client_as, session):
    member, first = make_account(session, "officer"), make_seat(session)
    entries = [_listed(session, first), _listed(session, make_seat(session))]
    old = [row.id for row in panel.criteria_in_use(session)]
    panel.give_scores(
        session, actor=_actor(member), entry=entries[0], scores={old[0]: 4, old[1]: 3}
    )
    mean = panel.panel_of(session, [entries[0]]).results[entries[0].id].mean

    put(
        client_as("officer"),
        "panel_criteria",
        **{"name-0": "Uji tulis", "name_en-0": "Written test", "weight-0": "70"},
        **{
            "code-1": "INTERVIEW",
            "name-1": "Wawancara",
            "name_en-1": "Interview",
            "weight-1": "30",
        },
    )

    new = panel.criteria_in_use(session)
    assert [(row.code, row.weight, row.version) for row in new] == [
        ("WRITTEN_TEST", 70, 2),
        ("INTERVIEW", 30, 2),
    ]
    assert [row.id for row in panel.criteria_of(session, entries[0])] == old
    assert panel.panel_of(session, [entries[0]]).results[entries[0].id].mean == mean
    assert panel.criteria_of(session, entries[1]) == new
    assert len(session.scalars(select(PanelCriterion)).all()) == 5


def _actor(account):
    return OFFICER.__class__(account_id=account.id, label="Anggota")


def _listed(session, seat):
    person = make_candidate(session, seat, 3)
    ranking = scouting.rank_for_role(session, role=seat.role, criteria=scouting.criteria_of(seat))
    run = runs.keep_run(session, actor=OFFICER, seat=seat, ranking=ranking)
    entry = ShortlistEntry(
        seat_id=seat.id,
        run_id=run.id,
        employee_id=person.id,
        rank=1,
        fit=50,
        fit_high=60,
        explanation={},
        reason="x",
        created_at=run.created_at,
    )
    session.add(entry)
    session.flush()
    return entry


def test_letters_of_old_decisions_keep_their_words(client_as, session):
    _seat, decision = decided(session)
    letters.ensure_number(session, decision=decision)
    old = decision.letter_number

    put(
        client_as("admin"),
        "letter",
        number_pattern="821.2/{number}/{year}",
        title="KEPUTUSAN BARU",
        basis="Peraturan A\n  Peraturan B",
    )

    assert letters.letter_texts(session)["basis"] == "Peraturan A\nPeraturan B"
    assert letters.letter_texts(session, at=decision.decided_at)["title"] != "KEPUTUSAN BARU"
    assert decision.letter_number == old
    assert letters.next_number(session).startswith("821.2/2/")


def test_reminders_follow_the_days_of_the_rules(client_as, session):
    decided(session)
    held = session.scalars(select(Placement)).one()
    held.planned_until = held.since.replace(year=held.since.year + 1)
    make_account(session, "officer")
    day = held.planned_until.fromordinal(held.planned_until.toordinal() - 120)

    assert remind_due(session, day=day) == 0
    put(client_as("admin"), "process_rules", remind_first="150")
    assert remind_due(session, day=day) > 0
