"""Wiring: settings, extensions, policy, blueprints, error handlers and commands; nothing else."""

import secrets
from importlib import import_module
from typing import Any

import structlog
from flask import Flask, Response, g, request
from flask_babel import Babel
from flask_migrate import Migrate
from flask_wtf.csrf import CSRFProtect
from werkzeug.middleware.proxy_fix import ProxyFix
from whitenoise import WhiteNoise

from app import cli
from app.core import clock, logs
from app.core.db import configure_engine, db
from app.core.jobs import queue
from app.web import blueprints, errors, filters, i18n, shell
from app.web.auth import login
from config import ROOT, Settings

csrf = CSRFProtect()
babel = Babel()
migrate = Migrate()


def build_app(settings: Settings) -> Flask:
    """Return the configured application."""
    app = Flask(
        "app",
        instance_path=str(settings.instance),
        root_path=str(ROOT / "app"),
        template_folder="web/templates",
        static_folder="web/static",
    )
    settings.instance.mkdir(parents=True, exist_ok=True)
    _configure(app, settings)
    app.before_request(_identify_request)  # first: the sign-in below writes the id down
    _extensions(app, settings)
    import_models()
    register_policy()
    blueprints.register(app)
    errors.register(app)
    filters.register(app)
    shell.register(app)
    cli.register(app)
    app.after_request(_headers)
    return app


def _configure(app: Flask, settings: Settings) -> None:
    clock.set_timezone(settings.timezone)
    logs.configure(as_json=settings.is_production)
    secure = settings.base_url.startswith("https://")
    app.config.update(
        SETTINGS=settings,
        SECRET_KEY=settings.secret_key,
        SECRET_KEY_FALLBACKS=list(settings.secret_key_fallbacks),
        SQLALCHEMY_DATABASE_URI=settings.database_url,
        SQLALCHEMY_ENGINE_OPTIONS={"pool_pre_ping": True},
        MAX_CONTENT_LENGTH=settings.max_upload_mb * 1024 * 1024,
        MAX_FORM_MEMORY_SIZE=2 * 1024 * 1024,
        MAX_FORM_PARTS=10_000,
        SESSION_COOKIE_NAME="__Host-ekarir" if secure else "ekarir",
        SESSION_COOKIE_SECURE=secure,
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        # The token lives as long as the sign-in: an hour is too short for a form on a phone.
        WTF_CSRF_TIME_LIMIT=None,
        BABEL_DEFAULT_LOCALE="id",
        BABEL_DEFAULT_TIMEZONE=settings.timezone,
        BABEL_TRANSLATION_DIRECTORIES="web/translations",
        TESTING=settings.environment == "testing",
    )


def _extensions(app: Flask, settings: Settings) -> None:
    db.init_app(app)
    with app.app_context():
        configure_engine(db.engine)
    migrate.init_app(app, db, directory=str(ROOT / "migrations"), render_as_batch=True)
    csrf.init_app(app)
    babel.init_app(app, locale_selector=i18n.select_language)
    login.init_app(app)
    queue.init_app(app, settings)
    if settings.proxy_hops:
        hops = settings.proxy_hops
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=hops, x_proto=hops, x_host=hops)  # type: ignore[method-assign]
    static = WhiteNoise(
        app.wsgi_app, root=str(ROOT / "app/web/static"), prefix="static/", max_age=3600
    )
    app.wsgi_app = static  # type: ignore[method-assign]


MODELS = ("app.core.models", "skills.models", "matching.models", "courses.models")


def import_models() -> None:
    """Import every table, so that mappings and migrations know all of them."""
    for name in MODELS:
        import_module(name)


def register_policy() -> None:
    """Let the packages put their predicates into the policy."""
    from app.core.files import access as files_access
    from app.core.jobs import access as jobs_access
    from courses import access as courses_access
    from matching import access as matching_access
    from skills import access as skills_access

    for module in (jobs_access, files_access, skills_access, matching_access, courses_access):
        module.register()


def _identify_request() -> None:
    g.request_id = secrets.token_hex(8)
    structlog.contextvars.clear_contextvars()
    structlog.contextvars.bind_contextvars(request_id=g.request_id)


POLICY = {
    "default-src": "'self'",
    "script-src": "'self'",
    "style-src": "'self'",
    "img-src": "'self' data: blob:",
    "font-src": "'self'",
    "connect-src": "'self'",
    "object-src": "'none'",
    "base-uri": "'none'",
    "form-action": "'self'",
    "frame-ancestors": "'none'",
}


def _headers(response: Response) -> Any:
    policy = "; ".join(f"{key} {value}" for key, value in POLICY.items())
    response.headers.setdefault("Content-Security-Policy", policy)
    response.headers.setdefault("X-Content-Type-Options", "nosniff")
    response.headers.setdefault("Referrer-Policy", "same-origin")
    response.headers.setdefault("Cross-Origin-Opener-Policy", "same-origin")
    response.headers.setdefault(
        "Permissions-Policy", "camera=(self), microphone=(), geolocation=(), payment=()"
    )
    if request.is_secure:
        response.headers.setdefault("Strict-Transport-Security", "max-age=31536000")
    if not request.path.startswith("/static/") and "Cache-Control" not in response.headers:
        response.headers["Cache-Control"] = "no-store"
    response.headers["X-Request-ID"] = g.get("request_id", "")
    return response
