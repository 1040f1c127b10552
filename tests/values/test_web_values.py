import pytest
from hypothesis import given
from hypothesis import strategies as st

from leadloom.values import NOTHING, domain, linkedin, social, url


@pytest.mark.parametrize(
    ("received", "clean"),
    [
        ("Acme.com", "https://acme.com"),
        ("http://www.Acme.co.uk/", "https://www.acme.co.uk"),
        ("//acme.com/About", "https://acme.com/About"),
        ("https://acme.com/a b?utm_source=x&id=5&gclid=1#top", "https://acme.com/a%20b?id=5"),
        ("https://acme.com:443/x?fbclid=1", "https://acme.com/x"),
        ("acme.com:8080/x", "https://acme.com:8080/x"),
        ("<https://acme.com/>,", "https://acme.com"),
        ("WWW.MÜLLER.de", "https://www.müller.de"),
        ("https://acme.com/100%25", "https://acme.com/100%25"),
        ("https://x.org/wiki/A_(b)", "https://x.org/wiki/A_(b)"),
    ],
)
def test_addresses_are_brought_to_one_spelling(received: str, clean: str) -> None:
    assert url.clean(received) == (clean, None)
    assert url.clean(clean) == (clean, None)


@pytest.mark.parametrize(
    "received",
    [
        "ftp://acme.com",
        "javascript:alert(1)",
        "mailto:jane@acme.com",
        "https://user:secret@acme.com",
        "jane@acme.com",
        "acme",
        "localhost",
        "http://127.0.0.1/",
        "https:///acme.com",
        "http://a..b.com",
        "https://acme.com/" + "x" * 5000,
    ],
)
def test_what_is_no_public_web_address_is_flagged_and_kept(received: str) -> None:
    value, problem = url.clean(received)
    assert value == received
    assert problem


@given(st.text(max_size=80))
def test_web_cleaning_never_raises_and_is_final(received: str) -> None:
    for clean in (url.clean, domain.clean, linkedin.clean):
        value, problem = clean(received)
        if problem is None and value is not None:
            assert clean(value) == (value, None)


@pytest.mark.parametrize(
    ("received", "clean"),
    [
        ("https://www.Acme.co.uk/about", "acme.co.uk"),
        ("jane@mail.acme.com", "acme.com"),
        ("shop.acme.de:8080", "acme.de"),
        ("acme.blogspot.com", "blogspot.com"),
        ("www.müller.de", "müller.de"),
        ("xn--mller-kva.de", "müller.de"),
        ("www.acme.example", "acme.example"),
    ],
)
def test_domains_are_registrable_ones(received: str, clean: str) -> None:
    assert domain.clean(received) == (clean, None)


@pytest.mark.parametrize(
    "received", ["co.uk", "acme", "127.0.0.1", "acme.local", "report.pdf", "https://"]
)
def test_what_is_no_domain_is_flagged(received: str) -> None:
    assert domain.clean(received).problem
    assert domain.clean("n/a") == NOTHING


def test_hosts_of_many_businesses_are_shared() -> None:
    for host in ("linktr.ee", "facebook.com", "blogspot.com", "goo.gl", "gmail.com", "gmx.at"):
        assert domain.is_shared(host)
    for host in ("acme.com", "facebook-acme.com"):
        assert not domain.is_shared(host)


@pytest.mark.parametrize(
    "received",
    [
        "https://www.linkedin.com/in/jane-doe",
        "http://de.linkedin.com/in/Jane-Doe/",
        "linkedin.com/in/jane-doe?trk=abc",
        "m.linkedin.com/in/jane-doe/de#about",
        "https://www.linkedin.com/mwlite/in/jane-doe",
        "/in/jane-doe",
        "in/jane-doe/",
        "https://www.linkedin.com/in/jane%2Ddoe/detail/contact-info/",
        "https://www.linkedin.com/pub/jane-doe",
    ],
)
def test_spellings_of_a_profile_are_one(received: str) -> None:
    value, problem = linkedin.clean(received)
    assert (value, problem) == ("https://www.linkedin.com/in/jane-doe", None)
    assert linkedin.is_profile(value)
    assert not linkedin.is_company(value)


def test_encoded_and_plain_letters_are_one_profile() -> None:
    assert linkedin.clean("in/j%C3%BCrgen") == linkedin.clean("linkedin.com/in/Jürgen")


def test_identifiers_keep_their_capitals() -> None:
    address = "https://www.linkedin.com/in/ACoAAAEkwwAB9KEc2TrQgOLEQ-vzRyZeCDyc6DQ"
    assert linkedin.clean(address).value == address


def test_old_profiles_keep_their_numbers() -> None:
    address = "https://www.linkedin.com/pub/jane-doe/1a/2b3/4c5"
    assert linkedin.clean(address) == (address, None)
    assert linkedin.is_profile(address)


@pytest.mark.parametrize("kind", ["company", "school", "showcase"])
def test_pages_of_organisations_are_companies(kind: str) -> None:
    value, problem = linkedin.clean(f"http://uk.linkedin.com/{kind}/Acme/about/?x=1")
    assert (value, problem) == (f"https://www.linkedin.com/{kind}/acme", None)
    assert linkedin.is_company(value)


@pytest.mark.parametrize(
    "received",
    [
        "https://www.linkedin.com/sales/lead/ACwAAAbc,NAME",
        "https://www.linkedin.com/talent/profile/AE1",
        "https://www.linkedin.com/pub/dir/jane",
        "https://www.linkedin.com/feed/",
        "https://www.linkedin.com/in/",
        "https://evil-linkedin.com/in/jane",
        "https://linkedin.com.evil.com/in/jane",
        "https://www.linkedin.com/in/a%2F..%2Fb",
        "jane",
    ],
)
def test_other_pages_are_flagged(received: str) -> None:
    value, problem = linkedin.clean(received)
    assert value == received
    assert problem


def test_networks_are_known() -> None:
    assert social.is_network("xing.com")
    assert not social.is_network("acme.com")
