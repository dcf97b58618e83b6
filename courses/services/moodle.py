"""Completions on a Moodle site, asked by its web services (REST, JSON).

Nothing but the one host of the settings is ever reached: it must stand in the allow-list, there
are no redirects, every call has a time limit, and an answer has a largest size.
"""

import http.client
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from urllib.parse import urlencode, urlsplit

from app.core import clock
from app.core.errors import DomainError, InvalidInput
from app.core.i18n import N_, Message
from app.core.runtime import settings
from courses.models import Course
from courses.outside_rules import Completion

_PATH = "/webservice/rest/server.php"
_LARGEST = 20 * 1024 * 1024
_LOCAL = ("127.0.0.1", "localhost")
COURSES, USERS = "core_course_get_courses", "core_enrol_get_enrolled_users"
COMPLETION = "core_completion_get_course_completion_status"
_STEPS = {
    COURSES: N_("daftar kursus"),
    USERS: N_("daftar peserta"),
    COMPLETION: N_("penyelesaian peserta"),
}


class MoodleError(DomainError):
    """The other platform could not be asked, or what it answered cannot be read."""


class MoodleRefusal(MoodleError):
    """The other platform understood the question and refused it."""


@dataclass(frozen=True)
class MoodleSite:
    """Where to ask: address, token, hosts that may be reached at all."""

    url: str
    token: str = field(repr=False)  # never in a log or an error
    hosts: tuple[str, ...] = ()
    timeout: float = 10.0

    @property
    def host(self) -> str:
        """The name of the host."""
        return urlsplit(self.url).hostname or ""

    def call(self, function: str, **params: Any) -> Any:
        """Return the answer of a web-service function.

        Raises:
            MoodleRefusal: it refuses.
            MoodleError: the host is not allowed, does not answer in time, redirects, or answers
                something else than JSON.
        """
        parts = urlsplit(self.url)
        if self.host not in self.hosts:
            raise MoodleError(N_("Host Moodle tidak ada di daftar yang diizinkan."))
        if parts.scheme != "https" and self.host not in _LOCAL:
            raise MoodleError(N_("Alamat Moodle harus memakai https."))
        step = Message(_STEPS.get(function, function))
        status, content = self._answer(function, params, step)
        if len(content) > _LARGEST:
            raise MoodleError(
                Message(N_("Jawaban Moodle (%(step)s) terlalu besar."), {"step": step})
            )
        if status != 200:
            text = N_("Moodle menjawab dengan kode %(code)s (%(step)s).")
            raise MoodleError(Message(text, {"code": status, "step": step}))
        return _decoded(content, step)

    def _answer(self, function: str, params: Mapping[str, Any], step: Message) -> tuple[int, bytes]:
        parts = urlsplit(self.url)
        secure = parts.scheme == "https"
        kind = http.client.HTTPSConnection if secure else http.client.HTTPConnection
        connection = kind(self.host, parts.port, timeout=self.timeout)
        query = {"wstoken": self.token, "wsfunction": function, "moodlewsrestformat": "json"}
        try:
            headers = {"Content-Type": "application/x-www-form-urlencoded"}
            body = urlencode({**query, **params})
            connection.request("POST", parts.path.rstrip("/") + _PATH, body, headers)
            with connection.getresponse() as answer:  # closed also where more would follow
                return answer.status, answer.read(_LARGEST + 1)
        except TimeoutError as error:
            text = N_("Moodle tidak menjawab dalam %(seconds)s detik (%(step)s). Coba lagi nanti.")
            seconds = f"{self.timeout:g}"
            raise MoodleError(Message(text, {"seconds": seconds, "step": step})) from error
        except (OSError, http.client.HTTPException) as error:
            raise MoodleError(
                Message(
                    N_("Moodle di %(host)s tidak dapat dihubungi. Coba lagi nanti."),
                    {"host": self.host},
                )
            ) from error
        finally:
            connection.close()


def configured_site() -> MoodleSite | None:
    """Return the Moodle of the settings, or None where none is set."""
    found = settings()
    if not found.moodle_url or not found.moodle_token:
        return None
    return MoodleSite(found.moodle_url, found.moodle_token, found.moodle_hosts)


