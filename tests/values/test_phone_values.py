import random

import phonenumbers
import pytest

from leadloom.values import NOTHING, phone


@pytest.mark.parametrize(
    ("received", "country", "clean"),
    [
        ("+49 (0)30 901820", None, "+4930901820"),
        ("030 901820", "DE", "+4930901820"),
        ("030/901820", "de", "+4930901820"),
        ("'+49 30 901820", None, "+4930901820"),
        ("tel:+49-30-901820", None, "+4930901820"),
        ("Tel.: +49 30 901820", None, "+4930901820"),
        ("M: 0171 1234567", "DE", "+491711234567"),
        ("0049 30 901820", None, "+4930901820"),
        ("0049 30 901820", "US", "+4930901820"),
        ("011 49 30 901820", "US", "+4930901820"),
        ("+39 02 1234567", None, "+39021234567"),
        ("(415) 555-2671", "US", "+14155552671"),
        ("1-800-FLOWERS", "US", "+18003569377"),
        ("06 12 34 56 78", "FR", "+33612345678"),
        ("11 98765-4321", "BR", "+5511987654321"),
        ("+1 415 555 2671 x123", None, "+14155552671;ext=123"),
        ("+1-201-555-0123;ext=12", None, "+12015550123;ext=12"),
        ("030/1234-567 DW 12", "DE", "+49301234567;ext=12"),
        ("+49 30 901820 (Berlin)", None, "+4930901820"),
        ("0171 1234567 privat", "DE", "+491711234567"),
        ("49301234567.0", "DE", "+49301234567"),
        ("4.9301234567E+10", "DE", "+49301234567"),
        ("+４９ ３０ ９０１８２０", None, "+4930901820"),
        ("+1 555 123 4567", None, "+15551234567"),
    ],
)
def test_numbers_become_e164(received: str, country: str | None, clean: str) -> None:
    assert phone.clean(received, country) == (clean, None)
    assert phone.clean(clean) == (clean, None)


@pytest.mark.parametrize(
    ("received", "country", "hint"),
    [
        ("4.93012E+11", "DE", "cannot be recovered"),
        ("4155552671", None, "no country"),
        ("call me", None, "not a phone number"),
        ("12345", "DE", "not a phone number of DE"),
        ("555-1234", "US", "not a phone number of US"),
        ("0000000000", "DE", "not a phone number"),
        ("1234567890", "US", "not a phone number"),
        ("+999 1234567", None, "not a phone number"),
        ("1" * 5000, "DE", "too long"),
    ],
)
def test_what_is_no_number_is_flagged_and_kept(
    received: str, country: str | None, hint: str
) -> None:
    value, problem = phone.clean(received, country)
    assert value == received
    assert hint in (problem or "")


def test_blank_numbers_are_nothing() -> None:
    assert phone.clean("-", "DE") == NOTHING
    assert phone.clean("n/a") == NOTHING


def test_the_short_way_agrees_with_the_library() -> None:
    chance = random.Random(3)
    agreed = 0
    for region in sorted(phonenumbers.SUPPORTED_REGIONS):
        for kind in range(11):
            if (example := phonenumbers.example_number_for_type(region, kind)) is None:
                continue
            e164 = phonenumbers.format_number(example, phonenumbers.PhoneNumberFormat.E164)
            for received in (e164, *(_changed(e164, chance) for _ in range(3))):
                parsed = phonenumbers.parse(received, None)
                if not phonenumbers.is_valid_number(parsed):
                    continue
                expected = phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.E164)
                assert phone.clean(received).value == expected
                agreed += 1
    assert agreed > 2000


def test_the_short_way_home_agrees_with_the_library() -> None:
    chance = random.Random(5)
    agreed = 0
    for region in sorted(phonenumbers.SUPPORTED_REGIONS):
        for kind in range(4):
            if (example := phonenumbers.example_number_for_type(region, kind)) is None:
                continue
            national = phonenumbers.national_significant_number(example)
            code = str(phonenumbers.country_code_for_region(region))
            trunk = phonenumbers.ndd_prefix_for_region(region, True) or ""
            for before in ("", trunk, "00", "011", "+" + code):
                received = before + _changed("####" + national, chance)[4:]
                try:
                    parsed = phonenumbers.parse(received, region)
                except phonenumbers.NumberParseException:
                    continue
                if not phonenumbers.is_valid_number(parsed):
                    continue
                expected = phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.E164)
                assert phone.clean(received, region).value == expected
                agreed += 1
    assert agreed > 2000


def _changed(number: str, chance: random.Random) -> str:
    at = chance.randrange(4, len(number))
    return number[:at] + chance.choice("0123456789") + number[at + 1 :]


@pytest.mark.parametrize(
    ("cell", "numbers"),
    [
        ("030/1234567", ["030/1234567"]),
        ("030 / 1234567", ["030 / 1234567"]),
        ("0171/1234567 / 030/7654321", ["0171/1234567", "030/7654321"]),
        ("+49 30 1234567, +49 171 1234567", ["+49 30 1234567", "+49 171 1234567"]),
        ("+49 30 1234567 +49 171 1234567", ["+49 30 1234567", "+49 171 1234567"]),
        ("+1 415 555 2671 or +1 415 555 2672", ["+1 415 555 2671", "+1 415 555 2672"]),
        ("+1 415 555 2671\n+1 415 555 2672", ["+1 415 555 2671", "+1 415 555 2672"]),
        ("+1 415 555 2671 ::: +1 415 555 2672", ["+1 415 555 2671", "+1 415 555 2672"]),
        ("+1 201 555 0123;ext=12", ["+1 201 555 0123;ext=12"]),
        ("030 1234567/68", ["030 1234567", "68"]),
        ("+49 (0)151 / 234 56 78", ["+49 (0)151 / 234 56 78"]),
        ("+49 171 2345678 oder 030/2312511", ["+49 171 2345678", "030/2312511"]),
        ("+49 30 2312500/01", ["+49 30 2312500", "01"]),
    ],
)
def test_a_cell_is_split_into_its_numbers(cell: str, numbers: list[str]) -> None:
    assert phone.split(cell) == numbers


def test_the_country_of_a_number_is_known() -> None:
    assert phone.country_of("+4930901820") == "DE"
    assert phone.country_of("+14165550123") == "CA"
    assert phone.country_of("+4930901820;ext=1") == "DE"
    assert phone.country_of("+80012345678") is None
    assert phone.country_of("nonsense") is None
