"""Old certificates become records that the public check knows; their codes are new and lasting."""

import pytest
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from courses.models import Certificate
from courses.services.certificate_audit import audit_log

HEAD = "Nomor;Nama;Judul;Mulai;Selesai;Terbit;JP;NIP\n"
ROW = "800/12/BKD/2015;Pegawai Uji, S.T.;Diklat Jaringan;01-03-2015;05-03-2015;06/03/2015;40;\n"


def load(app, tmp_path, text, *options):
    path = tmp_path / "lama.csv"
    path.write_text(text, encoding="utf-8")
    return app.test_cli_runner().invoke(args=["certificates", "import-legacy", str(path), *options])


def test_an_old_number_is_checkable_after_the_import(app, session, client, tmp_path):
    assert load(app, tmp_path, HEAD + ROW).exit_code == 0

    session.commit()
    row = session.scalars(select(Certificate)).one()
    page = client.get(f"/s/{row.code}").get_data(as_text=True)
    assert "800/12/BKD/2015" in page
    assert "sertifikat lama" in page
    assert audit_log(session) == []


def test_a_bad_row_is_refused_with_its_reason_and_the_others_kept(app, session, tmp_path):
    bad = ROW.replace("01-03-2015", "kemarin").replace("800/12", "800/13")

    result = load(app, tmp_path, HEAD + bad + ROW)

    assert result.exit_code == 1
    assert "Tanggal “kemarin” tidak dikenal." in result.output
    assert len(session.scalars(select(Certificate)).all()) == 1


def test_a_dry_run_writes_nothing(app, session, tmp_path):
    load(app, tmp_path, HEAD + ROW, "--dry-run")

    assert session.scalars(select(Certificate)).all() == []


def test_a_number_twice_in_the_file_is_taken_once(app, session, tmp_path):
    load(app, tmp_path, HEAD + ROW + ROW)

    assert len(session.scalars(select(Certificate)).all()) == 1


def test_a_missing_column_is_named(app, session, tmp_path):
    result = load(app, tmp_path, "Nomor;Nama\n1;A\n")

    assert result.exit_code == 1
    assert "Kolom yang harus ada" in result.output


def test_codes_are_never_used_again_and_the_address_stays_short(app, session, client, tmp_path):
    load(app, tmp_path, HEAD + ROW)
    load(app, tmp_path, HEAD + ROW.replace("800/12", "800/13"))
    session.commit()
    first, second = session.scalars(select(Certificate).order_by(Certificate.id)).all()

    assert len(first.code) == 26 and client.get(f"/s/{first.code}").status_code == 200
    with pytest.raises(IntegrityError), session.begin_nested():
        second.code = first.code
        session.flush()
