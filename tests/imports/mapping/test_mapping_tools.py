"""What tools for selling, forms and shops write into their exports, and how it is read."""

import pytest

from leadloom.imports.headers import field_of
from leadloom.imports.mapping import Mapping, infer
from leadloom.imports.read_row import read


def mapped(rows: list[dict[str, object]]) -> Mapping:
    return infer(list(rows[0]), rows, kind="delimited")


def facts(rows: list[dict[str, object]]) -> list[dict[str, object]]:
    mapping = mapped(rows)
    return [read(mapping.pairs(row)).facts for row in rows]


@pytest.mark.parametrize(
    ("question", "field"),
    [
        ("Which company do you work for?", "company"),
        ("What's your role there?", "role?"),
        ("What is your name?", "name?"),
        ("In welchem Unternehmen arbeiten Sie?", "company"),
        ("Bitte geben Sie Ihre Telefonnummer an", "phone"),
        ("Dans quelle entreprise travaillez-vous ?", "company"),
        ("¿Cuál es tu cargo?", "title"),
        ("In quale azienda lavori?", "company"),
        ("Em que empresa trabalha?", "company"),
        ("Which company would you like to visit?", None),
        ("Do you work for a company?", None),
        ("How did you hear about us?", None),
        ("Who is your manager?", None),
        ("Which role are you hiring for?", None),
    ],
)
def test_a_question_is_the_field_it_asks_for(question: str, field: str | None) -> None:
    assert field_of(question) == field


@pytest.mark.parametrize(
    ("header", "field"),
    [
        ("Default Address Company", "company"),
        ("Default Address Province Code", "state"),
        ("Default Address City", "city"),
        ("Company Address", "company.street"),
        ("Adresse Firma", "company.street"),
    ],
)
def test_the_lines_of_an_address_are_told_from_a_companys(header: str, field: str) -> None:
    assert field_of(header) == field


BOARD: list[dict[str, object]] = [
    {"Name": "Gwen Ito", "Person": "Sam Rep", "Company": "Harbor Labs"},
    {"Name": "Rolf Meier", "Person": "Sam Rep", "Company": "Meier AG"},
    {"Name": "Ana Dias", "Person": "Sam Rep", "Company": "Dias Lda"},
]


def test_who_looks_after_everybody_is_nobodys_name() -> None:
    assert [one["full_name"] for one in facts(BOARD)] == ["Gwen Ito", "Rolf Meier", "Ana Dias"]
    assert {one["custom.person"] for one in facts(BOARD)} == {"Sam Rep"}


def test_people_who_share_a_name_keep_it_where_no_other_column_names_them() -> None:
    rows = [{"Person": "Sam Rep", "Email": f"s{n}@x.com"} for n in range(4)]
    assert [one["full_name"] for one in facts(rows)] == ["Sam Rep"] * 4


def test_addresses_inside_linkedins_tools_give_way_to_profiles() -> None:
    row: dict[str, object] = {
        "Profile URL": "https://www.linkedin.com/sales/lead/ACwAAAxx,NAME_SEARCH,abcd",
        "Name": "Dmitri Volkov",
        "LinkedIn": "https://www.linkedin.com/in/dmitri-volkov",
    }
    [one] = facts([row])
    assert one["linkedin_url"] == "https://www.linkedin.com/in/dmitri-volkov"
    assert one["custom.profile_url"] == row["Profile URL"]


def test_signs_of_having_found_something_are_no_part_of_it() -> None:
    rows: list[dict[str, object]] = [
        {"Full Name": "Hana Kovar", "Find Work Email": "✅ hana@zelenina.cz", "Title": "CEO"},
        {"Full Name": "Pavel Dvorak", "Find Work Email": "❌ No email found", "Title": "✅ CTO"},
    ]
    hana, pavel = facts(rows)
    assert hana["email"] == ["hana@zelenina.cz"]
    assert "email" not in pavel
    assert not [field for field in pavel if field.startswith("custom.")]


