"""One key store, one renderer and one signed file for all tests of certificate files."""

from pathlib import Path

import pytest

from courses.certificates.keystore import KeyStore, open_keystore
from courses.certificates.render import Renderer, SealSigner
from courses.certificates.signing import LocalSigner
from tests.courses.certificates.samples import NOW, facts_of


@pytest.fixture(scope="session")
def store(tmp_path_factory: pytest.TempPathFactory) -> KeyStore:
    folder = tmp_path_factory.mktemp("keys")
    return open_keystore(folder, organisation="Pemerintah Kota Contoh", now=NOW)


@pytest.fixture(scope="session")
def foreign(tmp_path_factory: pytest.TempPathFactory) -> KeyStore:
    return open_keystore(tmp_path_factory.mktemp("foreign"), organisation="Lain", now=NOW)


@pytest.fixture(scope="session")
def renderer(store: KeyStore) -> Renderer:
    return Renderer(SealSigner(store.seal_key, store.seal))


@pytest.fixture(scope="session")
def signed(renderer: Renderer, store: KeyStore) -> bytes:
    return LocalSigner(store).sign(renderer.render(facts_of()), signed_at=NOW, reason="Sertifikat")


@pytest.fixture(scope="session")
def signed_path(signed: bytes, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("pdf") / "sertifikat.pdf"
    path.write_bytes(signed)
    return path
