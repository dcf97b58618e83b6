"""Many at once: the common page with personal text equals the full rendering, and all come out."""

import io
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any

import pikepdf
import pytest

from courses.certificates import batch, overlay
from courses.certificates.batch import BatchSetup, issue_many
from courses.certificates.codes import new_code
from courses.certificates.facts import CertificateFacts
from courses.certificates.keystore import KeyStore, open_keystore
from courses.certificates.overlay import Overlay, render_many
from courses.certificates.render import Renderer, SealSigner
from courses.certificates.template import TemplateSource, default_template
from courses.certificates.verify_pdf import check_pdf
from tests.courses.certificates.samples import LONG_NAME, NOW, facts_of
from tests.courses.certificates.test_pdf_conformance import run, verdict, walk

NAMES = (
    "Contoh Sari Wulandari, S.Kom., M.T.",
    "Agung Pratama Contoh",
    "Fitri Office Affan, S.E.",
    "AVATAR Tovy Waluyo, M.Si.",
    "Nguyễn Öztürk Contoh, S.Pd.",
    "Bima Lestari Rangga Kusuma Hartono",
)


def people(count: int = 6, **changes: Any) -> list[CertificateFacts]:
    """Return certificates of one session with names of one line."""
    return [
        facts_of(
            code=new_code(),
            holder=NAMES[n % len(NAMES)],
            number=f"800.2/{n + 1:04}/BKPSDM/2026",
            score=Decimal(80 + n % 20),
            **changes,
        )
        for n in range(count)
    ]


def structure(data: bytes) -> list[tuple[str, str, str]]:
    """Return kind, alternative text and content numbers of every tag."""
    with pikepdf.open(io.BytesIO(data)) as document:
        return [
            (str(tag.S), str(tag.get("/Alt", "")), content(tag))
            for tag in walk(document.Root.StructTreeRoot)
        ]


def content(tag: Any) -> str:
    """Return the numbers of a tag's marked content."""
    kids = tag.get("/K", [])
    kids = list(kids) if isinstance(kids, pikepdf.Array) else [kids]
    return " ".join(str(kid) for kid in kids if isinstance(kid, int))


def pixels(data: bytes, folder: Path, name: str) -> list[bytes]:
    (folder / f"{name}.pdf").write_bytes(data)
    run("pdftoppm", "-r", "110", str(folder / f"{name}.pdf"), str(folder / name))
    return [path.read_bytes() for path in sorted(folder.glob(f"{name}-*.ppm"))]


def text(data: bytes, folder: Path) -> str:
    (folder / "t.pdf").write_bytes(data)
    return run("pdftotext", "-layout", str(folder / "t.pdf"), "-")


def test_the_overlay_equals_the_full_rendering(renderer: Renderer, tmp_path: Path) -> None:
    group = people()
    common = Overlay(renderer, group)
    for person in group:
        short, full = common.personal(person), renderer.render(person)

        assert short is not None
        assert verdict(short) == ("pass", [])
        assert structure(short) == structure(full)
        assert pixels(short, tmp_path, f"s{person.code}") == pixels(
            full, tmp_path, f"f{person.code}"
        )
        assert text(short, tmp_path) == text(full, tmp_path)


def test_the_overlay_carries_each_persons_own_data(renderer: Renderer, store: KeyStore) -> None:
    group = people()
    common = Overlay(renderer, group)
    for person in group:
        data = common.personal(person)
        assert data is not None
        check = check_pdf(data, keyring=store.keyring, expected=person)
        with pikepdf.open(io.BytesIO(data)) as document, document.open_metadata() as xmp:
            assert person.holder in xmp["dc:title"] == str(document.docinfo.Title)
            assert person.number in str(document.docinfo.Subject)
            for stream in (spec.EF.F for spec in document.Root.AF):
                assert int(stream.Params.Size) == len(stream.read_bytes())

        assert check.facts == person and check.differences == ()


@pytest.mark.parametrize(
    "odd",
    [{"holder": LONG_NAME}, {"holder": "أحمد بن محمد"}, {"predicate": "", "score": None},
     {"holder_unit": "Badan Perencanaan " * 12}, {"note": "Satu-satunya bercatatan."}],
    ids=["long", "arabic", "no result", "two lines", "only one with a note"],
)  # fmt: skip
def test_who_does_not_fit_is_rendered_in_full(
    renderer: Renderer, tmp_path: Path, odd: dict[str, Any]
) -> None:
    group = [*people(5), replace(people(1)[0], **odd)]

    made = dict(zip((p.code for p in group), (data for _, data in render_in_order(renderer, group)),
                    strict=True))  # fmt: skip

    last = group[-1]
    assert pixels(made[last.code], tmp_path, "a") == pixels(renderer.render(last), tmp_path, "b")


