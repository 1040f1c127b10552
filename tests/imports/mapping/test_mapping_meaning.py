"""What columns mean beyond their names: phrases, dates, refusals, thousands, other scripts."""

import pytest

from leadloom.imports.headers import field_of
from leadloom.imports.mapping import Mapping, infer
from leadloom.imports.read_row import read


def mapped(rows: list[dict[str, object]], kind: str = "delimited") -> Mapping:
    return infer(list(rows[0]), rows, kind=kind)


def fields(row: dict[str, object], kind: str = "delimited") -> dict[str, str]:
    return {name: one.field for name, one in mapped([row], kind).columns.items()}


def facts(row: dict[str, object]) -> dict[str, object]:
    return read(mapped([row]).pairs(row)).facts


@pytest.mark.parametrize(
    "header", ["Last contact", "Last Contacted", "First contact", "Contact Last", "Last customer"]
)
def test_part_of_a_phrase_names_no_name(header):
    row = {"Name": "Ann Smith", "Email": "ann@a.com", header: "soon"}
    assert fields(row) | {header: ""} == {"Name": "full_name", "Email": "email", header: ""}
    assert fields(row)[header].startswith("custom.")


@pytest.mark.parametrize(
    ("header", "field"),
    [
        ("address.city", "city"), ("Billing Address Postal Code", "postal_code"),
        ("company.address.country", "company.country"), ("location.city", "city"),
        ("properties.firstname", "first_name"), ("properties.company", "company"),
        ("primary_contact_name", "full_name"), ("primary_contact_title", "title"),
        ("PHONE_NBR", "phone"), ("ADDR_LN_1", "street"), ("CITY_NM", "city"),
        ("CTRY_CD", "country"),
        ("node.lastName", "last_name"), ("Umsatz in T€", "company.revenue"),
        ("Revenue in 000s USD", "company.revenue"), ("jobtitle", "title"),
        ("E-mail address", "email"), ("Address name", "custom.address_name"),
        ("IP address country", "custom.ip_address_country"),
    ],
)  # fmt: skip
def test_headers_of_several_parts_are_taken_apart(header, field):
    row = {"Domain": "a.com", header: "Ann Smith", "Other": "x"}
    assert fields(row)[header] == field


@pytest.mark.parametrize("value", ["4711", "0b1c7a52-90f3-4a5e-8d6b-1f2e3d4c5b6a"])
def test_numbers_are_no_names(value):
    row = {"Attendee #": value, "Full Name": "Ann Smith", "Email": "ann@a.com"}
    assert fields(row)["Attendee #"].startswith("custom.")
    assert facts(row)["full_name"] == "Ann Smith"


def test_dynamics_says_who_may_not_be_written_to():
    row = {"(Do Not Modify) Contact": "0a1b", "(Do Not Modify) Row Checksum": "x==",
           "(Do Not Modify) Modified On": "2024-05-01", "Full Name": "Ann Lee",
           "Email": "ann@a.com", "Do not allow Emails": "Do Not Allow"}  # fmt: skip
    assert mapped([row]).provider == "dynamics"
    assert mapped([row]).external_id(row) == "0a1b"
    assert facts(row)["do_not_contact"] is True
    assert "do_not_contact" not in facts(row | {"Do not allow Emails": "Allow"})


@pytest.mark.parametrize("header", ["Last Name", "Name", "Contact", "Title", "Company"])
def test_dates_are_no_names(header):
    rows = [{header: day, "Email": "a@b.com"} for day in ("2024-05-01", "5 May 2024", "01.02.2023")]
    assert infer(list(rows[0]), rows, kind="delimited").columns[header].field.startswith("custom.")


