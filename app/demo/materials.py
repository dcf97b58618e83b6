"""Materials of the demonstration courses: an outline to print and a sheet to work on."""

from collections.abc import Sequence

from markupsafe import Markup
from sqlalchemy import select

from app.core.actor import SYSTEM
from app.core.files.services import store_bytes
from app.core.pdf import PdfMetadata, parse_stylesheet, render_pdf
from app.core.spreadsheet.writer import csv_text
from app.demo.city import City
from courses.access import MATERIAL
from courses.models import Course, CourseMaterial, Session

MOST = 6  # courses with materials
_STYLE = """
@page { size: A4; margin: 22mm 20mm; }
body { font: 10.5pt/1.5 "Noto Sans"; color: #111; }
h1 { font-size: 17pt; margin: 0 0 2mm; } h2 { font-size: 12pt; margin: 7mm 0 2mm; }
table { border-collapse: collapse; width: 100%; }
th, td { border-bottom: .5pt solid #999; padding: 1.6mm 1mm; text-align: left; }
.n { text-align: right; } .note { color: #555; font-size: 9pt; }
"""


def write_materials(city: City) -> dict[str, int]:
    """Give the courses with sessions a file to read and one to fill in; return counts."""
    chosen = city.session.scalars(
        select(Course)
        .where(Course.state == "in_force", Course.id.in_(select(Session.course_id)))
        .order_by(Course.code)
        .limit(MOST)
    ).all()
    for course in chosen:
        code = course.code.lower()
        _add(
            city,
            course,
            "Modul ringkas",
            f"modul-{code}.pdf",
            "application/pdf",
            _pdf(city, course),
        )
        _add(city, course, "Lembar latihan", f"latihan-{code}.csv", "text/csv", _sheet(course))
    city.session.flush()
    return {"course material": 2 * len(chosen)}


def _add(city: City, course: Course, title: str, name: str, kind: str, content: bytes) -> None:
    stored = store_bytes(
        city.session,
        content=content,
        filename=name,
        media_type=kind,
        purpose=MATERIAL,
        owner_employee_id=None,
        actor=SYSTEM,
    )
    course.materials.append(CourseMaterial(title=title, file_id=stored.id))


def _pdf(city: City, course: Course) -> bytes:
    row = Markup("<tr><td>{}</td><td class='n'>{} JP</td></tr>")
    html = Markup(
        "<!doctype html><html><head><title>{title}</title></head><body><h1>{title}</h1>"
        "<p class='note'>{code} · {jp} JP · contoh bahan pemasangan percobaan</p>"
        "<h2>Tujuan</h2><ul>{aims}</ul><h2>Pokok bahasan</h2>"
        "<table><thead><tr><th>Pokok bahasan</th><th class='n'>Waktu</th></tr></thead>"
        "<tbody>{topics}</tbody></table></body></html>"
    ).format(
        title=course.title,
        code=course.code,
        jp=course.jp,
        aims=_joined([Markup("<li>{}</li>").format(text) for text in course.objectives]),
        topics=_joined([row.format(topic.title, topic.jp) for topic in course.topics]),
    )
    meta = PdfMetadata(title=course.title, language="id", created=city.at(city.days_ago(60)))
    return render_pdf(str(html), metadata=meta, stylesheets=[parse_stylesheet(_STYLE)])


def _joined(parts: Sequence[Markup]) -> Markup:
    return Markup("").join(parts)


def _sheet(course: Course) -> bytes:
    header = ["Pokok bahasan", "Yang sudah saya kuasai", "Yang akan saya terapkan"]
    return csv_text(header, [[topic.title, "", ""] for topic in course.topics]).encode()
