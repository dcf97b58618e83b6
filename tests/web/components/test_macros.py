"""The macros: what they say in words, what they escape, and the state they keep in the address."""

from types import SimpleNamespace

import pytest
from flask import Flask, render_template_string

pytestmark = pytest.mark.sqlite_only  # macros draw what they are given

HOSTILE = "<script>alert('x')</script> O'Neil \"&"

CALLS = {
    "status_chip": "status_chip(x)",
    "page_head": "page_head(x, lead=x, breadcrumbs=[(x, '/')], meta=[x])",
    "gap_bar": "gap_bar(x, 1, 2, note=x)",
    "radar": "radar([x, x, x], [1, 2, 3], [1, 2, 3], x)",
    "summary_list": "summary_list([{'label': x, 'value': x, 'note': x}])",
    "data_table": "data_table([{'key': 'n', 'label': x}], [{'n': x}], x)",
    "empty_state": "empty_state(x, x)",
    "toast": "toast(x)",
    "avatar": "avatar(x)",
    "file_drop": "file_drop('f', x, '.pdf', 1, help=x, errors=[x])",
    "confirm": "confirm('c', x, x, '/y', x, x, hidden={'n': x})",
    "error_summary": "error_summary(errors=[(x, 'f')], title=x)",
    "coverage_map": "coverage_map([{'label': x, 'short': x, 'filled': 1, 'seats': 2}], x)",
}


def draw(app: Flask, macro: str, call: str, url: str = "/komponen", **values: object) -> str:
    source = f"{{% from 'components/{macro}.html' import {macro} %}}{{{{ {call} }}}}"
    with app.test_request_context(url):
        return render_template_string(source, **values)


def test_an_unknown_level_is_not_a_zero(app: Flask) -> None:
    unknown = draw(app, "level_meter", "level_meter(none, 3)")
    nothing = draw(app, "level_meter", "level_meter(0, 3)")

    assert "Belum diketahui" in unknown
    assert "is-missing" not in unknown
    assert "Belum ada" in nothing
    assert "is-missing" in nothing


@pytest.mark.parametrize(
    ("level", "words"), [(1, "Kurang 2 level"), (3, "Terpenuhi"), (None, "Belum diketahui")]
)
def test_a_gap_is_told_in_words(app: Flask, level: int | None, words: str) -> None:
    assert words in draw(app, "gap_bar", "gap_bar('Data', level, 3)", level=level)


def test_a_radar_repeats_its_numbers_in_a_table(app: Flask) -> None:
    page = draw(app, "radar", "radar(['a', 'b', 'c'], [1, none, 3], [2, 2, 2], 'Profil')")

    table = page[page.index("<table") :]
    assert table.count("<tr>") == 4
    assert "Belum diketahui" in table


def test_two_competencies_make_a_table_without_a_drawing(app: Flask) -> None:
    page = draw(app, "radar", "radar(['a', 'b'], [1, 2], [2, 2], 'Profil')")

    assert "<svg" not in page
    assert '<details class="ek-more" open>' in page


def test_sorting_turns_around_and_drops_the_page(app: Flask) -> None:
    columns = [{"key": "name", "label": "Nama", "sort": True}]
    call = "data_table(columns, [{'name': 'a'}], 'Daftar')"

    page = draw(app, "data_table", call, "/komponen?urut=name&halaman=4&opd=2", columns=columns)

    assert 'aria-sort="ascending"' in page
    assert "?opd=2&amp;urut=-name" in page


def test_an_empty_table_names_the_next_action(app: Flask) -> None:
    assert "hapus saringan" in draw(app, "data_table", "data_table([], [], 'Daftar')")


def test_a_filter_in_force_can_be_removed_alone(app: Flask) -> None:
    fields = [{"name": "opd", "label": "OPD", "options": [("2", "Dinas Contoh")]}]

    page = draw(app, "filter_bar", "filter_bar(f)", "/komponen?opd=2&q=budi&urut=-x", f=fields)

    assert "OPD: Dinas Contoh" in page
    assert 'href="?q=budi&amp;urut=-x"' in page
    assert '<input type="hidden" name="urut" value="-x">' in page


def test_the_bulk_form_carries_the_filters_and_the_count(app: Flask) -> None:
    call = "bulk_bar('/x', [{'label': 'Unduh', 'value': 'unduh'}], total=1213)"

    page = draw(app, "bulk_bar", call, "/komponen?opd=2")

    assert 'name="saringan" value="opd=2"' in page
    assert "Semua 1.213 hasil saringan" in page


def test_a_running_job_asks_again_and_a_finished_one_does_not(app: Flask) -> None:
    running = draw(app, "progress", "progress('Impor', 1, 9, poll_url='/j')")
    done = draw(app, "progress", "progress('Impor', 9, 9, state='done', poll_url='/j')")

    assert 'hx-get="/j"' in running
    assert "Perbarui" in running
    assert "hx-get" not in done


def test_a_page_list_marks_where_one_is(app: Flask) -> None:
    page = SimpleNamespace(page=3, pages=12, total=291, per_page=25)

    shown = draw(app, "pagination", "pagination(page)", page=page)

    assert "51–75 dari 291" in shown
    assert 'href="?halaman=3" aria-current="page"' in shown


def test_a_hostile_name_stays_text(app: Flask) -> None:
    drawn = {macro: draw(app, macro, call, x=HOSTILE) for macro, call in CALLS.items()}

    broken = [macro for macro, page in drawn.items() if "<script" in page or "O'Neil \"" in page]
    assert broken == []
