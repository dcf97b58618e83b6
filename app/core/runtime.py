"""The settings of the running application, for services that need a folder or an address."""

from typing import TYPE_CHECKING

from flask import current_app

if TYPE_CHECKING:
    from config import Settings


def settings() -> "Settings":
    """Return the settings of the running application."""
    found: Settings = current_app.config["SETTINGS"]
    return found
