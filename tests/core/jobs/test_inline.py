"""Jobs run in the same process right after the commit (JOBS_MODE=inline)."""

import pytest
from sqlalchemy import select

from app.core.actor import SYSTEM
from app.core.db import db, transaction
from app.core.errors import InvalidTransition
from app.core.i18n import Message
from app.core.jobs.models import Job, WorkerHeartbeat
from app.core.jobs.services import cancel, enqueue, progress_of, retry


def items(*behaviours):
    return [(f"k{n}", {"behave": word}) for n, word in enumerate(behaviours)]


def marks(app, prefix):
    with app.app_context():
        query = select(WorkerHeartbeat).where(WorkerHeartbeat.name.startswith(prefix))
        return {row.name: row.note for row in db.session.scalars(query)}


def test_it_runs_every_item_once_and_counts_the_outcomes(app, start, job_row, item_rows):
    job_id = start("test.mark", items=items(None, "skip", "refuse", None))

    job = job_row(job_id)
    assert (job.state, job.total, job.done, job.skipped, job.failed) == ("done", 4, 2, 1, 1)
    assert [item.state for item in item_rows(job_id)] == ["done", "skipped", "failed", "done"]
    assert set(marks(app, "mark:").values()) == {"1"}


def test_a_refused_item_keeps_its_sentence_and_leaves_no_effect(app, start, item_rows):
    job_id = start("test.mark", items=items(None, "refuse"))

    refused = item_rows(job_id)[1]
    assert str(refused.message_text) == "Ditolak: k1"
    assert f"mark:{job_id}:k1" not in marks(app, "mark:")
    assert refused.attempts == 1


def test_a_poison_item_fails_after_three_tries_and_the_others_finish(start, job_row, item_rows):
    job_id = start("test.mark", items=items("fault", None, None))

    first, *others = item_rows(job_id)
    assert (first.state, first.attempts) == ("failed", 3)
    assert {item.state for item in others} == {"done"}
    assert job_row(job_id).state == "done"


def test_an_item_that_fails_once_succeeds_at_the_second_try(app, start, item_rows):
    job_id = start("test.mark", items=items("fault_once", None))

    assert [(item.state, item.attempts) for item in item_rows(job_id)] == [("done", 2), ("done", 1)]
    assert marks(app, "mark:") == {f"mark:{job_id}:k0": "1", f"mark:{job_id}:k1": "1"}


def test_a_job_without_any_success_is_a_failure(start, job_row):
    job = job_row(start("test.mark", items=items("refuse", "refuse")))

    assert job.state == "failed"
    assert "Tidak ada satu pun" in str(job.error_message)


def test_a_job_without_items_is_a_failure(start, job_row):
    assert job_row(start("test.mark", items=[])).state == "failed"


def test_the_result_holds_what_finish_returned(start, job_row):
    job = job_row(start("test.mark", items=items(None)))

    assert job.result == {"message": {"text": "Selesai", "params": {}}, "counts": {"done": 1}}


def test_the_same_key_starts_nothing_new(app, start):
    first = start("test.mark", key="terbit:7", items=items(None))
    second = start("test.mark", key="terbit:7", items=items(None, None))

    assert first == second
    assert len(marks(app, "mark:")) == 1


def test_a_failed_job_gives_its_key_up(start):
    first = start("test.mark", key="terbit:8", items=items("refuse"))
    second = start("test.mark", key="terbit:8", items=items(None))

    assert first != second


def test_nothing_starts_when_the_transaction_is_rolled_back(app, job_row):
    with app.app_context():
        with pytest.raises(RuntimeError), transaction(SYSTEM) as session:
            enqueue(session, kind="test.mark", title=Message("x"), actor=SYSTEM, items=items(None))
            raise RuntimeError
        assert db.session.scalars(select(Job)).all() == []
    assert marks(app, "mark:") == {}


def test_an_unknown_kind_is_refused_at_once(app):
    with app.app_context(), pytest.raises(LookupError), transaction(SYSTEM) as session:
        enqueue(session, kind="no.such", title=Message("x"), actor=SYSTEM)


def test_cancel_inside_stops_before_the_next_item(app, start, job_row, item_rows):
    job_id = start("test.mark", items=items(None, "cancel", None, None))

    states = [item.state for item in item_rows(job_id)]
    assert states == ["done", "done", "cancelled", "cancelled"]
    assert job_row(job_id).state == "cancelled"


def test_an_ended_job_cannot_be_cancelled(app, start):
    job_id = start("test.mark", items=items(None))

    with app.app_context(), pytest.raises(InvalidTransition), transaction(SYSTEM) as session:
        cancel(session, job_id=job_id, actor=SYSTEM)


def test_retry_runs_only_what_failed(app, start, job_row):
    job_id = start("test.mark", items=items(None, "refuse"))

    with app.app_context(), transaction(SYSTEM) as session:
        retry(session, job_id=job_id, actor=SYSTEM)

    job = job_row(job_id)
    assert (job.state, job.done, job.failed) == ("done", 1, 1)
    assert marks(app, "mark:") == {f"mark:{job_id}:k0": "1"}


def test_a_flawless_job_cannot_be_retried(app, start):
    job_id = start("test.mark", items=items(None))

    with app.app_context(), pytest.raises(InvalidTransition), transaction(SYSTEM) as session:
        retry(session, job_id=job_id, actor=SYSTEM)


def test_a_whole_job_reports_progress_and_result(app, start):
    job_id = start("test.whole", params={"steps": 3})

    with app.app_context():
        progress = progress_of(db.session(), job_id)
    assert (progress.state, progress.done, progress.total, progress.percent) == ("done", 3, 3, 100)


def test_a_whole_job_that_is_refused_says_why(start, job_row):
    job = job_row(start("test.whole", params={"steps": 3, "refuse_at": 1}))

    assert (job.state, str(job.error_message)) == ("failed", "Berkas tidak dapat dibaca.")


def test_a_fault_gives_a_reference_and_no_stack(start, job_row):
    job = job_row(start("test.whole", params={"steps": 3, "fault_at": 0}))

    assert job.state == "failed"
    assert "nomor" in str(job.error_message)
    assert "RuntimeError" not in str(job.error)


def test_a_refused_whole_job_can_be_run_again(app, start, job_row):
    job_id = start("test.whole", params={"steps": 2, "refuse_at": 1})
    with app.app_context(), transaction(SYSTEM) as session:
        retry(session, job_id=job_id, actor=SYSTEM)

    assert marks(app, f"whole:{job_id}") == {f"whole:{job_id}:0": "2", f"whole:{job_id}:1": "2"}
