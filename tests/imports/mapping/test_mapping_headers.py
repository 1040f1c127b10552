"""Columns that map themselves by their header, in six languages, and by their values."""

import pytest

from leadloom.imports.headers import field_of, key
from leadloom.imports.mapping import Mapping, infer

LANGUAGES = {
    "en": ("First name|Surname|Organisation|Job Title|E-mail|Tel.|Town|Country|Postcode|Remarks"),
    "de": ("Vorname|Nachname|Firma|Funktion|E-Mail (geschäftlich)|Tel. Büro|Ort|Land|PLZ"
           "|Bemerkung"),
    "fr": ("Prénom|Nom de famille|Société|Poste|Courriel|Téléphone pro|Ville|Pays|Code postal"
           "|Remarques"),
    "es": ("Nombre de pila|Apellidos|Empresa|Cargo|Correo electrónico|Teléfono móvil|Ciudad|País"
           "|Código postal|Observaciones"),
    "it": ("Nome di battesimo|Cognome|Azienda|Ruolo|Posta elettronica|Cellulare|Città|Paese|CAP"
           "|Note"),
    "pt": ("Primeiro nome|Sobrenome|Empresa|Cargo|Endereço de e-mail|Telemóvel|Cidade|País|CEP"
           "|Observações"),
}  # fmt: skip
MEANT = [
    "first_name", "last_name", "company", "title", "email", "phone", "city", "country",
    "postal_code", "notes",
]  # fmt: skip


def mapped(headers: str, *rows: str, kind: str = "delimited", **given: str) -> Mapping:
    columns = headers.split("|")
    sample = [dict(zip(columns, row.split("|"), strict=True)) for row in rows]
    return infer(columns, sample, kind=kind, overrides=given)


def fields(headers: str, *rows: str) -> list[str]:
    return [target.field for target in mapped(headers, *rows).columns.values()]


@pytest.mark.parametrize("language", LANGUAGES)
def test_headers_are_known_in_six_languages(language: str) -> None:
    assert fields(LANGUAGES[language]) == MEANT


@pytest.mark.parametrize("language", LANGUAGES)
def test_case_underscores_accents_and_marks_do_not_matter(language: str) -> None:
    for header, field in zip(LANGUAGES[language].split("|"), MEANT, strict=True):
        for form in (header.upper(), header.replace(" ", "_"), f" {header} * ", key(header)):
            assert field_of(form) == field, form


@pytest.mark.parametrize(
    ("header", "field"),
    [
        ("firstName", "first_name"),
        ("EMAIL_2", "email"),
        ("Geschaeftliche E-Mail", "email"),
        ("Work phone number 2", "phone"),
        ("Phone (mobile)", "phone"),
        ("Company City", "company.city"),
        ("Company LinkedIn URL", "company.linkedin_url"),
        ("Firmen-Website", "company.website"),
        ("Téléphone de l'entreprise", "company.phone"),
        ("Contact Email", "email"),
        ("Stadt / City", "city"),
        ("organization.name", "company"),
    ],
)
def test_a_header_is_taken_apart_into_subject_qualifier_and_field(header: str, field: str) -> None:
    assert field_of(header) == field


@pytest.mark.parametrize(
    "header",
    ["Fax", "Business Fax", "Email Sent", "Phone Type", "Contact owner", "Company ID", "Messestand",
     "Source", "Birthday", "Created", "User Name", "誕生日", "???", "", "x" * 10_000],
)  # fmt: skip
def test_a_header_about_something_else_names_no_field(header: str) -> None:
    assert field_of(header) is None