def test_links_of_note_takers_are_no_part_of_a_name() -> None:
    [one] = facts([{
        "Name": "Kai Lo (https://www.notion.so/Kai-Lo-1a2b)", "Email": "kai@bluekite.io",
        "Company": "Blue Kite (https://www.notion.so/Blue-Kite-0011aabb)",
    }])  # fmt: skip
    assert (one["full_name"], one["company"]) == ("Kai Lo", "Blue Kite")


def test_what_an_organiser_asked_for_and_nobody_gave_is_nothing() -> None:
    [one] = facts([{"Name": "Ann Lee", "Company": "Information Requested", "Email": "a@b.com"}])
    assert "company" not in one


@pytest.mark.parametrize("header", ["P.IVA", "NIP", "CNPJ", "ИНН"])
def test_numbers_of_taxpayers_are_no_phones(header: str) -> None:
    rows: list[dict[str, object]] = [
        {"Name": f"Ann Lee{n}", "Country": "Italia", header: f"0123456789{n}"} for n in range(4)
    ]
    assert not any("phone" in one for one in facts(rows))


@pytest.mark.parametrize(
    ("header", "names", "read_as"),
    [
        ("ФИО", ["Петрова Анна", "Иванов Иван Петрович"], ["Анна Петрова", "Иван Петрович Иванов"]),
        ("ФИО", ["Анна Петрова", "Иван Сидоров"], ["Анна Петрова", "Иван Сидоров"]),
        ("Nom Prénom", ["Lefèvre Zoé", "Marchal Léa"], ["Zoé Lefèvre", "Léa Marchal"]),
        ("Cognome e Nome", ["Rossi Mario"], ["Mario Rossi"]),
        ("Nom et prénom", ["Marie Dupont", "Thomas Petit"], ["Marie Dupont", "Thomas Petit"]),
    ],
)
def test_a_header_says_which_name_comes_first_unless_the_names_do(
    header: str, names: list[str], read_as: list[str]
) -> None:
    found = facts([{header: name, "Company": "X"} for name in names])
    assert [one["full_name"] for one in found] == read_as


def test_a_list_of_names_is_nobodys_name() -> None:
    [one] = facts([{"Contact Names": "Liz Orr, Bob Tan", "Email": "liz@acme.com"}])
    assert "full_name" not in one
    assert one["custom.full_name_as_received"] == "Liz Orr, Bob Tan"


@pytest.mark.parametrize("said", [True, "TRUE", "false"])
def test_true_and_false_are_no_company(said: object) -> None:
    row: dict[str, object] = {"Full Name": "Ann Lee", "isBusinessAccount": said}
    assert "company" not in facts([row])[0]
    assert str(facts([row])[0]["custom.is_business_account"]).lower() == str(said).lower()


@pytest.mark.parametrize(
    ("answer", "refused"), [("Ja, gerne", False), ("Nein", True), ("No, thanks", True)]
)
def test_an_answer_may_be_polite(answer: str, refused: bool) -> None:
    rows: list[dict[str, object]] = [
        {"E-Mail": "a@b.de", "Möchten Sie unseren Newsletter erhalten?": answer},
        {"E-Mail": "c@d.de", "Möchten Sie unseren Newsletter erhalten?": "Ja"},
    ]
    assert facts(rows)[0].get("do_not_contact", False) is refused


@pytest.mark.parametrize(
    ("header", "field"),
    [
        ("Fields: Last name", "last_name"),
        ("currentPosition.companyName", "company"),
        ("ADDRESSEE", "full_name"),
        ("CITY ST ZIP", "location"),
        ("Wie heißen Sie?", "full_name"),
        ("BLACKLIST", "do_not_contact"),
    ],
)
def test_words_of_mailing_tools_are_known(header: str, field: str) -> None:
    assert field_of(header) == field
