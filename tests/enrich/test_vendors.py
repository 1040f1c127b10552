"""Hunter, People Data Labs and Apollo: what is asked, what comes of it, and where the key goes."""

from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
import yaml
from asking import ask
from vendors import KEY, Apollo, Hunter, PeopleDataLabs, Vendor, serving

from leadloom.connect.failure import OutsideError, RetryError, SkipError, StopError
from leadloom.connect.redact import HIDDEN, redacted
from leadloom.enrich.provider import Found, OutsideProvider
from leadloom.enrich.providers import apollo, hunter, people_data_labs
from leadloom.storage.database import Database
from leadloom.workspace import Workspace
from leadloom.workspace.session import Session

SPECS = Path(__file__).parents[3] / "shared" / "specs" / "hunter"
JANE: dict[str, Any] = {
    "full_name": "Jane Doe",
    "first_name": "Jane",
    "last_name": "Doe",
    "domain": "acme.com",
}


def values(found: Found) -> dict[str, Any]:
    return {one.field: one.value for one in found.answers}


def providers_of(vendor: Vendor) -> list[tuple[OutsideProvider, dict[str, Any]]]:
    if isinstance(vendor, Hunter):
        verified = {"email": ["jane@acme.com"]}
        return [(hunter.finder(vendor.url), JANE), (hunter.verifier(vendor.url), verified)]
    if isinstance(vendor, Apollo):
        return [(apollo.provider(vendor.url), JANE)]
    return [(people_data_labs.provider(vendor.url), JANE)]


def test_hunter_finds_an_address_and_says_where_it_was_seen() -> None:
    with serving(Hunter()) as vendor:
        found = ask(hunter.finder(vendor.url), secret=KEY, **JANE)
        facts = values(found)
        assert facts["email"] == ["jane.doe@acme.com"]
        assert (facts["email_confidence"], facts["email_status"]) == ("real", "verified")
        assert (facts["title"], facts["phone"]) == ("Head of Sales", ["+4951112345670"])
        assert {one.evidence for one in found.answers} == {"http://acme.com/team"}
        assert (found.answers[0].confidence, found.cost_usd) == (0.97, None)
        nothing = ask(hunter.finder(vendor.url), secret=KEY, **{**JANE, "domain": "bolt.com"})
        assert (nothing.answers, nothing.cost_usd) == ((), 0)
        assert vendor.credits == 9


@pytest.mark.parametrize(
    ("address", "status"),
    [("jane@acme.com", "verified"), ("all@acme.com", "risky"), ("no@acme.com", "invalid"),
     ("who@acme.com", "unverified")],
)  # fmt: skip
def test_hunter_verifies_an_address(address: str, status: str) -> None:
    with serving(Hunter()) as vendor:
        found = ask(hunter.verifier(vendor.url), secret=KEY, email=[address])
    assert values(found) == {"email_status": status}
    # What leaves it open must not keep the next one from being asked.
    assert (found.answers[0].confidence > 0.5) == (status != "unverified")


def test_hunter_may_be_still_looking() -> None:
    with serving(Hunter(pending=1)) as vendor:
        with pytest.raises(RetryError, match="still looking") as failed:
            ask(hunter.finder(vendor.url), secret=KEY, **JANE)
        assert failed.value.after_s == 5
        assert values(ask(hunter.finder(vendor.url), secret=KEY, **JANE))["email"]


def test_people_data_labs_knows_a_person() -> None:
    with serving(PeopleDataLabs()) as vendor:
        provider = people_data_labs.provider(vendor.url)
        facts = values(ask(provider, secret=KEY, **JANE))
        assert (facts["title"], facts["city"], facts["country"]) == (
            "Head Of Sales",
            "Hannover",
            "DE",
        )
        assert facts["linkedin_url"] == "https://www.linkedin.com/in/jane-doe"
        assert "email" not in facts  # the plan only says that there is one
        nobody = ask(provider, secret=KEY, full_name="Bob Ray", company="Bolt")
        assert (nobody.answers, nobody.cost_usd, vendor.credits) == ((), Decimal(0), 9)
        with pytest.raises(SkipError, match="name alone"):
            ask(provider, secret=KEY, full_name="Jane Doe")
        assert len(vendor.asked) == 2


def test_apollo_knows_a_person_and_her_company() -> None:
    with serving(Apollo()) as vendor:
        provider = apollo.provider(vendor.url)
        facts = values(ask(provider, secret=KEY, **JANE))
        assert (facts["email"], facts["email_status"]) == (["jane@acme.com"], "verified")
        assert (facts["domain"], facts["company.employee_count"]) == ("acme.com", 240)
        assert facts["company.linkedin_url"] == "https://www.linkedin.com/company/acme"
        locked = values(ask(provider, secret=KEY, **{**JANE, "domain": "locked.com"}))
        assert "email" not in locked
        nobody = ask(provider, secret=KEY, full_name="Bob Ray")
        assert (nobody.answers, nobody.cost_usd) == ((), 0)


