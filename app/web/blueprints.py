"""The blueprints in one list; each journey has a folder of its own beside this file."""

from flask import Flask

from app.web.auth.routes import bp as auth
from app.web.gallery.routes import bp as gallery
from app.web.health.routes import bp as health
from app.web.home.routes import bp as home

BLUEPRINTS = (home, auth, health, gallery)


def register(app: Flask) -> None:
    """Register all blueprints."""
    for blueprint in BLUEPRINTS:
        app.register_blueprint(blueprint)
