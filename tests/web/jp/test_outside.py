"""Learning from other platforms: by file and from a Moodle that really answers over HTTP."""

import io
import json
import threading
import time as waiting
from dataclasses import replace
from datetime import datetime, time, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs

import pytest
from sqlalchemy import select

from app.core import clock
from app.core.jobs.models import Job
from app.core.jobs.runner import run
from app.core.spreadsheet.reader import read_table
from courses.models import LearningImport
from courses.services.moodle import MoodleError, MoodleSite
from skills.models import TrainingRecord
from tests.factories.courses import make_course
from tests.factories.people import make_employee

TOKEN = "token-rahasia-uji"
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
    assert verdicts(batch) == ["new", "new", "known", "unknown", *["refused"] * 3]
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
def moodle(app):
    handler = type("Answering", (Moodle,), {"answers": {}, "seen": []})
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    handler.url = f"http://127.0.0.1:{server.server_port}/lms"
    app.config["SETTINGS"] = replace(
        app.config["SETTINGS"],
        moodle_url=handler.url,
        moodle_token=TOKEN,
        moodle_hosts=("127.0.0.1",),
    )
    yield handler
    server.shutdown()
    server.server_close()
    thread.join()


def _noon(day):
    return int(datetime.combine(day, time(12), tzinfo=clock.timezone()).timestamp())


def pull(client, session):
    """Start the job by its button; return the page it ends on and the job."""
    answer = client.post("/jp/impor/moodle", follow_redirects=True)
    session.expire_all()
    return answer, session.scalars(select(Job).order_by(Job.id.desc())).first()


def answers_of(people, course):
    """Return a Moodle with a known course, an unknown one, and one that refuses to tell."""

    def completion(query):
        if query["courseid"] == "9":
            return {"exception": "moodle_exception", "errorcode": "nocriteriaset"}
        moments = [{"timecompleted": _noon(DAY)}, {"timecompleted": None}]
        completed = query["userid"] != "71"
        return {"completionstatus": {"completed": completed, "completions": moments}}

    return {
        "core_course_get_courses": [
            {"id": 1, "idnumber": "", "fullname": "Beranda"},
            {"id": 7, "idnumber": course.code, "fullname": "Kelas"},
            {"id": 8, "idnumber": "entah", "fullname": "Tak dikenal <b>"},
            {"id": 9, "idnumber": course.code, "fullname": "Tanpa kriteria"},
        ],
        "core_enrol_get_enrolled_users": [
            {"id": 70, "idnumber": people[0].nip},
            {"id": 71, "idnumber": people[1].nip},
            {"id": 72, "idnumber": "tamu"},
            {"id": 73, "idnumber": "199001012015019999"},
        ],
        "core_completion_get_course_completion_status": completion,
    }


def test_a_pull_from_moodle_is_a_job_that_reports_and_repeats_without_doubles(
    client_as, session, people, moodle, caplog, capsys
):
    course, client = make_course(session, title="Kelas Daring Uji"), client_as("organiser")
    moodle.answers = answers_of(people, course)
    page, job = pull(client, session)
    batch = last(session)
    assert verdicts(batch) == ["new", "refused", "unknown", "refused", "refused"]
    assert (job.state, job.done, job.total, batch.job_id) == ("done", 9, 9, job.id)
    assert job.result["counts"] == {
        "Baru": 1,
        "Sudah tercatat": 0,
        "Orang tidak dikenal": 1,
        "Ditolak": 3,
    }
    assert f"/jp/impor/{batch.id}" in page.text
    listed = client.get(f"/jp/impor/{batch.id}").text
    assert "nocriteriaset" in listed
    assert "Tak dikenal &lt;b&gt;" in listed
    assert session.scalars(select(TrainingRecord)).all() == [], "checked first"

    client.post(f"/jp/impor/{batch.id}/terapkan", data={"version": batch.version})
    row = session.scalars(select(TrainingRecord)).one()
    assert (row.employee_id, row.jp, row.ended_on) == (people[0].id, course.jp, DAY)
    assert moodle.seen[0][0] == "/lms/webservice/rest/server.php"
    assert moodle.seen[0][1]["wstoken"] == TOKEN
    _page, again = pull(client, session)
    assert again.id != job.id
    assert verdicts(last(session))[0] == "known", "twice is once"
    assert session.scalars(select(TrainingRecord)).all() == [row]
    shown = "".join(capsys.readouterr()) + caplog.text + page.text + str(job.result)
    assert TOKEN not in shown


def test_a_pull_that_was_kept_is_not_made_again(client_as, session, people, moodle):
    course = make_course(session)
    moodle.answers = answers_of(people, course)
    _page, job = pull(client_as("organiser"), session)
    calls = len(moodle.seen)
    job.state, job.finished_at, job.attempts = "queued", None, 0
    session.commit()
    run(job.id)
    session.expire_all()

    assert (job.state, len(moodle.seen)) == ("done", calls), "killed after it kept its check"
    assert len(session.scalars(select(LearningImport)).all()) == 1


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (302, "kode 302"),
        (503, "kode 503"),
        (b"<html>", "tidak dapat dibaca (daftar kursus)"),
        ({"exception": "x", "errorcode": "accessexception"}, "menolak: accessexception"),
        ({"bukan": "daftar"}, "tidak dapat dibaca"),
        ([{"id": "<b>7"}], "tidak dapat dibaca"),
    ],
)
def test_what_moodle_does_wrong_is_said_and_nothing_is_kept(
    client_as, session, moodle, answer, words, capsys
):
    moodle.answers = {"core_course_get_courses": answer}
    page, job = pull(client_as("organiser"), session)

    assert job.state == "failed"
    assert words in page.text
    assert TOKEN not in "".join(capsys.readouterr()) + page.text
    assert session.scalars(select(LearningImport)).all() == []
    assert len(moodle.seen) == 1, "a redirect is not followed"


@pytest.mark.parametrize("url", ["https://lain.example/", "http://moodle.example", "file:///etc"])
def test_only_hosts_of_the_list_are_reached_and_only_by_https(url):
    with pytest.raises(MoodleError):
        MoodleSite(url, TOKEN, ("moodle.example",)).call("core_course_get_courses")


def test_a_moodle_that_does_not_answer_is_given_up(moodle):
    moodle.answers = {"core_course_get_courses": lambda _query: waiting.sleep(0.6) or []}
    slow = MoodleSite(moodle.url, TOKEN, ("127.0.0.1",), timeout=0.2)

    with pytest.raises(MoodleError) as caught:
        slow.call("core_course_get_courses")
    assert "tidak menjawab dalam 0.2 detik" in str(caught.value.message)
    assert TOKEN not in repr(slow)
