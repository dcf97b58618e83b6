"""GIFT: what is read, what is refused aloud, and that nothing is lost on the way out and back."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from courses.questions.content import Choice, Content, QuestionKind, cleaned, fold, problems
from courses.questions.gift import read_gift
from courses.questions.gift_write import write_gift
from courses.questions.sheet import HEADERS, read_rows, to_row

TEXTS = st.text(min_size=1, max_size=40) | st.sampled_from(
    ["a = b", "~", "\\n", "{x}", "::", "####", "//komentar", "[html] <b>", "%50%", "50*", "a\n\nb"]
)


@st.composite
def contents(draw):
    kind = draw(st.sampled_from(QuestionKind))
    choices, accepted = (), ()
    if kind is QuestionKind.TEXT:
        accepted = tuple(draw(st.lists(TEXTS, min_size=1, max_size=5)))
    else:
        texts = draw(st.lists(TEXTS, min_size=2, max_size=8, unique_by=fold))
        right = draw(st.sets(st.integers(0, len(texts) - 1), min_size=1))
        if kind is QuestionKind.SINGLE:
            right = {min(right)}
        choices = tuple(Choice(text, n in right) for n, text in enumerate(texts))
    made = cleaned(
        Content(
            kind,
            draw(TEXTS),
            choices,
            accepted,
            draw(st.integers(1, 100)),
            draw(st.just("") | TEXTS),
            draw(st.just("") | TEXTS),
            draw(st.just("") | TEXTS),
        )
    )
    return made


@given(st.lists(contents().filter(lambda content: not problems(content)), max_size=4))
@example([cleaned(Content(QuestionKind.TEXT, "x", accepted=("a\\*b", "*"), topic="/top/"))])
def test_what_is_written_is_read_back_unchanged(questions):
    written = write_gift(questions)
    refused = [content for content, _why in written.refused]

    found = read_gift(written.text)

    assert [(one.problem, one.remarks) for one in found] == [(None, [])] * len(found)
    assert [one.content for one in found] == [q for q in questions if q not in refused]
    assert all(any("->" in text for text in content.accepted) for content in refused)


@given(st.lists(contents().filter(lambda content: not problems(content)), max_size=4))
def test_rows_are_read_back_unchanged(questions):
    rows = list(read_rows([HEADERS, *(to_row(content) for content in questions)]))

    for row, content in zip(rows, questions, strict=True):
        bars = any("|" in answer for answer in content.accepted)
        assert bars or row.content == content, row.problem


@given(st.text(alphabet="{}~=#:\\%\n/[]*-> aTF$<&;5", max_size=120))
def test_no_text_breaks_the_reader(text):
    for one in read_gift(text):
        assert (one.content is None) != (one.problem is None)
        assert one.line >= 1


GOOD = """// catatan
$CATEGORY: $course$/top/Keamanan

::Sandi::Apa yang membuat sandi kuat?{=panjang #benar ~nama sendiri ~tanggal lahir}

Ibu kota Kalimantan Barat adalah {=Pontianak =Kota Pontianak} sejak 1957.

Pilih data pribadi.{~%50%NIK ~%50%nomor telepon ~%-50%nama jalan ####Lihat aturan data.}

Sandi boleh dibagikan.{F}

[html]<p>Tanda &lt;b&gt;<br>menebalkan</p>{T}
"""


def test_the_supported_forms_of_moodle_are_read():
    single, words, several, truth, rich = (one.content for one in read_gift(GOOD))

    assert single.topic == "Keamanan" and single.title == "Sandi"
    assert [c.text for c in single.choices if c.right] == ["panjang"]
    assert single.explanation == "panjang: benar"
    assert words.text == "Ibu kota Kalimantan Barat adalah _____ sejak 1957."
    assert words.accepted == ("Pontianak", "Kota Pontianak")
    assert [c.right for c in several.choices] == [True, True, False]
    assert several.explanation == "Lihat aturan data."
    assert [c.text for c in truth.choices if c.right] == ["Salah"]
    assert rich.text == "Tanda <b>\nmenebalkan"


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("Jodohkan.{=a -> 1 =b -> 2}", "menjodohkan"),
        ("Berapa?{#3:0.5}", "angka"),
        ("Ceritakan.{}", "esai"),
        ("Hanya keterangan.", "keterangan tidak diimpor"),
        ("x{=%50%hampir =tepat}", "nilai sebagian"),
        ("x{=a* }", "Tanda *"),
        ("x{=a ~%30%b}", "Nilai sebagian"),
        ("x{~%60%a ~%40%b}", "tidak sama besar"),
        ("x{~a ~b}", "Tidak ada jawaban yang benar"),
        ("x{=a\n\n~b}", "Baris kosong"),
        ('x<img src="a">{=a ~b}', "<img>"),
        ("x{=a ~a}", "dua pilihan yang sama"),
        ("x{a=b}", "diawali"),
        ("x{=a ~b} y {=c ~d}", "Lebih dari satu bagian"),
        ("::judul x{=a ~b}", "tidak ditutup"),
    ],
)
def test_what_cannot_be_asked_is_told_and_never_dropped(text, told):
    found = read_gift("Benar?{T}\n\n" + text + "\n\nBenar juga?{T}")

    assert [one.content is not None for one in (found[0], found[-1])] == [True, True]
    refused = [one for one in found if one.problem]
    assert told in str(refused[0].problem) and refused[0].line == 3


def test_rows_with_errors_say_which_and_why():
    rows = [
        ["Daftar soal"],
        ["jenis", "SOAL", "Pilihan A", "Pilihan B", "kunci", "Poin"],
        ["tunggal", "Mana?", "ini", "itu", "C", 1.0],
        ["esai", "Mengapa?", "", "", "", 1],
        ["ganda", "Mana saja?", "ini", "itu", "a; b", 2.0],
        [None, None],
        ["isian", "Apa?", "", "", "satu | dua", "x"],
    ]

    found = list(read_rows(rows))

    assert [row.line for row in found] == [3, 4, 5, 7]
    assert "tidak ada: C" in str(found[0].problem) and "Jenis soal" in str(found[1].problem)
    assert found[2].content.points == 2 and found[2].problem is None
    assert "bilangan bulat" in str(found[3].problem)
