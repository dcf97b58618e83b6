"""Certificates made ahead by two processes: the same files, whatever happens to the second one."""

import os
import signal

import psutil
import pytest

from app.core.files.models import StoredFile
from app.core.files.services import read_bytes
from app.core.jobs.models import Job
from courses.certificates.keystore import read_keyring
from courses.certificates.press_process import PressProcess
from courses.certificates.verify_pdf import check_pdf
from courses.services import workshop
from courses.services.certificate_records import facts_of
from courses.services.workshop import keys_folder
from tests.factories.courses import certificates_of, make_completed

PEOPLE, GROUP = 12, 5


class Watched(PressProcess):
    """A second process that says what it is asked."""

    seen: list["Watched"]
    deadly = False

    def __init__(self, setup):
        super().__init__(setup)
        self.groups = []
        type(self).seen.append(self)

    def send(self, group, signed_at):
        self.groups.append(len(group))
        taken = super().send(group, signed_at)
        if self.deadly:
            os.kill(self.pid, signal.SIGKILL)
        return taken


@pytest.fixture
def watched(monkeypatch):
    """Make groups small, so that a job of a few people has several."""
    workshop.close_workshop()
    kind = type("Seen", (Watched,), {"seen": []})
    monkeypatch.setattr(workshop, "PressProcess", kind)
    monkeypatch.setattr(workshop, "GROUP_SIZE", GROUP)
    monkeypatch.setattr(workshop, "_WORTH_IT", 2)
    return kind


def assert_all_are_genuine(session, run):
    keyring = read_keyring(keys_folder())
    made = certificates_of(session, run)
    assert len(made) == PEOPLE
    for row in made:
        data = read_bytes(session.get_one(StoredFile, row.file_id))
        found = check_pdf(
            data, keyring=keyring, expected=facts_of(row), stored_sha256=row.file_hash
        )
        assert found.genuine, found.problems


def test_a_second_process_makes_the_next_groups(session, issue_all, watched):
    run = make_completed(session, PEOPLE)

    job = session.get_one(Job, issue_all(run))

    assert (job.state, job.done) == ("done", PEOPLE)
    [second] = watched.seen
    assert second.groups == [GROUP, PEOPLE - 2 * GROUP], "the first group is made here"
    assert not psutil.pid_exists(second.pid), "it ends with the job"
    assert_all_are_genuine(session, run)


def test_a_killed_second_process_costs_nothing(session, issue_all, watched):
    watched.deadly = True
    run = make_completed(session, PEOPLE)

    job = session.get_one(Job, issue_all(run))

    assert (job.state, job.done, job.failed) == ("done", PEOPLE, 0)
    assert_all_are_genuine(session, run)


def test_the_second_process_ends_when_its_worker_is_gone(session, issue_all, watched):
    issue_all(make_completed(session, 1))
    second = PressProcess(workshop.workshop_of(session, None).press.setup)

    second._line.close()  # as the system does when the worker is killed

    assert second._child.wait(30) == 0
