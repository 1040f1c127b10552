import pytest

from leadloom.outreach.filters import (
    a_an,
    given_name,
    in_sentence,
    role,
    short_company,
    title_case,
    truncate,
)


@pytest.mark.parametrize(
    ("full", "short"),
    [
        ("Müller Maschinenbau GmbH & Co. KG", "Müller Maschinenbau"),
        ("Initech, Inc.", "Initech"),
        ("ACME Corp", "ACME"),
        ("Foo S.A. de C.V.", "Foo"),
        ("Bar Pty Ltd", "Bar"),
        ("Acme (Germany) GmbH", "Acme (Germany)"),
        ("Lumen UG (haftungsbeschränkt)", "Lumen"),
        ("Kowalski Sp. z o.o.", "Kowalski"),
        ("Siemens AG", "Siemens"),
        ("Ferrero SpA", "Ferrero"),
        ("Wellness Spa", "Wellness Spa"),
        ("Casa As", "Casa As"),
        ("GmbH", "GmbH"),
        ("Limited", "Limited"),
        ("Spain", "Spain"),
        ("Tiffany & Co.", "Tiffany & Co."),
        ("株式会社トヨタ", "株式会社トヨタ"),
    ],
)
def test_short_company_drops_legal_forms_and_nothing_else(full, short):
    assert short_company(full) == short


@pytest.mark.parametrize(
    ("name", "greeting"),
    [
        ("Ada", "Ada"),
        ("JANE", "Jane"),
        ("jean-luc", "Jean-Luc"),
        ("McKenna", "McKenna"),
        ("伟", "伟"),
        ("J.", ""),
        ("J", ""),
        ("j4ne", ""),
        ("jane@x.com", ""),
        ("{{ name }}", ""),
        ("[First Name]", ""),
        ("", ""),
    ],
)
def test_given_name_takes_only_what_reads_as_a_name(name, greeting):
    assert given_name(name) == greeting


@pytest.mark.parametrize(
    ("title", "spoken"),
    [
        ("Head of Sales", "Head of Sales"),
        ("head of sales", "Head of Sales"),
        ("VP OF MARKETING", "VP of Marketing"),
        ("CEO", "CEO"),
        ("CEO & Founder | Speaker | Dad", "CEO & Founder"),
        ("Einkäuferin, Werk Nord", "Einkäuferin"),
        ("Sales Manager at Initech", "Sales Manager"),
        ("I help founders scale to $10M!", ""),
        ("Helping people to become the best they could ever be", ""),
        ("n/a", ""),
    ],
)
def test_role_makes_a_title_fit_for_a_sentence(title, spoken):
    assert role(title) == spoken


@pytest.mark.parametrize(
    ("heading", "phrase"),
    [
        ("Food & Beverages", "food & beverages"),
        ("IT Services", "IT services"),
        ("SaaS", "SaaS"),
        ("Other", ""),
        ("3D", ""),
    ],
)
def test_in_sentence_lowers_headings_but_not_initialisms(heading, phrase):
    assert in_sentence(heading) == phrase


@pytest.mark.parametrize(
    ("word", "article"),
    [
        ("engineer", "an"),
        ("manager", "a"),
        ("university lecturer", "a"),
        ("European buyer", "a"),
        ("uninvited guest", "an"),
        ("umbrella maker", "an"),
        ("hour", "an"),
        ("MBA", "an"),
        ("CEO", "a"),
        ("HR manager", "an"),
        ("UX designer", "a"),
        ("Owner", "an"),
    ],
)
def test_the_article_goes_by_sound(word, article):
    assert a_an(word) == f"{article} {word}"


def test_title_case_keeps_small_words_small_and_apostrophes_right():
    assert title_case("o'neill's HEAD of hr") == "O'Neill's Head of HR"


def test_truncate_cuts_between_words_and_never_exceeds():
    assert truncate("Norddeutsche Maschinenbau und Anlagentechnik", 30) == (
        "Norddeutsche Maschinenbau und…"
    )
    assert truncate("x" * 100, 10) == "x" * 9 + "…"
    assert truncate("short", 10) == "short"
