"""Learning from other platforms: by file and from a Moodle that really answers over HTTP."""

import io
import json
import threading
import time as waiting
from datetime import datetime, time, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs

import pytest
from sqlalchemy import select

from app.core import clock
from app.core.actor import SYSTEM
from app.core.spreadsheet.reader import read_table
from courses.models import LearningImport
from courses.services.moodle import MoodleError, MoodleSite, pull_completions
from courses.services.outside_import import apply_import
from skills.models import TrainingRecord
from tests.factories.courses import make_course
from tests.factories.people import make_employee

DAY = clock.today() - timedelta(days=3)
HEAD = "NIP;Judul;Penyelenggara;Bentuk;Selesai;JP\n"


def check(client, text, name="luar.csv"):
    data = {"berkas": (io.BytesIO(text.encode()), name)}
    return client.post("/jp/impor", data=data, content_type="multipart/form-data")


def last(session):
    session.expire_all()
    return session.scalars(select(LearningImport).order_by(LearningImport.id.desc())).first()


def verdicts(batch):
    return [row["verdict"] for row in batch.rows]


@pytest.fixture
def people(session):
    return [make_employee(session, name=f"D'Angelo & <b>{n}</b>") for n in range(2)]


def lines(people):
    return HEAD + "".join(
        f"{person.nip};Kelas Data;Platform Uji;NKL03;{DAY:%d-%m-%Y};3\n" for person in people
    )


def test_a_file_is_checked_first_applied_once_and_can_be_undone(
    client_as, session, people, tmp_path
):
    client = client_as("organiser")
    text = lines([*people, people[0]]) + (
        f"199001012015019999;Kelas;X;;{DAY};3\n{people[0].nip};;X;;{DAY};3\n"
        f"{people[0].nip};Kelas;X;ZZ9;{DAY};3\n{people[0].nip};Kelas;X;;{DAY};-3\n"
    )
    answer = check(client, text)
    batch = last(session)
    assert answer.status_code == 303
    assert verdicts(batch) == ["new", "new", "known", *["refused"] * 4]
    assert session.scalars(select(TrainingRecord)).all() == [], "nothing is written by a check"

    address = f"/jp/impor/{batch.id}"
    page = client.get(address).text
    assert "D&#39;Angelo &amp; &lt;b&gt;0" in page
    assert "Bentuk ZZ9 tidak dikenal" in page
    for _ in range(2):
        client.post(f"{address}/terapkan", data={"version": 1})
    records = session.scalars(select(TrainingRecord)).all()
    assert [(row.state, row.jp) for row in records] == [("verified", 3)] * 2
    path = tmp_path / "hasil.xlsx"
    path.write_bytes(client.get(f"{address}/hasil.xlsx").data)
    assert len(list(read_table(path))) == 8

    check(client, lines(people))
    again = last(session)
    assert verdicts(again) == ["known", "known"], "twice is once"
    client.post(f"{address}/batalkan", data={"version": last(session).version})
    client.post(
        f"{address}/batalkan", data={"version": session.get(LearningImport, batch.id).version}
    )
    session.expire_all()
    assert session.scalars(select(TrainingRecord)).all() == []
    assert session.get(LearningImport, batch.id).state == "undone"


def test_a_file_without_its_columns_is_refused_in_words(client_as, session):
    client = client_as("officer")
    answer = check(client, "nama;nilai\nA;1\n")

    assert answer.status_code == 422
    assert "nip, judul, selesai, jp" in answer.text
    assert client.post("/jp/impor", data={}).status_code == 422
    assert client.post("/jp/impor/moodle").status_code == 404, "no Moodle is set"
    assert client_as("supervisor").get("/jp/impor").status_code == 403


