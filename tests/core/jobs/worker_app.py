"""The application with the kinds of jobs of the tests, for `flask worker` as a process."""

from app import create_app
from tests.core.jobs import kinds  # noqa: F401 - registers the kinds

app = create_app()
