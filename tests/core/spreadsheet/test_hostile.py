"""Whatever is uploaded, the answer is a sentence in Indonesian and the process lives."""

import resource
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.core.spreadsheet import limits, reader
from app.core.spreadsheet.errors import SpreadsheetError
from app.core.spreadsheet.reader import read_table
from tests.core.spreadsheet import hostile

CASES = [pytest.param(build, words, id=name) for name, build, words in hostile.CORPUS]


def refusal(path: Path) -> str:
    with pytest.raises(SpreadsheetError) as caught:
        list(read_table(path))
    return str(caught.value.message)


@pytest.mark.parametrize("build, words", CASES)
def test_it_refuses_with_a_sentence_that_names_the_fault(build, words, tmp_path):
    path = tmp_path / "upload.xlsx"
    build(path)

    text = refusal(path)

    assert words in text
    assert text.endswith(".")
    assert "%(" not in text


def test_it_does_not_load_a_bomb_into_the_parent(tmp_path):
    path = tmp_path / "bomb.xlsx"
    hostile.zip_bomb(path)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss

    refusal(path)

    grown = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before
    assert grown < 64 * 1024


def test_it_says_so_when_the_child_dies(tmp_path, monkeypatch):
    path = tmp_path / "good.xlsx"
    path.write_bytes(hostile.simple_bytes())
    monkeypatch.setattr(limits, "CHILD_MEMORY_BYTES", 16 * limits.MEGABYTE)

    assert "dihentikan" in refusal(path)


def test_it_says_so_when_the_child_is_killed_halfway(tmp_path, monkeypatch):
    path = tmp_path / "good.xlsx"
    path.write_bytes(hostile.simple_bytes())
    child = tmp_path / "child.py"
    child.write_text(
        'print(\'{"sheets":[],"sheet":"A"}\\n["NIP"\', flush=True); import os; os.abort()'
    )
    monkeypatch.setattr(reader, "_CHILD", child)

    assert "dihentikan" in refusal(path)


def test_it_stops_a_child_that_takes_too_long(tmp_path, monkeypatch):
    path = tmp_path / "good.xlsx"
    path.write_bytes(hostile.simple_bytes())
    child = tmp_path / "child.py"
    child.write_text("import time; time.sleep(60)")
    monkeypatch.setattr(reader, "_CHILD", child)
    monkeypatch.setattr(limits, "CHILD_WALL_SECONDS", 1.0)

    assert "setelah 1 detik" in refusal(path)


def test_it_stops_a_child_that_never_stops_writing(tmp_path, monkeypatch):
    path = tmp_path / "good.xlsx"
    path.write_bytes(hostile.simple_bytes())
    child = tmp_path / "child.py"
    child.write_text("while True: print('[' + '1,' * 10000 + '1]')")
    monkeypatch.setattr(reader, "_CHILD", child)
    monkeypatch.setattr(limits, "MAX_TABLE_BYTES", limits.MEGABYTE)

    assert "dihentikan" in refusal(path)


@settings(max_examples=60)
@given(st.binary(max_size=400))
def test_it_reads_or_refuses_any_bytes(tmp_path_factory, data):
    path = tmp_path_factory.mktemp("any") / "upload"
    path.write_bytes(data)
    try:
        rows = list(read_table(path))
    except SpreadsheetError:
        return
    assert all(isinstance(cell, str) for row in rows for cell in row)


@settings(max_examples=25)
@given(st.integers(0, 5000), st.integers(1, 255))
def test_it_survives_a_flipped_byte_in_a_workbook(tmp_path_factory, place, mask):
    data = bytearray(hostile.simple_bytes())
    data[place % len(data)] ^= mask
    path = tmp_path_factory.mktemp("flip") / "upload"
    path.write_bytes(data)
    try:
        list(read_table(path))
    except SpreadsheetError as error:
        assert str(error.message).endswith(".")
