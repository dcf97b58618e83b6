"""Several people at the same moment: threads with a connection and a transaction each."""

import threading
from collections.abc import Callable
from functools import partial
from typing import Any

import pytest
from flask import Flask

from app.core.actor import SYSTEM
from app.core.db import db, transaction

Work = Callable[[Any], None]
AtOnce = Callable[..., list[BaseException]]


def start_together(*works: Callable[[], None]) -> list[BaseException]:
    """Let each work begin in a thread of its own once all are there; return what was raised."""
    start, errors = threading.Barrier(len(works)), []

    def one(work: Callable[[], None]) -> None:
        try:
            start.wait(timeout=30)
            work()
        except BaseException as error:
            errors.append(error)

    threads = [threading.Thread(target=one, args=(work,)) for work in works]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=120)
    assert not any(thread.is_alive() for thread in threads), "somebody still waits for a lock"
    return errors


@pytest.fixture
def at_once(app: Flask) -> AtOnce:
    """Run works of a session at the same moment, each in a transaction of its own.

    What was raised in the threads is returned; a test says itself which errors it expects.
    """

    def one(work: Work) -> None:
        with app.app_context():
            try:
                with transaction(SYSTEM) as session:
                    work(session)
            finally:
                db.session.remove()

    def run(*works: Work) -> list[BaseException]:
        return start_together(*(partial(one, work) for work in works))

    return run
