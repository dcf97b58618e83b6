"""Pages of background jobs: whose, what they show, and what can be done from them."""

import io

import pytest
from openpyxl import load_workbook
from sqlalchemy import select

from app.core.accounts.models import Account
from app.core.accounts.sessions import actor_of
from app.core.actor import SYSTEM
from app.core.db import db, transaction
from app.core.i18n import Message
from app.core.jobs.models import Job, JobState
from app.core.jobs.services import enqueue
from app.core.notifications.models import Notification
from tests.core.jobs import kinds  # noqa: F401 - registers the kinds


@pytest.fixture
def run_job(app):
    """Run an itemised job of an account and return its id."""

    def run(client, *behaviours, title="Terbitkan <b>sertifikat</b>"):
        with app.app_context():
            actor = actor_of(db.session.get_one(Account, client.account.id))
            with transaction(actor) as session:
                items = [(f"Data {n}", {"behave": word}) for n, word in enumerate(behaviours)]
                job = enqueue(
                    session, kind="test.mark", title=Message(title), actor=actor, items=items
                )
                job_id = job.id
            return job_id

    return run


@pytest.fixture
def set_state(app):
    """Put a job into a state, as a worker would."""

    def change(job_id, state):
        with app.app_context(), transaction(SYSTEM) as session:
            session.get_one(Job, job_id).state = state

    return change


def test_the_list_shows_own_jobs_only(client_as, run_job):
    owner, other = client_as("organiser"), client_as("organiser")
    run_job(owner, None)

    assert "&lt;b&gt;sertifikat&lt;/b&gt;" in owner.get("/pekerjaan").text
    assert "&lt;b&gt;" not in other.get("/pekerjaan").text


def test_an_administrator_sees_all_jobs(client_as, run_job):
    run_job(client_as("organiser"), None, title="Impor pegawai")

    assert "Impor pegawai" in client_as("admin").get("/pekerjaan").text


def test_somebody_elses_job_looks_like_no_job(client_as, run_job):
    job_id = run_job(client_as("organiser"), None)
    stranger = client_as("officer")

    for path in ("", "/kemajuan", "/laporan.xlsx"):
        theirs = stranger.get(f"/pekerjaan/{job_id}{path}")
        nobodys = stranger.get(f"/pekerjaan/999999{path}")
        assert (theirs.status_code, nobodys.status_code) == (404, 404)
    assert stranger.post(f"/pekerjaan/{job_id}/batalkan").status_code in (400, 404)


def test_the_page_shows_the_report_with_reasons(client_as, run_job):
    client = client_as("organiser")
    job_id = run_job(client, None, "skip", "refuse")

    page = client.get(f"/pekerjaan/{job_id}").text
    assert "Ditolak: Data 2" in page
    assert "Sudah ada." in page
    assert "Selesai dengan catatan" in page


def test_the_report_filters_by_state(client_as, run_job):
    client = client_as("organiser")
    job_id = run_job(client, None, "refuse")

    page = client.get(f"/pekerjaan/{job_id}?status=failed").text
    assert "Data 1" in page
    assert "Data 0" not in page


def test_the_workbook_has_a_row_per_item_and_no_formula(client_as, run_job):
    client = client_as("organiser")
    job_id = run_job(client, None, "refuse")

    answer = client.get(f"/pekerjaan/{job_id}/laporan.xlsx")
    rows = list(load_workbook(io.BytesIO(answer.data)).active.values)
    assert rows[1] == ("Data 0", "Selesai", None)
    assert rows[2] == ("Data 1", "Gagal", "Ditolak: Data 1")


def test_polling_ends_with_a_reload(client_as, run_job, set_state):
    client = client_as("organiser")
    job_id = run_job(client, None)

    ended = client.get(f"/pekerjaan/{job_id}/kemajuan")
    set_state(job_id, JobState.RUNNING)
    running = client.get(f"/pekerjaan/{job_id}/kemajuan")

    assert ended.headers["HX-Refresh"] == "true"
    assert "HX-Refresh" not in running.headers
    assert "hx-get" in running.text


def post(client, path):
    page = client.get(path.rpartition("/")[0]).text
    token = page.split('name="csrf_token" value="')[1].split('"')[0]
    return client.post(path, data={"csrf_token": token})


def test_a_waiting_job_is_cancelled_at_once(client_as, run_job, set_state, app):
    client = client_as("organiser")
    job_id = run_job(client, None)
    set_state(job_id, JobState.QUEUED)

    assert post(client, f"/pekerjaan/{job_id}/batalkan").status_code == 303
    with app.app_context():
        assert db.session.get_one(Job, job_id).state == "cancelled"


def test_retry_runs_the_failed_items_again(client_as, run_job, app):
    client = client_as("organiser")
    job_id = run_job(client, None, "refuse")

    assert post(client, f"/pekerjaan/{job_id}/ulangi").status_code == 303
    with app.app_context():
        job = db.session.get_one(Job, job_id)
        assert (job.state, job.claim, job.done, job.failed) == ("done", 2, 1, 1)


def test_the_creator_is_told_when_it_ends(client_as, run_job, app):
    client = client_as("organiser")
    job_id = run_job(client, None, title="Impor pegawai")

    with app.app_context():
        notice = db.session.scalars(select(Notification)).one()
        assert (notice.account_id, notice.url) == (client.account.id, f"/pekerjaan/{job_id}")
    assert "Pekerjaan selesai: Impor pegawai" in client.get("/notifikasi").text


def test_the_signed_out_are_sent_to_sign_in(client):
    assert "/masuk" in client.get("/pekerjaan").location
