"""Evidence files of claims: a few small certificates, drawn once and stored per claim."""

import io
from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from random import Random

from PIL import Image, ImageDraw, ImageFont
from sqlalchemy.orm import Session

from app.core.actor import Actor
from app.core.files.services import store_bytes
from app.core.pdf import FONT_FOLDER, PdfMetadata, render_pdf
from app.demo.city import City

PURPOSE = "evidence"
_PAGE = """<!DOCTYPE html><html lang="id"><head><title>{title}</title></head>
<body style="font-family: 'Noto Serif'; text-align: center; padding-top: 30mm">
<h1 style="font-size: 28pt; letter-spacing: 3pt">SERTIFIKAT</h1>
<p>Contoh bukti untuk kota contoh; bukan dokumen resmi</p>
<p style="margin-top: 14mm">diberikan kepada peserta pelatihan</p>
<h2 style="font-size: 18pt">{title}</h2>
<p>{hours} jam pelajaran</p>
<p style="margin-top: 22mm">Penyelenggara contoh</p></body></html>"""
_DRAWN = (
    ("Pelatihan Pengelolaan Data", 30),
    ("Pelatihan Keamanan Jaringan", 40),
    ("Bimbingan Teknis Layanan Digital", 20),
)


@dataclass(frozen=True)
class Evidence:
    """A file to attach."""

    name: str
    media_type: str
    content: bytes


def draw_evidence(city: City) -> list[Evidence]:
    """Return the distinct files: three PDF and one scan-like PNG."""
    moment = city.at(city.day)
    files = [
        Evidence(
            f"sertifikat-{number}.pdf",
            "application/pdf",
            render_pdf(
                _PAGE.format(title=escape(title), hours=hours),
                metadata=PdfMetadata(title=title, language="id", created=moment),
            ),
        )
        for number, (title, hours) in enumerate(_DRAWN, start=1)
    ]
    return [*files, Evidence("pindaian-sertifikat.png", "image/png", _scan())]


def _scan() -> bytes:
    image = Image.new("L", (900, 640), 244)
    draw = ImageDraw.Draw(image)
    draw.rectangle((24, 24, 876, 616), outline=90, width=4)
    for place, (text, size) in enumerate(
        (("SERTIFIKAT", 54), ("Lokakarya Layanan Digital", 32), ("Contoh, bukan dokumen resmi", 22))
    ):
        font = ImageFont.truetype(str(FONT_FOLDER / "NotoSerif-Regular.ttf"), size)
        draw.text((450, 170 + place * 110), text, fill=50, font=font, anchor="mm")
    target = io.BytesIO()
    image.save(target, format="PNG", optimize=True)
    return target.getvalue()


def own_copy(content: bytes, employee_id: int, rng: Random) -> bytes:
    """Return a file with a remark behind its end: the same file twice would be reported."""
    return content + f"\n% {employee_id}-{rng.getrandbits(48)}\n".encode()


def store_evidence(
    session: Session,
    rng: Random,
    files: Sequence[Evidence],
    *,
    employee_id: int,
    actor: Actor,
    purpose: str = PURPOSE,
) -> int:
    """Store one of the files for a person and return its id."""
    chosen = rng.choice(files)
    stored = store_bytes(
        session,
        content=own_copy(chosen.content, employee_id, rng),
        filename=chosen.name,
        media_type=chosen.media_type,
        purpose=purpose,
        owner_employee_id=employee_id,
        actor=actor,
    )
    return stored.id
