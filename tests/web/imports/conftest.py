"""An officer who imports."""

from typing import Any

import pytest

from tests.factories.staff import Importer


@pytest.fixture
def importer(client_as: Any) -> Importer:
    """Return the steps of an import for a signed-in officer."""
    return Importer(client_as("officer"))