def test_a_unit_that_is_also_the_organiser_does_not_take_its_line(
    renderer: Renderer, tmp_path: Path
) -> None:
    group = [replace(p, holder_unit=f"Dinas Contoh {n}") for n, p in enumerate(people())]
    group[0] = replace(group[0], holder_unit=group[0].organiser)

    common = Overlay(renderer, group)

    assert common.is_faithful(), "the common page is somebody's whose lines stand there once"
    for n, person in enumerate(group[:2]):
        assert pixels(common.personal(person) or b"", tmp_path, f"a{n}") == pixels(
            renderer.render(person), tmp_path, f"b{n}"
        )


def test_short_notes_are_laid_over_and_a_long_one_is_rendered_in_full(
    renderer: Renderer, tmp_path: Path
) -> None:
    notes = [f"Peserta terbaik kelompok {n}." for n in range(5)] + ["Menyusun modul " * 10]
    group = [replace(person, note=note) for person, note in zip(people(), notes, strict=True)]
    common = Overlay(renderer, group)

    laid = [common.personal(person) for person in group]

    assert all(laid[:5]) and laid[5] is None
    for n, person in enumerate(group[:3]):
        assert pixels(laid[n] or b"", tmp_path, f"a{n}") == pixels(
            renderer.render(person), tmp_path, f"b{n}"
        )
        assert person.note in text(laid[n] or b"", tmp_path)


def render_in_order(renderer: Renderer, group: list[CertificateFacts]) -> list[tuple[str, bytes]]:
    """Return code and file in the order of the group."""
    made = {facts.code: data for facts, data in render_many(renderer, group)}
    assert all(isinstance(data, bytes) for data in made.values())
    return [(facts.code, made[facts.code]) for facts in group]  # type: ignore[misc]


def test_a_template_that_an_overlay_cannot_follow_falls_back(store: KeyStore) -> None:
    shifting = TemplateSource(
        default_template().html.replace(
            '<p class="number">', '<p class="number" style="margin-left: {{ code[0] }}mm">'
        ),
        default_template().css
        + ".holder { float: left; width: auto } p + p { font-style: normal }",
    )
    renderer = Renderer(SealSigner(store.seal_key, store.seal), template=shifting)

    for person, data in render_many(renderer, people()):
        assert isinstance(data, bytes)
        with pikepdf.open(io.BytesIO(data)) as short:
            with pikepdf.open(io.BytesIO(renderer.render(person))) as full:
                contents = [
                    [page.obj.Contents.read_bytes() for page in d.pages] for d in (short, full)
                ]
        assert [list(map(overlay._normal, c)) for c in contents][0] == (
            list(map(overlay._normal, contents[1]))
        )


def test_one_that_cannot_be_printed_does_not_stop_the_others(
    tmp_path: Path,
) -> None:
    open_keystore(tmp_path, organisation="Kota", now=NOW)
    group = [*people(3), facts_of(code=new_code(), holder="漢字"), *people(2)]

    issued = {item.code: item for item in issue_many(group, setup_of(tmp_path), workers=1)}

    assert len(issued) == 6
    failed = issued.pop(group[3].code)
    assert failed.pdf == b"" and "tidak dapat dicetak" in str(failed.error)
    assert all(item.pdf and item.error is None for item in issued.values())


def setup_of(folder: Path) -> BatchSetup:
    return BatchSetup(keys=folder, signed_at=NOW, organisation="Kota")


def test_two_processes_make_every_certificate_exactly_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = open_keystore(tmp_path, organisation="Kota", now=NOW)
    monkeypatch.setattr(batch, "POOL_FROM", 8)
    monkeypatch.setattr(batch, "GROUP_SIZE", 6)
    group = people(14)

    issued = list(issue_many(iter(group), setup_of(tmp_path), workers=2))

    assert sorted(item.code for item in issued) == sorted(facts.code for facts in group)
    by_code = {facts.code: facts for facts in group}
    for item in issued:
        check = check_pdf(item.pdf, keyring=store.keyring, expected=by_code[item.code],
                          stored_sha256=item.sha256)  # fmt: skip
        assert check.genuine


def test_labels_come_in_the_language_of_the_job(tmp_path: Path) -> None:
    setup = replace(setup_of(tmp_path), words={"Diberikan kepada": "Awarded to"})

    [item] = issue_many(people(1, language="en"), setup)

    assert "Awarded to" in text(item.pdf, tmp_path)


def test_an_expired_key_is_told_for_each(tmp_path: Path) -> None:
    open_keystore(tmp_path, organisation="Kota", now=NOW)
    late = replace(setup_of(tmp_path), signed_at=NOW.replace(year=2040))

    assert all("berlaku" in str(item.error) for item in issue_many(people(2), late))
