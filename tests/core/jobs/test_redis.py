"""Messages through Redis, as workers on several hosts share them."""

from dataclasses import replace

import pytest

from app.core.jobs.queue import init_app
from tests.core.jobs.workers import wait_until, worker


@pytest.mark.parametrize("app", [{"jobs_mode": "worker"}], indirect=True)
def test_a_worker_takes_its_messages_from_redis(app, redis_url, start, job_row):
    app.config["SETTINGS"] = replace(app.config["SETTINGS"], redis_url=redis_url)
    init_app(app, app.config["SETTINGS"])
    job_id = start("test.mark", items=[("k0", {}), ("k1", {})])

    with worker(app):
        wait_until(lambda: job_row(job_id).state == "done")

    assert not list(app.config["SETTINGS"].instance.glob("queue.db*"))