@pytest.mark.parametrize(
    ("header", "value"),
    [
        ("Status", "unsubscribed"),
        ("Status", "Do Not Contact"),
        ("Lead Status", "Opted out: moved away"),
        ("Lifecycle Stage", "Unsubscribed"),
        ("Email Status", "Unsubscribed"),
        ("Newsletter", "no"),
        ("Newsletter consent", "no"),
        ("Marketing Emails Consent", "No"),
        ("Do you agree that we may contact you by e-mail?", "No"),
        ("Would you like to receive our newsletter?", "No"),
        ("Einwilligung Newsletter", "nein"),
        ("Subscription status", "Opted-out"),
    ],
)
def test_who_opted_out_is_not_to_be_contacted(header, value):
    said = facts({"Name": "Ann Smith", "Email": "ann@a.com", header: value})
    assert said["do_not_contact"] is True
    assert said["email"] == ["ann@a.com"]


@pytest.mark.parametrize(
    ("header", "value"),
    [
        ("Status", "subscribed"), ("Status", "open"), ("Newsletter consent", "yes"),
        ("Newsletter", "Spring issue"), ("Title", "Do Not Contact"), ("Status", "spam"),
        ("I do not consent to contact by e-mail", "No"), ("Notes", "unsubscribed"),
    ],
)  # fmt: skip
def test_other_words_refuse_nothing(header, value):
    said = facts({"Name": "Ann Smith", "Email": "ann@a.com", header: value})
    assert "do_not_contact" not in said


def test_a_refusal_is_heard_in_rows_after_the_sample():
    found = mapped([{"Name": "Ann", "Email": "a@b.com", "Status": "open"}])
    late = {"Name": "Bob", "Email": "b@b.com", "Status": "Unsubscribed"}
    assert read(found.pairs(late)).facts["do_not_contact"] is True


def test_apollos_stage_may_refuse():
    row = {"First Name": "Hank", "Email": "h@f.io", "Stage": "Do Not Contact",
           "Person Linkedin Url": "linkedin.com/in/hank", "# Employees": "12",
           "Company Name for Emails": "Fjord", "Apollo Contact Id": "65ab"}  # fmt: skip
    assert mapped([row]).provider == "apollo"
    assert facts(row)["do_not_contact"] is True


@pytest.mark.parametrize(
    ("header", "value", "revenue"),
    [
        ("Revenue (in 000s USD)", "1,200,000", "1200000000 USD"),
        ("Annual Revenue (in millions)", "3.5", "3500000"),
        ("Umsatz (T€)", "500", "500000"),
        ("Umsatz in T€", "500", "500000"),
        ("Revenue (in 000s USD)", "$5M", "$5M"),
        ("Annual Revenue", "12000000", "12000000"),
    ],
)
def test_a_header_that_counts_in_thousands_is_believed(header, value, revenue):
    said = facts({"Company Name": "Acme Inc.", "Website": "acme.com", header: value})
    assert said["company.revenue"] == revenue


@pytest.mark.parametrize("blank", ["n/a", "-", "none", "keine Angabe"])
def test_the_header_wins_over_values_that_say_nothing(blank):
    rows = [{"Name": f"Ann {n}", "Email": blank, "Phone": blank} for n in range(5)]
    found = infer(list(rows[0]), rows, kind="delimited").columns
    assert (found["Email"].field, found["Phone"].field) == ("email", "phone")


@pytest.mark.parametrize(
    "headers",
    [
        ["氏名", "会社名", "役職", "メールアドレス", "電話番号"],
        ["姓名", "公司名称", "职位", "电子邮件", "手机号码"],
        ["이름", "회사명", "직책", "이메일", "전화번호"],
        ["ФИО", "Компания", "Должность", "Электронная почта", "Телефон"],
        ["الاسم الكامل", "الشركة", "المسمى الوظيفي", "البريد الإلكتروني", "رقم الهاتف"],
        ["Imię i nazwisko", "Firma", "Stanowisko", "Adres e-mail", "Telefon"],
        ["Volledige naam", "Bedrijf", "Functie", "E-mailadres", "Telefoonnummer"],
        ["Adı Soyadı", "Şirket", "Unvan", "E-posta", "Cep Telefonu"],
        ["ADI SOYADI", "ŞİRKET", "UNVAN", "E-POSTA", "CEP TELEFONU"],
        ["Fullständigt namn", "Företag", "Befattning", "E-postadress", "Telefonnummer"],
    ],
)
def test_headers_are_known_in_many_languages(headers):
    values = ["Anna Kowalska", "Acme", "CEO", "a@acme.com", "+48 22 1234567"]
    row = dict(zip(headers, values, strict=True))
    assert list(fields(row).values()) == ["full_name", "company", "title", "email", "phone"]