@pytest.mark.parametrize(
    ("headers", "row", "column", "field"),
    [
        ("Name|Email", "Ann Lee|a@b.com", "Name", "full_name"),
        ("Name|Vorname", "Berg|Anna", "Name", "last_name"),
        ("Name|First name", "Ann Lee|Ann", "Name", "full_name"),
        ("Nombre|Apellidos", "Ana|Gil", "Nombre", "first_name"),
        ("Name|City", "Nordhafen GmbH|Berlin", "Name", "company"),
        ("Name|Company", "Ann Lee|Acme", "Name", "full_name"),
        ("Name|Employees|Industry", "Bakery Roma|12|Food", "Name", "company"),
        ("Name|First name|Last name", "Acme|Ann|Lee", "Name", "company"),
        ("Name|First name|Last name", "Ann Lee|Ann|Lee", "Name", "full_name"),
        ("Title|Name", "Mrs.|Ann Lee", "Title", "name_prefix"),
        ("Titel|Name", "Prof. Dr.|Ann Lee", "Titel", "name_prefix"),
        ("Title|Name", "CEO|Ann Lee", "Title", "title"),
        ("State|Name", "Texas|Ann Lee", "State", "state"),
        ("State|Name", "Contacted|Ann Lee", "State", "lead_status"),
        ("Estado|Name", "activo|Ann Lee", "Estado", "custom.estado"),
        ("Status|Name", "enriched|Ann Lee", "Status", "status"),
        ("Status|Name", "on fire|Ann Lee", "Status", "custom.status"),
        ("Lead Status|Name", "Qualified|Ann Lee", "Lead Status", "lead_status"),
        ("Kunde|Ort", "Berg KG|Ulm", "Kunde", "company"),
        ("Company size|Company", "51-200|Acme", "Company size", "company.employee_range"),
        ("Company size|Company", "250|Acme", "Company size", "company.employee_count"),
        ("Apelido|Nome", "Silva|Rui", "Apelido", "last_name"),
        ("Contact|Company", "ann@b.com|Acme", "Contact", "email"),
        ("Phone|Name", "ann@b.com|Ann Lee", "Phone", "email"),
        ("Email|Name", "yes|Ann Lee", "Email", "custom.email"),
        ("Email|Name", "ann(at)b.com|Ann Lee", "Email", "email"),
        ("Website|Name", "https://linkedin.com/in/annlee|Ann Lee", "Website", "linkedin_url"),
        ("LinkedIn|Name", "linkedin.com/company/acme|Ann Lee", "LinkedIn", "company.linkedin_url"),
        ("Website|Phone|Company", "b.com|1|Acme", "Website", "company.website"),
        ("City|Company|First name", "Ulm|Acme|Ann", "City", "city"),
    ],
)
def test_a_header_of_two_meanings_is_settled_by_values_and_neighbours(
    headers: str, row: str, column: str, field: str
) -> None:
    assert mapped(headers, row).columns[column].field == field


@pytest.mark.parametrize(
    ("field", "values"),
    [
        ("email", ["a@a.com", "b@b.com", "", "call her first", "c@c.com"]),
        ("linkedin_url", ["linkedin.com/in/ann", "https://www.linkedin.com/in/bob/", "who?"]),
        (None, ["a@a.com", "see Bob", "see Cid", "see Dee"]),
    ],
)
def test_a_list_of_one_column_may_have_other_lines_in_it(
    field: str | None, values: list[str]
) -> None:
    mapping = infer(["column_1"], [{"column_1": value} for value in values], kind="delimited")
    found = mapping.columns["column_1"].field
    assert found == (field or "custom.column_1")


@pytest.mark.parametrize(
    ("header", "words"),
    [("Associated Company IDs", "associated company ids"), ("CompanyURLs", "company urls")],
)
def test_several_of_an_abbreviation_are_one_word(header: str, words: str) -> None:
    assert key(header) == words


def test_columns_without_a_header_are_named_by_their_values() -> None:
    rows = ["Ann Lee|ann@b.com|+44 20 7946 0123|Acme Ltd|Germany|blue",
            "Bob Ray|bob@c.com|+44 20 7946 0124|Zeta Inc.|France|red"]  # fmt: skip
    assert fields("column_1|column_2|column_3|column_4|column_5|column_6", *rows) == [
        "full_name", "email", "phone", "company", "country", "custom.column_6",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("header", "values"),
    [
        ("Owner e-mail of ours", ["me@x.com", "you@x.com"]),
        ("Betreuer", ["me@x.com", "me@x.com"]),
        ("Fax", ["+44 20 7946 0123", "+44 20 7946 0124"]),
        ("Visited", ["2024-01-02", "2024-01-03"]),
        ("Order number", ["10012345", "10012346"]),
        ("Logo", ["https://x.com/a.png", "https://y.com/b.png"]),
    ],
)
def test_a_named_column_about_somebody_else_stays_custom(header: str, values: list[str]) -> None:
    target = mapped(f"Name|{header}", *(f"Ann Lee|{value}" for value in values)).columns[header]
    assert target.field.startswith("custom.")


@pytest.mark.parametrize(
    ("ids", "field"),
    [
        (["1", "2", "3"], "external_id"),
        (["1", "1", "2"], "custom.id"),
        (["1", "", "3"], "custom.id"),
    ],
)
def test_an_id_column_counts_when_it_is_filled_and_never_repeats(
    ids: list[str], field: str
) -> None:
    assert mapped("ID|Name", *(f"{one}|Ann Lee" for one in ids)).columns["ID"].field == field


def test_a_column_named_external_id_is_the_id_whatever_the_others_are() -> None:
    mapping = mapped("Lead ID|external_id|Name", "1||Ann Lee", "2||Bob Ray")
    assert mapping.columns["external_id"].field == "external_id"
    assert mapping.columns["Lead ID"].field == "custom.lead_id"
    assert mapping.external_id({"external_id": 101.0}) == "101"


def test_our_own_field_names_are_taken_as_they_are() -> None:
    names = "full_name|company.employee_count|custom.Booth No|email_status|opt_out|location"
    assert fields(names, "Ann Lee|12|H4|verified|no|Rome") == [
        "full_name", "company.employee_count", "custom.Booth No", "email_status", "opt_out",
        "location",
    ]  # fmt: skip