@pytest.mark.parametrize("kind", [Hunter, PeopleDataLabs, Apollo])
def test_a_refused_key_an_empty_account_and_a_rush_are_told_apart(kind: type[Vendor]) -> None:
    with serving(kind()) as vendor:
        for provider, known in providers_of(vendor):
            vendor.busy = 1
            with pytest.raises(RetryError, match=r"429.*Too many") as rush:
                ask(provider, secret=KEY, **known)
            assert rush.value.after_s == 0.05
            vendor.credits = 0
            with pytest.raises(StopError, match=r"402.*no credits"):
                ask(provider, secret=KEY, **known)
            vendor.credits = 5
            with pytest.raises(StopError, match="401"):
                ask(provider, secret="another-key-that-is-wrong", **known)


@pytest.mark.parametrize("kind", [Hunter, PeopleDataLabs, Apollo])
def test_the_key_is_in_a_header_and_in_nothing_that_anybody_reads(kind: type[Vendor]) -> None:
    wrong = "another-key-0123456789-that-is-wrong"
    with serving(kind()) as vendor:
        for provider, known in providers_of(vendor):
            with pytest.raises(OutsideError) as failed:
                ask(provider, secret=wrong, **known)
            assert (wrong in str(failed.value), HIDDEN in str(failed.value)) == (False, True)
            found = ask(provider, secret=KEY, **known)
            assert KEY not in repr(found)
        assert KEY not in str(vendor.asked)
        assert vendor.heads[-1].get("x-api-key", KEY) == KEY


@pytest.mark.parametrize(
    "text",
    [
        "Incorrect API key provided: sk-proj-abcdefghijklmnopqrstuvwxyz0123",
        "invalid x-api-key: token 0123456789abcdef0123456789abcdef is unknown",
        "GET https://x.test/?api_key=0123456789abcdef0123 failed",
        "Authorization: Bearer eyJhbGciOiJIUzI1NiJ9.payload.signature",
        "key AIzaSyA-abcdefghijklmnopqrstuvwxyz01 is wrong",
    ],
)
def test_what_looks_like_a_key_is_taken_out(text: str) -> None:
    told = redacted(text)
    assert HIDDEN in told
    for secret in ("abcdefghijkl", "0123456789abcdef", "eyJhbGci", "AIzaSyA"):
        assert secret not in told


def test_the_secret_is_taken_out_however_it_is_quoted() -> None:
    assert KEY not in redacted(f"no {KEY} here", KEY)
    told = redacted(f"key {KEY[:8]}…{KEY[-8:]}", KEY)
    assert (KEY[:8] in told, KEY[-8:] in told) == (False, False)
    assert redacted("the keyboard is fine", KEY) == "the keyboard is fine"


def test_a_provider_without_its_key_is_off_and_prices_are_ones_own(lite: Database) -> None:
    ws = Workspace(session=Session(lite))
    before = {one.name: one for one in ws.enrichment.providers()}
    assert (before["hunter"].is_on, "hunter_api_key" in before["hunter"].status) == (False, True)
    ws.secrets.set("hunter_api_key", KEY)
    ws.config.set("provider_prices", "hunter: 0.01; apollo: 0.5")
    after = {one.name: one for one in ws.enrichment.providers()}
    assert (after["hunter"].status, after["hunter"].price_usd) == ("ready", Decimal("0.01"))
    assert after["hunter verifier"].is_on
    assert after["apollo"].price_usd == Decimal("0.5")
    assert KEY not in repr(after)


@pytest.mark.skipif(not SPECS.exists(), reason="Hunter's description of its API is not here")
@pytest.mark.parametrize(
    ("name", "path", "known"),
    [
        ("hunter-email-finder.yml", "/email-finder", JANE),
        ("hunter-email-verifier.yml", "/email-verifier", {"email": ["jane@acme.com"]}),
    ],
)
def test_what_is_asked_and_faked_is_what_hunter_describes(
    name: str, path: str, known: dict[str, Any]
) -> None:
    spec = yaml.safe_load((SPECS / name).read_text())
    described = spec["paths"][path]["get"]
    allowed = {one["name"] for one in described["parameters"] if "name" in one}
    schema = next(one for key, one in spec["components"]["schemas"].items() if "Response" in key)
    data = schema["properties"]["data"]["properties"]
    with serving(Hunter()) as vendor:
        provider = hunter.finder(vendor.url) if "finder" in name else hunter.verifier(vendor.url)
        ask(provider, secret=KEY, **known)
        asked_path, told = vendor.asked[-1]
        _, _, reply = vendor.answer(asked_path, told)
    assert (asked_path, told.keys() <= allowed) == (path, True)
    assert reply["data"].keys() <= data.keys()
    statuses = data.get("status") or data["verification"]["properties"]["status"]
    assert set(hunter._STATUSES) == set(statuses["enum"])
    assert set(map(str, described["responses"])) >= {"200", "202", "429"}