@pytest.mark.parametrize(
    ("first", "others"),
    [
        (
            {"Contact 1 Name": "Ann Foo", "Contact 1 Email": "ann@foo.com"},
            {"Contact 2 Name": "Ben Foo", "Contact 2 Email": "ben@foo.com", "contact3_name": "Cid"},
        ),
        (
            {"First Name": "Ann", "Last Name": "Foo", "Email": "ann@foo.com"},
            {"First Name 2": "Ben", "Last Name 2": "Foo", "Email 2": "ben@foo.com"},
        ),
        (
            {"Name": "Ann Foo", "Email": "ann@foo.com"},
            {"Contact 2 Name": "Ben Foo", "Contact 2 Mail": "ben@foo.com"},
        ),
    ],
)
def test_a_row_of_several_people_is_a_record_of_the_first(
    first: dict[str, object], others: dict[str, object]
) -> None:
    found = fields({**first, **others})
    assert all(found[column].startswith("custom.") for column in others)
    assert not any(found[column].startswith("custom.") for column in first)


def test_second_addresses_are_of_the_same_person() -> None:
    row = {"Name": "Ann Foo", "Email": "a@x.com", "Email 2": "b@x.com", "Phone 2": "+43 1 5123456"}
    assert list(fields(row).values()) == ["full_name", "email", "email", "phone"]


@pytest.mark.parametrize(
    ("header", "field"),
    [
        ("person.name.first", "first_name"),
        ("person.name.familyName", "last_name"),
        ("name.fullName", "full_name"),
        ("employment.name", "company"),
        ("contact2_email", "email"),
        ("Tel. dienstl.", "phone"),
    ],
)
def test_names_in_nested_objects_and_short_forms_are_known(header: str, field: str) -> None:
    assert field_of(header) == field


REVERSED = [
    {"Name": "Becker Thomas", "E-Mail": "thomas.becker@becker.de"},
    {"Name": "Özdemir Cem", "E-Mail": "c.oezdemir@oezdemir.de"},
    {"Name": "Weiß Ilse", "E-Mail": "iweiss@weiss.at"},
    {"Name": "Maier Eva", "E-Mail": "office@maier.de"},
    {"Name": "Schmidt-Roth Anna", "E-Mail": None},
]


def test_a_column_with_last_names_first_is_read_so() -> None:
    mapping = mapped(REVERSED)
    assert mapping.columns["Name"].why.endswith("last names come first")
    found = [read(mapping.pairs(row)).facts for row in [*REVERSED, {"Name": "von Ahn, Luis"}]]
    assert [one["full_name"] for one in found] == [
        "Thomas Becker", "Cem Özdemir", "Ilse Weiß", "Eva Maier", "Anna Schmidt-Roth",
        "Luis von Ahn",
    ]  # fmt: skip
    assert found[1]["last_name"] == "Özdemir"


@pytest.mark.parametrize(
    "rows",
    [
        REVERSED[:2],  # too few say so
        [
            {"Name": " ".join(row["Name"].split()[::-1]), "E-Mail": row["E-Mail"]}
            for row in REVERSED
        ],
        # One company that writes its addresses the other way round is one witness.
        [
            {"Name": f"{name} Ozola", "E-Mail": f"ozola.{name}@liga.lv".lower()}
            for name in ("Ilze", "Baiba", "Zane", "Dace")
        ],
        [{"Name": "Nguyen Van An", "E-Mail": "an.nguyen@fpt.vn"}] * 5,
    ],
)
def test_names_in_their_usual_order_stay_as_they_are(rows: list[dict[str, object]]) -> None:
    mapping = mapped(rows)
    for row in rows:
        assert read(mapping.pairs(row)).facts["full_name"] == row["Name"]
