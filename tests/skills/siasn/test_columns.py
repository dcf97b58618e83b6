"""The facts agree with themselves and with the columns of the database."""

from skills.models.people import Employee
from skills.siasn.columns import FIELD_BY_NAME, FIELDS, SIASN_COLUMNS, SYNONYMS, Use
from skills.siasn.mapping import normalise_header


def test_there_are_69_columns_in_the_order_of_siasn():
    headers = [column.header for column in SIASN_COLUMNS]

    assert len(headers) == len(set(headers)) == 69
    assert (headers[0], headers[1], headers[37], headers[68]) == (
        "PNS ID",
        "NIP BARU",
        "TMT GOLONGAN",
        "ESELON NAMA",
    )


def test_every_used_column_fills_a_field_and_no_dropped_one_does():
    assert all(column.field for column in SIASN_COLUMNS if column.use is Use.USE)
    assert not any(column.field for column in SIASN_COLUMNS if column.use is Use.DROP)
    assert {column.field for column in SIASN_COLUMNS if column.field} == set(FIELD_BY_NAME)


def test_the_personal_columns_are_the_ones_that_the_platform_does_not_need():
    dropped = {column.header for column in SIASN_COLUMNS if column.use is Use.DROP}

    assert dropped >= {"NIK", "AGAMA NAMA", "JENIS KAWIN NAMA", "NOMOR HP", "EMAIL", "ALAMAT"}
    assert dropped >= {"NPWP NOMOR", "BPJS", "KARTU ASN VIRTUAL", "FLAG IKD"}


def test_synonyms_are_written_normalised_and_belong_to_one_field():
    headers = [header for headers in SYNONYMS.values() for header in headers]

    assert set(SYNONYMS) <= set(FIELD_BY_NAME)
    assert len(headers) == len(set(headers))
    assert headers == [normalise_header(header) for header in headers]


def test_no_text_is_longer_than_its_column_in_the_database():
    columns = Employee.__table__.columns
    for field in FIELDS:
        length = (
            getattr(columns[field.name].type, "length", None) if field.name in columns else None
        )
        if field.name in ("name", "title_front", "title_back", "school", "education_field"):
            assert length is not None and field.max_length <= length