def _decoded(content: bytes, step: Message) -> Any:
    try:
        found = json.loads(content)
    except ValueError as error:
        raise _unreadable(step) from error
    if isinstance(found, dict) and "exception" in found:
        code = str(found.get("errorcode", ""))[:60]
        text = N_("Moodle menolak: %(code)s (%(step)s).")
        raise MoodleRefusal(Message(text, {"code": code, "step": step}))
    return found


def _unreadable(step: Message) -> MoodleError:
    return MoodleError(Message(N_("Jawaban Moodle tidak dapat dibaca (%(step)s)."), {"step": step}))


@dataclass(frozen=True)
class Asked:
    """A user of a Moodle course to ask about, or what is wrong with the course."""

    course: Course | None
    moodle_id: int = 0
    user: Mapping[str, Any] = field(default_factory=dict)
    problem: InvalidInput | None = None


def users_to_ask(site: MoodleSite, courses: Mapping[str, Course]) -> Iterator[Asked]:
    """Return whom to ask about: the users of each Moodle course whose ID number is a code here.

    Args:
        courses: the catalogue in force by code.

    Raises:
        MoodleError: see `MoodleSite.call`.
    """
    for entry in _rows(site.call(COURSES), COURSES):
        moodle_id = _number(entry.get("id"), COURSES)
        if moodle_id <= 1:  # the site itself is course 1
            continue
        name = str(entry.get("fullname") or "")[:120]
        course = courses.get(str(entry.get("idnumber") or ""))
        if course is None:
            text = N_("Kursus Moodle “%(name)s” belum memakai kode katalog pada ID number.")
            yield Asked(None, problem=InvalidInput(Message(text, {"name": name})))
            continue
        try:
            users = _rows(site.call(USERS, courseid=moodle_id), USERS)
        except MoodleRefusal as error:
            yield Asked(course, problem=_of_course(name, error))
            continue
        for user in users:
            yield Asked(course, moodle_id, user)


def _of_course(name: str, error: MoodleError) -> InvalidInput:
    text = N_("Kursus Moodle “%(name)s” dilewati. %(why)s")
    return InvalidInput(Message(text, {"name": name, "why": error.message}))


def _rows(answer: Any, function: str) -> Sequence[dict[str, Any]]:
    if not isinstance(answer, list) or not all(isinstance(row, dict) for row in answer):
        raise _unreadable(Message(_STEPS[function]))
    return answer


def _number(value: Any, function: str) -> int:
    if isinstance(value, bool) or not isinstance(value, int | str) or not str(value).isdigit():
        raise _unreadable(Message(_STEPS[function]))
    return int(value)


def completion_of_user(site: MoodleSite, asked: Asked) -> Completion | InvalidInput | None:
    """Return what a user completed, what is wrong with it, or None where it is not completed.

    Raises:
        MoodleError: see `MoodleSite.call`.
    """
    if asked.course is None or asked.problem is not None:
        return asked.problem
    user_id = _number(asked.user.get("id"), USERS)
    answer = site.call(COMPLETION, courseid=asked.moodle_id, userid=user_id)
    status = answer.get("completionstatus") if isinstance(answer, dict) else None
    if not isinstance(status, dict):
        raise _unreadable(Message(_STEPS[COMPLETION]))
    if not status.get("completed"):
        return None
    nip = "".join(c for c in str(asked.user.get("idnumber") or "") if c.isdigit())
    if len(nip) != 18:
        return InvalidInput(N_("ID number pengguna Moodle bukan NIP."))
    moments = [
        _number(row.get("timecompleted") or 0, COMPLETION)
        for row in _rows(status.get("completions") or [], COMPLETION)
    ]
    if not any(moments):
        return InvalidInput(N_("Tanggal selesai kosong atau belum lewat."))
    day = datetime.fromtimestamp(max(moments), clock.timezone()).date()
    return Completion(
        nip=nip,
        title=asked.course.title,
        ended_on=day,
        jp=asked.course.jp,
        organiser=asked.course.provider,
        form_code=asked.course.form_code,
        started_on=day,
    )
