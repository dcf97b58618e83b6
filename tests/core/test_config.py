"""Production refuses unsafe settings; everything else gets safe ones."""

import stat

import pytest

from config import Settings, UnsafeConfiguration

SAFE = {
    "EKARIR_ENV": "production",
    "SECRET_KEY": "k" * 40,
    "BASE_URL": "https://ekarir.example.go.id",
    "DATABASE_URL": "postgresql://ekarir@db/ekarir",
}


@pytest.fixture
def environment(monkeypatch, tmp_path):
    for name in ("SECRET_KEY", "DATABASE_URL", "BASE_URL", "JOBS_MODE", "ALLOW_SQLITE"):
        monkeypatch.delenv(name, raising=False)

    def use(**values):
        for name, value in {"EKARIR_INSTANCE": str(tmp_path), **values}.items():
            monkeypatch.setenv(name, value)
        return Settings.from_environment()

    return use


def test_a_safe_production_starts_with_the_second_factor_required(environment):
    settings = environment(**SAFE)

    assert settings.require_second_factor
    assert settings.database_url == "postgresql+psycopg://ekarir@db/ekarir"


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("SECRET_KEY", "", "SECRET_KEY"),
        ("SECRET_KEY", "short", "SECRET_KEY"),
        ("BASE_URL", "http://ekarir.example.go.id", "BASE_URL"),
        ("DATABASE_URL", "", "DATABASE_URL"),
        ("DATABASE_URL", "sqlite:///ekarir.db", "DATABASE_URL"),
        ("JOBS_MODE", "inline", "JOBS_MODE"),
    ],
)
def test_an_unsafe_production_is_refused_by_name(environment, name, value, said):
    with pytest.raises(UnsafeConfiguration, match=said):
        environment(**{**SAFE, name: value})


def test_production_accepts_sqlite_when_it_is_asked_for(environment):
    settings = environment(**{**SAFE, "DATABASE_URL": "", "ALLOW_SQLITE": "1"})

    assert settings.database_url.startswith("sqlite:///")


def test_development_makes_a_key_once_and_keeps_it_to_itself(environment, tmp_path):
    first = environment(EKARIR_ENV="development").secret_key

    assert first == environment(EKARIR_ENV="development").secret_key
    assert stat.S_IMODE((tmp_path / "secret_key").stat().st_mode) == 0o600
    assert len(first) >= 40
