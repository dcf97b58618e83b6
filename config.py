"""Typed settings, read once from the environment; production refuses unsafe values."""

import os
import secrets
from dataclasses import dataclass, field
from pathlib import Path

from environs import Env

ROOT = Path(__file__).resolve().parent


class UnsafeConfiguration(RuntimeError):
    """The environment asks for something that must not run in production."""


@dataclass(frozen=True)
class Settings:
    """Everything that differs between two installations."""

    environment: str = "development"
    secret_key: str = ""
    secret_key_fallbacks: tuple[str, ...] = ()
    database_url: str = ""
    instance: Path = field(default_factory=lambda: ROOT / "instance")
    base_url: str = "http://127.0.0.1:8000"
    timezone: str = "Asia/Jakarta"
    city_name: str = "Kota Pontianak"
    agency_name: str = "BKPSDM Kota Pontianak"
    jobs_mode: str = "worker"
    redis_url: str = ""
    mail_server: str = ""
    mail_port: int = 25
    mail_username: str = ""
    mail_password: str = ""
    mail_use_tls: bool = False
    mail_sender: str = "e-karir <no-reply@localhost>"
    max_upload_mb: int = 25
    proxy_hops: int = 0
    require_second_factor: bool = False
    timestamp_url: str = ""
    moodle_url: str = ""
    moodle_token: str = field(default="", repr=False)
    moodle_hosts: tuple[str, ...] = ()
    session_hours: int = 12
    idle_minutes: int = 480
    elevated_idle_minutes: int = 30
    security_contact: str = ""

    @property
    def is_production(self) -> bool:
        """Whether the installation serves real people."""
        return self.environment == "production"

    @property
    def files_folder(self) -> Path:
        """Folder of uploads and issued files, outside every web root."""
        return self.instance / "files"

    @classmethod
    def from_environment(cls) -> "Settings":
        """Read the settings; see .env.example for the list.

        Raises:
            UnsafeConfiguration: in production without a secret key, base URL over HTTPS, or with
                SQLite that was not asked for.
        """
        env = Env()
        environment = env.str("EKARIR_ENV", "development")
        instance = Path(env.str("EKARIR_INSTANCE", str(ROOT / "instance"))).resolve()
        settings = cls(
            environment=environment,
            secret_key=env.str("SECRET_KEY", ""),
            secret_key_fallbacks=tuple(env.list("SECRET_KEY_FALLBACKS", [])),
            database_url=env.str("DATABASE_URL", ""),
            instance=instance,
            base_url=env.str("BASE_URL", f"http://127.0.0.1:{env.int('PORT', 8000)}").rstrip("/"),
            timezone=env.str("TIMEZONE", "Asia/Jakarta"),
            city_name=env.str("CITY_NAME", "Kota Pontianak"),
            agency_name=env.str("AGENCY_NAME", "BKPSDM Kota Pontianak"),
            jobs_mode=env.str("JOBS_MODE", "worker"),
            redis_url=env.str("REDIS_URL", ""),
            mail_server=env.str("MAIL_SERVER", ""),
            mail_port=env.int("MAIL_PORT", 25),
            mail_username=env.str("MAIL_USERNAME", ""),
            mail_password=env.str("MAIL_PASSWORD", ""),
            mail_use_tls=env.bool("MAIL_USE_TLS", False),
            mail_sender=env.str("MAIL_SENDER", "e-karir <no-reply@localhost>"),
            max_upload_mb=env.int("MAX_UPLOAD_MB", 25),
            proxy_hops=env.int("PROXY_HOPS", 0),
            require_second_factor=env.bool("REQUIRE_SECOND_FACTOR", environment == "production"),
            timestamp_url=env.str("TIMESTAMP_URL", ""),
            moodle_url=env.str("MOODLE_URL", "").rstrip("/"),
            moodle_token=env.str("MOODLE_TOKEN", ""),
            moodle_hosts=tuple(env.list("MOODLE_HOSTS", [])),
            session_hours=env.int("SESSION_HOURS", 12),
            idle_minutes=env.int("SESSION_IDLE_MINUTES", 480),
            elevated_idle_minutes=env.int("SESSION_IDLE_MINUTES_ELEVATED", 30),
            security_contact=env.str("SECURITY_CONTACT", ""),
        )
        return settings.completed(allow_sqlite=env.bool("ALLOW_SQLITE", False))

    def completed(self, *, allow_sqlite: bool = False) -> "Settings":
        """Return the settings with safe values filled in, or refuse (see `from_environment`)."""
        from dataclasses import replace

        if self.is_production:
            self._refuse_unsafe(allow_sqlite)
        secret = self.secret_key or _kept_secret(self.instance / "secret_key")
        url = self.database_url or f"sqlite:///{self.instance / 'ekarir.db'}"
        # SQLAlchemy 2.1 reads postgresql:// as psycopg 3 already; name the driver all the same.
        if url.startswith(("postgres://", "postgresql://")):
            url = "postgresql+psycopg://" + url.split("://", 1)[1]
        return replace(self, secret_key=secret, database_url=url)

    def _refuse_unsafe(self, allow_sqlite: bool) -> None:
        if len(self.secret_key) < 32:
            raise UnsafeConfiguration(
                "SECRET_KEY is missing or shorter than 32 characters. Make one with: "
                'python -c "import secrets; print(secrets.token_urlsafe(48))"'
            )
        if not self.base_url.startswith("https://"):
            raise UnsafeConfiguration("BASE_URL must start with https:// in production.")
        if not allow_sqlite and not self.database_url.startswith("postgres"):
            raise UnsafeConfiguration(
                "DATABASE_URL must name PostgreSQL in production; "
                "set ALLOW_SQLITE=1 to accept SQLite."
            )
        if self.jobs_mode == "inline":
            raise UnsafeConfiguration("JOBS_MODE=inline is for tests only.")


def _kept_secret(path: Path) -> str:
    """Return the development key of this instance, made at the first start."""
    if path.exists():
        return path.read_text().strip()
    path.parent.mkdir(parents=True, exist_ok=True)
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w") as handle:
        secret = secrets.token_urlsafe(48)
        handle.write(secret)
    return secret
