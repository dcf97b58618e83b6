"""The application package; it holds nothing but the entry point of the factory."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from flask import Flask


def create_app() -> "Flask":
    """Build the Flask application from the environment (see config.py)."""
    # Imported inside: importing a domain package must never drag the whole factory in.
    from app.factory import build_app
    from config import Settings

    return build_app(Settings.from_environment())
