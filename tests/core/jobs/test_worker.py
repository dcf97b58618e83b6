"""The worker as a process: killed, told to stop, given poison; every item exactly once."""

import os
import signal

import pytest

from tests.core.jobs.test_inline import marks
from tests.core.jobs.workers import kill_group, wait_until, worker

pytestmark = pytest.mark.parametrize("app", [{"jobs_mode": "worker"}], indirect=True)


def many(count, **payload):
    return [(f"k{n}", payload) for n in range(count)]


def test_a_killed_worker_loses_and_repeats_nothing(app, start, job_row, item_rows):
    job_id = start("test.mark", items=many(200, sleep=0.02))

    for threshold in (40, 120):
        with worker(app) as process:
            wait_until(lambda at=threshold: job_row(job_id).done >= at)
            kill_group(process)
            assert job_row(job_id).state == "running"
    with worker(app):
        wait_until(lambda: job_row(job_id).state == "done")

    assert job_row(job_id).done == 200
    assert {item.state for item in item_rows(job_id)} == {"done"}
    written = marks(app, f"mark:{job_id}:")
    assert len(written) == 200
    assert set(written.values()) == {"1"}


def test_a_worker_told_to_stop_hands_its_job_back(app, start, job_row, item_rows):
    job_id = start("test.mark", items=many(50, sleep=0.05))

    with worker(app) as process:
        wait_until(lambda: job_row(job_id).done >= 5)
        process.send_signal(signal.SIGTERM)
        process.wait(timeout=10)

    job = job_row(job_id)
    assert (job.state, job.claimed_by) == ("queued", None)
    assert {item.attempts for item in item_rows(job_id) if item.state == "queued"} == {0}
    with worker(app):
        wait_until(lambda: job_row(job_id).state == "done")
    assert set(marks(app, f"mark:{job_id}:").values()) == {"1"}


def test_poison_items_fail_and_the_others_finish(app, start, job_row, item_rows):
    behave = ["die", None, "memory", None]
    job_id = start("test.mark", items=[(f"k{n}", {"behave": b}) for n, b in enumerate(behave)])

    with worker(app):
        wait_until(lambda: job_row(job_id).state == "done")

    assert [item.state for item in item_rows(job_id)] == ["failed", "done", "failed", "done"]
    assert [item.attempts for item in item_rows(job_id)][0] == 3


def test_an_item_that_takes_too_long_is_stopped(app, start, job_row, item_rows):
    job_id = start("test.slow", items=[("slow", {"sleep": 30}), ("quick", {"sleep": 0})])

    with worker(app):
        wait_until(lambda: job_row(job_id).state == "done")

    assert [item.state for item in item_rows(job_id)] == ["failed", "done"]


def test_a_lost_message_is_sent_again(app, start, job_row):
    job_id = start("test.mark", items=many(3))
    for path in app.config["SETTINGS"].instance.glob("queue.db*"):
        os.unlink(path)

    with worker(app):
        wait_until(lambda: job_row(job_id).state == "done")


def test_two_jobs_run_side_by_side(app, start, job_row):
    slow = start("test.mark", items=many(100, sleep=0.1))
    quick = start("test.mark", items=many(2))

    with worker(app):
        wait_until(lambda: job_row(quick).state == "done")
        assert job_row(slow).state == "running"
