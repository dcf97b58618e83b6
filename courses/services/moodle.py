"""Completions from a Moodle site by its web services (REST, JSON).

Nothing but the one host of the settings is ever reached: it must stand in the allow-list, there
are no redirects, every call has a time limit, and an answer has a largest size.
"""

import http.client
import json
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urlencode, urlsplit

from sqlalchemy import select
from sqlalchemy.orm import Session as DbSession

from app.core import clock
from app.core.actor import Actor
from app.core.errors import DomainError, InvalidInput
from app.core.i18n import N_, Message
from courses.models import Course, LearningImport
from courses.outside_rules import Completion
from courses.services.outside_import import MOST_ROWS, keep_check

_PATH = "/webservice/rest/server.php"
_LARGEST = 20 * 1024 * 1024
_LOCAL = ("127.0.0.1", "localhost")
DEADLINE = 120.0  # seconds for one pull; what is not read by then waits for the next


class MoodleError(DomainError):
    """The other platform could not be asked, or refused."""


@dataclass(frozen=True)
class MoodleSite:
    """Where to ask: address, token, hosts that may be reached at all."""

    url: str
    token: str
    hosts: tuple[str, ...]
    timeout: float = 10.0

    def call(self, function: str, **params: Any) -> Any:
        """Return the answer of a web-service function.

        Raises:
            MoodleError: the host is not allowed, does not answer in time, redirects, answers
                something else than JSON, or refuses.
        """
        parts = urlsplit(self.url)
        host = parts.hostname or ""
        if host not in self.hosts:
            raise MoodleError(N_("Host Moodle tidak ada di daftar yang diizinkan."))
        if parts.scheme != "https" and host not in _LOCAL:
            raise MoodleError(N_("Alamat Moodle harus memakai https."))
        query = {"wstoken": self.token, "wsfunction": function, "moodlewsrestformat": "json"}
        body = urlencode({**query, **params})
        kind = (
            http.client.HTTPSConnection if parts.scheme == "https" else http.client.HTTPConnection
        )
        connection = kind(host, parts.port, timeout=self.timeout)
        try:
            headers = {"Content-Type": "application/x-www-form-urlencoded"}
            connection.request("POST", parts.path.rstrip("/") + _PATH, body, headers)
            with connection.getresponse() as answer:  # closed also where more would follow
                status, content = answer.status, answer.read(_LARGEST + 1)
        except (OSError, http.client.HTTPException) as error:
            raise MoodleError(N_("Moodle tidak menjawab. Coba lagi nanti.")) from error
        finally:
            connection.close()
        if status != 200 or len(content) > _LARGEST:
            raise MoodleError(
                Message(N_("Moodle menjawab dengan kode %(code)s."), {"code": status})
            )
        return _decoded(content)


def _decoded(content: bytes) -> Any:
    try:
        found = json.loads(content)
    except ValueError as error:
        raise MoodleError(N_("Jawaban Moodle tidak dapat dibaca.")) from error
    if isinstance(found, dict) and "exception" in found:
        code = str(found.get("errorcode", ""))[:60]
        raise MoodleError(Message(N_("Moodle menolak: %(code)s."), {"code": code}))
    return found


def pull_completions(
    session: DbSession, *, actor: Actor, site: MoodleSite, deadline: float = DEADLINE
) -> LearningImport:
    """Ask for all completions and check them as an import; nothing is written yet.

    A course of Moodle counts when its ID number is a code of the catalogue, a user when the ID
    number is a NIP.

    Raises:
        MoodleError: see `MoodleSite.call`.
    """
    courses = {
        row.code: row
        for row in session.scalars(
            select(Course).where(Course.state == "in_force").order_by(Course.version)
        )
    }
    ends = time.monotonic() + deadline
    found: list[tuple[int, Completion | InvalidInput]] = []
    for line, one in enumerate(_completions(site, courses, ends), start=1):
        found.append((line, one))
        if len(found) >= MOST_ROWS:
            break
    host = urlsplit(site.url).hostname or ""
    return keep_check(session, actor=actor, source="moodle", name=host, found=found)


def _completions(
    site: MoodleSite, courses: dict[str, Course], ends: float
) -> Iterator[Completion | InvalidInput]:
    for entry in _rows(site.call("core_course_get_courses")):
        code = str(entry.get("idnumber") or "")
        if int(entry.get("id") or 0) <= 1:  # the site itself is course 1
            continue
        course = courses.get(code)
        if course is None:
            name = str(entry.get("fullname") or "")[:120]
            text = N_("Kursus Moodle “%(name)s” belum memakai kode katalog pada ID number.")
            yield InvalidInput(Message(text, {"name": name}))
            continue
        users = site.call("core_enrol_get_enrolled_users", courseid=entry["id"])
        for user in _rows(users):
            if time.monotonic() > ends:
                raise MoodleError(N_("Moodle terlalu lambat. Coba lagi nanti."))
            one = _completion(site, course, int(entry["id"]), user)
            if one is not None:
                yield one


def _rows(answer: Any) -> Sequence[dict[str, Any]]:
    if not isinstance(answer, list) or not all(isinstance(row, dict) for row in answer):
        raise MoodleError(N_("Jawaban Moodle tidak dapat dibaca."))
    return answer


def _completion(
    site: MoodleSite, course: Course, moodle_id: int, user: dict[str, Any]
) -> Completion | InvalidInput | None:
    """Return what a user completed, what is wrong with it, or None where it is not completed."""
    answer = site.call(
        "core_completion_get_course_completion_status", courseid=moodle_id, userid=user["id"]
    )
    status = answer.get("completionstatus", {}) if isinstance(answer, dict) else {}
    if not status.get("completed"):
        return None
    nip = "".join(c for c in str(user.get("idnumber") or "") if c.isdigit())
    if len(nip) != 18:
        return InvalidInput(N_("ID number pengguna Moodle bukan NIP."))
    moments = [int(row.get("timecompleted") or 0) for row in status.get("completions", [])]
    if not any(moments):
        return InvalidInput(N_("Tanggal selesai kosong atau belum lewat."))
    day = datetime.fromtimestamp(max(moments), clock.timezone()).date()
    return Completion(
        nip=nip,
        title=course.title,
        ended_on=day,
        jp=course.jp,
        organiser=course.provider,
        form_code=course.form_code,
        started_on=day,
    )
