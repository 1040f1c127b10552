"""Columns as event, shop, help desk and scraping tools name them."""

from collections.abc import Sequence
from typing import Any

import pytest

from leadloom.imports.mapping import infer
from leadloom.imports.prepare import TableTask
from leadloom.imports.read_row import read
from leadloom.values import cell, place, tags

Rows = Sequence[dict[str, Any]]


def columns(rows: Rows) -> dict[str, str]:
    headers = list(rows[0])
    return {
        name: target.field
        for name, target in infer(headers, rows, kind="delimited").columns.items()
    }


def facts(rows: Rows) -> dict[str, Any]:
    """What the first row says."""
    mapping = infer(list(rows[0]), rows, kind="delimited")
    return read(mapping.pairs(rows[0]), firms_in_names=True).facts


PERSON = {"First Name": "Ann", "Last Name": "Lee", "Email": "ann@acme.example"}


def test_the_address_of_who_bought_the_ticket_is_not_the_guests() -> None:
    read_ = facts([{**PERSON, "Buyer Email": "bo@globex.example"}])
    assert read_["email"] == ["ann@acme.example"]
    assert read_["custom.buyer_email"] == "bo@globex.example"
    assert columns([{"Name": "Ann Lee", "Buyer Email": "a@b.example"}])["Buyer Email"] == "email"


def test_what_a_shop_calls_somebody_is_neither_company_nor_job() -> None:
    row = {
        "first_name": "Ann",
        "last_name": "Lee",
        "email": "a@b.example",
        "display_name": "annlee",
        "role": "customer",
        "billing_company": "Acme GmbH",
    }
    found = facts([row])
    assert (found["full_name"], found["company"]) == ("Ann Lee", "Acme GmbH")
    assert "title" not in found


def test_pages_of_the_tool_are_no_companys_site() -> None:
    rows = [{"name": "Ann Lee", "url": "https://acme.desk.example/api/v2/users/3.json"}]
    assert columns(rows)["url"] == "external_url"
    many = [{"Name": f"N{n}", "URL": f"https://board.example/c/{n}"} for n in range(3)]
    assert columns(many)["URL"] == "external_url"
    sites = [{"Name": f"N{n}", "URL": f"https://firm{n}.example/"} for n in range(3)]
    assert columns(sites)["URL"] == "website"


def test_a_help_desks_organisation_makes_no_pipedrive() -> None:
    headers = ["id", "name", "email", "organization_id", "organization.name"]
    assert infer(headers, [dict.fromkeys(headers, "x")], kind="delimited").layout is None


def test_profiles_elsewhere_are_no_linkedin() -> None:
    rows = [
        {"NAME": name, "PROFILE URL": f"https://app.rooms.example/{name}", "HQ CITY": "Berlin"}
        for name in ("Acme", "Globex")
    ]
    assert columns(rows)["NAME"] == "company"
    assert columns(rows)["PROFILE URL"].startswith("custom.")


@pytest.mark.parametrize(
    ("values", "field"),
    [(["Head of Purchasing", "CTO"], "title"), (["Purchasing", "Marketing"], "department")],
)
def test_a_job_function_is_what_its_values_are(values: list[str], field: str) -> None:
    rows = [{"Name": "Ann Lee", "Job Function": value} for value in values]
    assert columns(rows)["Job Function"] == field
    with_title = [{**row, "Job Title": "x"} for row in rows]
    assert columns(with_title)["Job Function"] == "department"


@pytest.mark.parametrize(
    ("header", "value", "field"),
    [
        ("Current Job", "VP", "title"),
        ("And your company, {{field:1}}?", "Acme", "company"),
        ("Qual é o seu cargo?", "Gerente", "title"),
        ("How many people work there?", "51-200", "company.employee_range"),
        ("Company Employee Range", "51-200", "company.employee_range"),
        ("Primary Contact", "Ann Lee", "full_name"),
        ("RegAddress.PostTown", "Leeds", "city"),
    ],
)
def test_headers_of_forms_and_registers_are_known(header: str, value: str, field: str) -> None:
    rows = [{"Email": "a@b.example", header: value}]
    assert columns(rows)[header] == field


def test_a_registers_number_is_no_phone() -> None:
    rows = [{"CompanyName": f"A{n} LTD", "CompanyNumber": f"0123456{n}"} for n in range(4)]
    assert columns(rows)["CompanyNumber"].startswith("custom.")


def test_a_lead_form_is_not_filled_in_by_the_advertiser() -> None:
    row = {
        "Lead id": "1", "Lead Type": "SPONSORED", "Campaign name": "Q1", "Form name": "F",
        "Creative name": "A", "Account name": "Our Ads", "Email": "a@b.example",
        "First name": "Ann", "Last name": "Lee", "Company name": "Acme", "Test lead": "false",
    }  # fmt: skip
    assert facts([row])["company"] == "Acme"


def test_a_place_is_a_company_and_a_second_contact_somebody_else() -> None:
    row = {
        "name": "Acme Plumbing", "site": "https://acme.example", "subtypes": "Plumber",
        "phone": "+1 512-555-0123", "city": "Austin", "us_state": "Texas", "country_code": "US",
        "place_id": "ChIJx", "google_id": "0x1", "email_1": "ann@acme.example",
        "email_1_full_name": "Ann Lee", "email_2": "bo@acme.example",
        "email_2_full_name": "Bo Chan",
    }  # fmt: skip
    found = facts([row])
    assert (found["company"], found["full_name"]) == ("Acme Plumbing", "Ann Lee")
    assert (found["company.phone"], found["company.city"]) == ("+15125550123", "Austin")
    assert found["email"] == ["ann@acme.example"]
    assert found["custom.email_2"] == "bo@acme.example"


def test_digits_kept_as_text_lose_their_apostrophe() -> None:
    assert [cell.unquoted(text) for text in ("'94105", "'+1 415", "'n' Roll", "'=1", "94105")] == [
        *("94105", "+1 415", "'n' Roll", "'=1", "94105"),
    ]
    rows = [{"Name": "Ann Lee", "Zip": "'94105"}]
    task = TableTask(0, ("Name", "Zip"), rows, "delimited", {}, 1, "file", "", 0, None)
    assert task.mapping.columns["Zip"].field == "postal_code"


def test_a_postal_code_gets_its_zero_back_where_all_have_five_digits() -> None:
    def code(country: str) -> str:
        row = {"Name": "Ann Lee", "Zip": "1099", "Country": country}
        return str(facts([row])["postal_code"])

    assert [code(country) for country in ("Germany", "Austria", "")] == ["01099", "1099", "1099"]


def test_brazilian_cities_are_parted_from_their_states() -> None:
    assert place.brazilian("São Paulo/SP") == ("São Paulo", "SP")
    assert place.brazilian("Belém - PA") == ("Belém", "PA")
    assert place.brazilian("Biel/Bienne") == ("Biel/Bienne", "")
    found = facts([{"Name": "Ana Sá", "Cidade/Estado": "Rio de Janeiro/RJ"}])
    assert (found["city"], found["state"]) == ("Rio de Janeiro", "RJ")


def test_tags_may_be_a_list_as_programs_write_it() -> None:
    assert tags.clean('["vip", "b2b"]').value == ["vip", "b2b"]


def test_an_owner_is_called_so_where_the_header_says_title() -> None:
    assert columns([{"Name": "Ann Lee", "Title": "Owner"}])["Title"] == "title"
    assert columns([{"Name": "Ann Lee", "Role": "Head of Sales"}])["Role"] == "title"
