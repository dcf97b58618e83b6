"""`flask matching` answers like the page."""

import json

import pytest

from tests.factories.decisions import decided
from tests.factories.seats import make_candidate, make_seat


def run(app, *arguments):
    return app.test_cli_runner().invoke(args=["matching", *arguments])


def test_the_json_carries_the_contributions_of_the_page(app, session):
    seat = make_seat(session)
    person = make_candidate(session, seat, 4)
    session.commit()

    answer = run(app, "search", "--seat", seat.code, "--json")

    found = json.loads(answer.output)
    assert found["people"][0]["employee_id"] == person.id
    points = [item["points"] for item in found["people"][0]["requirements"]]
    assert abs(sum(points) - found["people"][0]["fit"]) < 0.01


def test_an_unknown_seat_is_an_error_with_a_sentence(app):
    answer = run(app, "search", "--seat", "TIDAK-ADA")

    assert answer.exit_code == 1
    assert "No seat with the code" in answer.output


def test_fitting_twice_gives_the_same_model(app, session):
    make_candidate(session, make_seat(session), 3)
    session.commit()

    assert run(app, "fit").output == run(app, "fit").output


def test_the_command_line_explains_like_the_page(app, session):
    seat = make_seat(session)
    people = [make_candidate(session, seat, level) for level in (5, None)]
    session.commit()

    told = run(app, "explain", "--seat", seat.code, "--nip", people[1].nip)
    found = json.loads(told.output)

    assert (found["rank"], found["of"]) == (2, 2)
    assert found["documents"][0]["rank_before"] == 2
    assert found["rank_interval"]["low"] <= 2 <= found["rank_interval"]["high"]
    assert sum(item["most"] for item in found["requirements"]) == pytest.approx(100, abs=0.01)
    assert run(app, "explain", "--seat", seat.code, "--nip", "0" * 18).exit_code == 1


def test_seats_and_people_are_found_from_the_command_line(app, session):
    seat = make_seat(session)
    person = make_candidate(session, seat)
    person.education_field = "Teknik jaringan komputer dan CCTV"
    session.commit()

    assert seat.code in run(app, "seats", "--vacant").output
    text = run(app, "find", "admin yang paham CCTV dan jaringan", "--json")
    assert json.loads(text.output)[0]["nip"] == person.nip
    assert "CCTV" in str(json.loads(text.output)[0]["phrases"])
    assert run(app, "find", "x" * 20_001).exit_code == 1


def test_all_seats_are_filled_at_once_from_the_command_line(app, session):
    seat = make_seat(session)
    person = make_candidate(session, seat, 5)
    session.commit()

    answer = json.loads(run(app, "scenario", "Uji", "--own-opd-bonus", "5").output)

    assert answer["places"][0]["nip"] == person.nip
    assert answer["figures"]["objective"] >= answer["figures"]["greedy_objective"]


def test_fairness_sheet_and_decision_file_come_from_the_command_line(app, session, tmp_path):
    seat, decision = decided(session)
    session.commit()
    target = tmp_path / "berkas.pdf"

    assert run(app, "fairness", "--seat", seat.code).exit_code == 1  # a new round is empty
    answer = run(app, "file", str(decision.id), "--output", str(target))

    assert answer.exit_code == 0, answer.output
    assert target.read_bytes().startswith(b"%PDF-1.7")
    assert run(app, "file", "999", "--output", str(target)).exit_code == 1


def test_abbreviations_are_versions_on_the_command_line_too(app, session):
    make_candidate(session, make_seat(session), 3)
    session.commit()
    run(app, "fit")

    assert "Version 2" in run(app, "abbreviation", "zzqx", "jaringan komputer").output
    assert json.loads(run(app, "model").output)["behind"] is True
    run(app, "fit")
    assert json.loads(run(app, "model").output)["behind"] is False
    assert "Version 3" in run(app, "abbreviation", "zzqx", "--drop").output
    assert run(app, "abbreviation", "zzqx", "--drop").exit_code == 1


def test_a_rule_is_tried_and_changed_on_the_command_line(app, session):
    make_candidate(session, make_seat(session), 3)
    session.commit()
    why = ["--reason", "Rapat", "--source", "Keputusan uji"]

    tried = run(app, "rule", "process_rules", "transfer_percent", "20", *why, "--dry-run")
    assert tried.exit_code == 0 and "Peluang kursi terisi" in tried.output
    assert run(app, "rule", "process_rules", "transfer_percent", "200", *why).exit_code == 1
    assert run(app, "rule", "process_rules", "no_such_rule", "2", *why).exit_code == 1
    kept = run(app, "rule", "process_rules", "transfer_percent", "20", *why)

    assert "Version 2" in kept.output
    rows = json.loads(run(app, "rules", "process_rules").output)["process_rules"]["rows"]
    found = next(row for row in rows if row["code"] == "transfer_percent")
    assert (found["value"], found["source"]) == ("20", "Keputusan uji")
