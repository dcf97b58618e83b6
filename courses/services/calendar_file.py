"""The meetings of a session as a calendar file (RFC 5545)."""

from collections.abc import Sequence
from datetime import UTC, timedelta

import icalendar

from app.core import clock
from app.core.runtime import settings
from courses.enums import SessionState
from courses.models import Meeting, Session


def calendar_of(run: Session) -> bytes:
    """Return one event a meeting; importing it again updates the events instead of doubling them.

    A cancelled session cancels its events.
    """
    return _calendar([run], "CANCEL" if run.state == SessionState.CANCELLED else "PUBLISH")


def calendar_of_all(runs: Sequence[Session]) -> bytes:
    """Return the meetings of several sessions as one calendar."""
    return _calendar(runs, "PUBLISH")


def _calendar(runs: Sequence[Session], method: str) -> bytes:
    calendar = icalendar.Calendar()
    calendar.add("prodid", "-//e-karir//ID")
    calendar.add("version", "2.0")
    calendar.add("method", method)
    for run in runs:
        for meeting in run.meetings:
            calendar.add_component(_event(run, meeting))
    content: bytes = calendar.to_ical()
    return content


def _event(run: Session, meeting: Meeting) -> icalendar.Event:
    host = settings().base_url.split("//", 1)[-1].split("/", 1)[0]
    event = icalendar.Event()
    event.add("uid", f"pertemuan-{meeting.id}@{host}")
    event.add("sequence", run.version)
    event.add("dtstamp", clock.now())
    event.add("dtstart", meeting.starts_at.astimezone(UTC))
    event.add("dtend", meeting.ends_at.astimezone(UTC))
    event.add("summary", run.title)
    event.add("location", meeting.where or meeting.online or "")
    event.add("description", "\n".join(filter(None, (meeting.topic, meeting.online))))
    event.add("url", f"{settings().base_url}/pelatihan/sesi/{run.id}")
    cancelled = run.state == SessionState.CANCELLED
    event.add("status", "CANCELLED" if cancelled else "CONFIRMED")
    reminder = icalendar.Alarm()
    reminder.add("action", "DISPLAY")
    reminder.add("description", run.title)
    reminder.add("trigger", timedelta(hours=-1))
    event.add_component(reminder)
    return event
