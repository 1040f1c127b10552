import pytest
from hypothesis import given
from hypothesis import strategies as st

from leadloom.values import NOTHING, place


@pytest.mark.parametrize(
    ("code", "names"),
    [
        ("GB", "UK|England|Großbritannien|Royaume-Uni|Reino Unido|Regno Unito|GBR|gb"),
        ("DE", "Germany|Deutschland|Allemagne|Alemania|Germania|Alemanha|DEU|de|Germany (DE)"),
        ("US", "USA|U.S.A.|us|United States of America|Vereinigte Staaten|États-Unis|EE.UU."),
        ("NL", "Holland|The Netherlands|Niederlande|Pays-Bas|Paesi Bassi|Países Bajos"),
        ("CH", "Schweiz|Suisse|Svizzera|Suiza|Suíça|Switzerland"),
        ("BR", "Brasil|Brazil|Brésil|Brasilien"),
        ("ES", "España|Spain|Spanien|Espagne|Spagna|Espanha"),
        ("KR", "South Korea|Korea, Republic of|Südkorea|대한민국"),
        ("KP", "North Korea|Korea, Democratic People's Republic of"),
        ("CI", "Côte d’Ivoire|Ivory Coast"),
        ("TR", "Türkiye|Turkey|Türkei"),
        ("CD", "DR Congo|Congo, The Democratic Republic of the"),
        ("BA", "Bosnia and Herzegovina|Bosnia & Herzegovina"),
        ("IR", "Iran|Iran, Islamic Republic of"),
        ("NA", "Namibia"),
        ("SA", "السعودية|المملكة العربية السعودية"),
        ("PL", "Польша|Polska|波兰|ポーランド|폴란드"),
    ],
)
def test_countries_are_known_by_many_names(code: str, names: str) -> None:
    for name in names.split("|"):
        assert place.country(name) == (code, None), name


def test_every_country_is_known_by_its_own_codes() -> None:
    for code in ("AF", "FR", "JP", "ZW", "XK"):
        assert place.country(code.lower()).value == code


def test_unknown_countries_are_flagged() -> None:
    assert place.country("Atlantis").problem
    assert place.country("NA").problem
    assert place.country("x" * 10_000).problem
    assert place.country("n/a") == NOTHING


def test_cities_get_their_capitals_and_keep_their_own() -> None:
    assert place.city("FRANKFURT AM MAIN").value == "Frankfurt am Main"
    assert place.city("new york").value == "New York"
    assert place.city("'s-Hertogenbosch").value == "'s-Hertogenbosch"
    assert place.city("10115").problem


@pytest.mark.parametrize(
    ("received", "found"),
    [
        ("Berlin, Germany", ("Berlin", "", "DE")),
        ("San Francisco, CA, United States", ("San Francisco", "CA", "US")),
        ("Greater London, England, United Kingdom", ("Greater London", "England", "GB")),
        ("Paris, Île-de-France, France", ("Paris", "Île-de-France", "FR")),
        ("München", ("München", "", None)),
        ("Austin, TX", ("Austin", "TX", "US")),
        ("Washington, D.C.", ("Washington", "DC", "US")),
        ("San Jose, CA", ("San Jose", "CA", "US")),
        ("Toronto, CA", ("Toronto", "", "CA")),
        ("Toronto, ON", ("Toronto", "ON", "CA")),
        ("Berlin, DE", ("Berlin", "", "DE")),
        ("Wilmington, DE", ("Wilmington", "DE", "US")),
        ("Mumbai, IN", ("Mumbai", "", "IN")),
        ("Indianapolis, IN", ("Indianapolis", "IN", "US")),
        ("Amsterdam, NL", ("Amsterdam", "", "NL")),
        ("Vienna, AT", ("Vienna", "", "AT")),
        ("Atlanta, Georgia", ("Atlanta", "Georgia", "US")),
        ("Tbilisi, Georgia", ("Tbilisi", "", "GE")),
        ("London, England", ("London", "England", "GB")),
        ("Denver, Colorado", ("Denver", "Colorado", "US")),
        ("California, United States", ("", "California", "US")),
        ("Bavaria, Germany", ("", "Bavaria", "DE")),
        ("Germany", ("", "", "DE")),
        ("Singapore", ("Singapore", "", "SG")),
        ("Remote", ("", "", None)),
        ("Remote, Germany", ("", "", "DE")),
        ("Greater Munich Metropolitan Area", ("Munich", "", None)),
        ("San Francisco Bay Area", ("San Francisco Bay Area", "", None)),
        ("Köln und Umgebung", ("Köln", "", None)),
        ("Berlin / Germany", ("Berlin", "", "DE")),
        ("Musterstr. 5, 10115 Berlin, Germany", ("Berlin", "", "DE")),
        ("Friedrichstr. 12, 10117 Berlin", ("Berlin", "", None)),
        ("10 Downing St, London SW1A 2AA, UK", ("London", "", "GB")),
        ("1600 Amphitheatre Pkwy, Mountain View, CA 94043, USA", ("Mountain View", "CA", "US")),
    ],
)
def test_free_text_is_read_as_a_place(received: str, found: tuple[str, str, str | None]) -> None:
    assert tuple(place.location(received)) == found


@pytest.mark.parametrize(
    ("received", "code"),
    [
        ("10115 Berlin", "10115"),
        ("8001 Zürich", "8001"),
        ("Musterstr. 5, D-10115 Berlin, Germany", "D-10115"),
        ("Mountain View, CA 94043, USA", "94043"),
        ("10 Downing St, London SW1A 2AA, UK", "SW1A 2AA"),
        ("1600 Amphitheatre Pkwy, Mountain View", ""),
        ("Berlin", ""),
    ],
)
def test_postal_codes_are_found_in_free_text(received: str, code: str) -> None:
    assert place.postal_code(received) == code


@given(st.text(max_size=60))
def test_no_place_raises(received: str) -> None:
    place.country(received)
    place.city(received)
    place.location(received)
    place.postal_code(received)
