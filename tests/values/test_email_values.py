import pytest
from email_validator import EmailNotValidError, validate_email
from hypothesis import given
from hypothesis import strategies as st

from leadloom.values import NOTHING, email


@pytest.mark.parametrize(
    ("received", "clean"),
    [
        ("Jane.Doe@ACME.com", "jane.doe@acme.com"),
        (" <jane@acme.com>, ", "jane@acme.com"),
        ("mailto:Jane@acme.com?subject=Hello", "jane@acme.com"),
        ('"Doe, Jane" <jane@acme.com>', "jane@acme.com"),
        ("'jane@acme.com", "jane@acme.com"),
        ("\u200bjane@acme.com\u00a0", "jane@acme.com"),
        ("jane@acme.com.", "jane@acme.com"),
        ("jane (at) acme [dot] de", "jane@acme.de"),
        ("jane＠acme.de", "jane@acme.de"),
        ("jürgen@müller.de", "jürgen@müller.de"),
        ("jane@xn--mller-kva.de", "jane@müller.de"),
        ("o'neil+news@acme.co.uk", "o'neil+news@acme.co.uk"),
        ("jane@acme.example", "jane@acme.example"),
    ],
)
def test_addresses_are_cleaned(received: str, clean: str) -> None:
    assert email.clean(received) == (clean, None)


@pytest.mark.parametrize(
    "received",
    [
        "jane",
        "jane@",
        "@acme.com",
        "jane@acme",
        "j@a..com",
        "j@-a.com",
        "a@b.test",
        "j@@a.com",
        "x" * 20000,
    ],
)
def test_what_is_no_address_is_flagged_and_kept(received: str) -> None:
    value, problem = email.clean(received)
    assert value == received
    assert problem


def test_blank_addresses_are_nothing() -> None:
    assert email.clean(" - ") == NOTHING
    assert email.clean("n/a") == NOTHING


_LOCAL = st.text("abzABZ019._%+-'!~", min_size=1, max_size=70)
_LABEL = st.text("abzAZ09-", min_size=1, max_size=65)
_DOMAIN = st.lists(_LABEL, min_size=1, max_size=4).map(".".join)
_ENDING = st.sampled_from(
    ["com", "de", "co.uk", "test", "local", "invalid", "x", "museum", "c0m", "example"]
)


@given(_LOCAL, _DOMAIN, _ENDING)
def test_the_short_way_agrees_with_the_library(local: str, domain: str, ending: str) -> None:
    address = f"a{local}@{domain}.{ending}"
    try:
        expected = validate_email(
            address.rstrip("."), check_deliverability=False
        ).normalized.lower()
    except EmailNotValidError:
        expected = None
    value, problem = email.clean(address)
    assert (value if problem is None else None) == expected


@given(st.text(max_size=80))
def test_cleaning_never_raises_and_is_final(received: str) -> None:
    value, problem = email.clean(received)
    if problem is None and value is not None:
        assert email.clean(value) == (value, None)


@pytest.mark.parametrize(
    ("cell", "parts"),
    [
        ("a@b.de, c@d.de;e@f.de", ["a@b.de", "c@d.de", "e@f.de"]),
        ('Jo <a@b.de>; "Doe, J" <j@x.de>', ["a@b.de", "j@x.de"]),
        ("a@b.de/c@d.de", ["a@b.de", "c@d.de"]),
        ("a@b.de\nc@d.de", ["a@b.de", "c@d.de"]),
        ("a@b.de c@d.de", ["a@b.de", "c@d.de"]),
        ("a@b.de ::: c@d.de", ["a@b.de", "c@d.de"]),
        ("work: a @ b.de", ["a@b.de"]),
        ("a/b@c.de", ["a/b@c.de"]),
        ("nothing here", ["nothing here"]),
    ],
)
def test_a_cell_is_split_into_its_addresses(cell: str, parts: list[str]) -> None:
    assert email.split(cell) == parts


@pytest.mark.parametrize(
    "address",
    [
        "info@a.de",
        "Sales@a.de",
        "vertrieb-nord@a.de",
        "no-reply@a.de",
        "info2@a.de",
        "contacto@a.es",
    ],
)
def test_addresses_of_functions_are_known(address: str) -> None:
    assert email.is_role(address)


@pytest.mark.parametrize(
    "address", ["jane.doe@a.de", "maria.sales@a.pt", "steve.jobs@a.com", "j@a.de"]
)
def test_people_are_not_taken_for_functions(address: str) -> None:
    assert not email.is_role(address)


@pytest.mark.parametrize(
    "domain",
    ["gmail.com", "jane@GMX.de", "yahoo.co.uk", "hotmail.fr", "web.de", "qq.com", "outlook.com.br"],
)
def test_free_mail_is_known(domain: str) -> None:
    assert email.is_free(domain)


@pytest.mark.parametrize(
    "domain", ["acme.com", "gmail-partners.com", "outlook.acme.com", "yahoo.acme.com"]
)
def test_companies_are_not_free_mail(domain: str) -> None:
    assert not email.is_free(domain)