class Moodle(BaseHTTPRequestHandler):
    """Answers as a Moodle site does; `answers` maps a function to its JSON or to a status."""

    answers: dict
    seen: list

    def do_POST(self):
        """Answer a web-service call."""
        size = int(self.headers["Content-Length"])
        query = {key: value[0] for key, value in parse_qs(self.rfile.read(size).decode()).items()}
        self.seen.append((self.path, query))
        answer = self.answers[query["wsfunction"]]
        if callable(answer):
            answer = answer(query)
        if isinstance(answer, int):
            self.send_response(answer)
            self.send_header("Location", "http://127.0.0.1:1/elsewhere")
            self.end_headers()
            return
        content = answer if isinstance(answer, bytes) else json.dumps(answer).encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, *_args):
        """Say nothing on the terminal of the test."""


@pytest.fixture
def moodle():
    handler = type("Answering", (Moodle,), {"answers": {}, "seen": []})
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    handler.site = MoodleSite(
        f"http://127.0.0.1:{server.server_port}/lms", "rahasia", ("127.0.0.1",), timeout=2.0
    )
    yield handler
    server.shutdown()
    server.server_close()
    thread.join()


def _noon(day):
    return int(datetime.combine(day, time(12), tzinfo=clock.timezone()).timestamp())


def test_completions_of_moodle_become_hours(session, people, moodle):
    course = make_course(session, title="Kelas Daring Uji")
    site_course = {"id": 1, "idnumber": "", "fullname": "Beranda"}
    moodle.answers = {
        "core_course_get_courses": [
            site_course,
            {"id": 7, "idnumber": course.code, "fullname": "Kelas"},
            {"id": 8, "idnumber": "entah", "fullname": "Tak dikenal <b>"},
        ],
        "core_enrol_get_enrolled_users": [
            {"id": 70, "idnumber": people[0].nip},
            {"id": 71, "idnumber": people[1].nip},
            {"id": 72, "idnumber": "tamu"},
        ],
        "core_completion_get_course_completion_status": lambda query: {
            "completionstatus": {
                "completed": query["userid"] != "71",
                "completions": [{"timecompleted": _noon(DAY)}, {"timecompleted": None}],
            }
        },
    }

    batch = pull_completions(session, actor=SYSTEM, site=moodle.site)
    assert verdicts(batch) == ["new", "refused", "refused"]
    assert apply_import(session, batch=batch, version=batch.version) == 1

    row = session.scalars(select(TrainingRecord)).one()
    assert (row.employee_id, row.jp, row.ended_on) == (people[0].id, course.jp, DAY)
    assert moodle.seen[0][0] == "/lms/webservice/rest/server.php"
    assert moodle.seen[0][1]["wstoken"] == "rahasia"
    assert verdicts(pull_completions(session, actor=SYSTEM, site=moodle.site))[0] == "known"


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (302, "kode %(code)s"),
        (503, "kode %(code)s"),
        (b"<html>", "tidak dapat dibaca"),
        ({"exception": "webservice_access_exception", "errorcode": "accessexception"}, "menolak"),
        ({"bukan": "daftar"}, "tidak dapat dibaca"),
    ],
)
def test_what_moodle_does_wrong_is_said_and_nothing_is_kept(session, moodle, answer, words):
    moodle.answers = {"core_course_get_courses": answer}

    with pytest.raises(MoodleError) as caught:
        pull_completions(session, actor=SYSTEM, site=moodle.site)

    assert words in str(caught.value.message.text)
    assert "rahasia" not in repr(caught.value.message)
    assert session.scalars(select(LearningImport)).all() == []
    assert len(moodle.seen) == 1, "a redirect is not followed"


@pytest.mark.parametrize("url", ["https://lain.example/", "http://moodle.example", "file:///etc"])
def test_only_hosts_of_the_list_are_reached_and_only_by_https(url):
    with pytest.raises(MoodleError):
        MoodleSite(url, "rahasia", ("moodle.example",)).call("core_course_get_courses")


def test_a_moodle_that_does_not_answer_is_given_up(moodle):
    moodle.answers = {"core_course_get_courses": lambda _query: waiting.sleep(0.6) or []}
    slow = MoodleSite(moodle.site.url, "rahasia", ("127.0.0.1",), timeout=0.2)

    with pytest.raises(MoodleError):
        slow.call("core_course_get_courses")
