"""Companies where names of people are: what is surely one, and what is not."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from leadloom.values.firm_in_name import is_firm, part

FIRMS = """Acme Ltd|Acme GmbH & Co. KG|ACME GMBH|Müller & Söhne|Smith & Co.|Acme, Inc.|Ann Lee LLC
O'Reilly Media, Inc.|Société Générale S.A.|Dupont et Fils|Pirelli & C. S.p.A.|Novo Nordisk A/S
Orlen S.A.|Żabka Sp. z o.o.|TSV Kiel e.V.|Peters Maschinenbau e.K.|Stadtwerke Kiel|Hotel Adler
University of Oxford|Universität zu Köln|Bank of America|Sigma Solutions|Anna Consulting
株式会社トヨタ|北京科技有限公司|ООО Ромашка|Müller, Schmidt & Partner GmbH|Acme GmbH, Kiel"""
BY_THE_OTHERS = """Nordwind AG|Kaufmann AG|Hugo Boss AG|Ernst Klett AG|Volvo AB|Deutsche Bank
Goldman Sachs Group|Foxconn Co."""
PEOPLE = """Ann Lee|Ann Lee Co|José Sá|Maria SA|MARIA SA|Peter Bank|Se Young|Kim Se|Ann Lee, MBA
Dr. Ann Lee MBA, PhD|Ann Lee Jr.|Smith, John|van der Berg, Anna|Lee, Ann Co|Pedro Company
Eva Holding|Mary Group|Martin Partner|Vittorio Spa|Marc Andre SE|Aki Oy|Jane Smith & John Doe
Suresh Kumar B V|Ramesh K.G.|王小明|김철수|Ann Lee (she/her)|Bo Co|Jean-Pierre Bau"""


def listed(names: str) -> list[str]:
    return names.replace("\n", "|").split("|")


@pytest.mark.parametrize("name", listed(FIRMS))
def test_a_legal_form_or_a_word_nobody_is_called_makes_a_firm(name):
    assert part(name) == (None, name)


@pytest.mark.parametrize("name", listed(BY_THE_OTHERS))
def test_short_forms_count_where_the_column_has_companies(name):
    assert not is_firm(name)
    assert part(name, among_firms=True) == (None, name)


@pytest.mark.parametrize("name", listed(PEOPLE))
@pytest.mark.parametrize("among_firms", [False, True])
def test_people_whose_names_only_look_alike_stay_people(name, among_firms):
    assert part(name, among_firms=among_firms) == (name, None)


@pytest.mark.parametrize(
    ("name", "person", "firm"),
    [
        ("Ann Lee (Acme GmbH)", "Ann Lee", "Acme GmbH"),
        ("Ann Lee, Acme Consulting", "Ann Lee", "Acme Consulting"),
        ("Ann Lee - Acme GmbH", "Ann Lee", "Acme GmbH"),
        ("Ann Lee | Sales at Acme Ltd", "Ann Lee", "Acme Ltd"),
        ("Acme GmbH / Ann Lee", "Ann Lee", "Acme GmbH"),
        ("Acme GmbH, Frau Müller", "Frau Müller", "Acme GmbH"),
        ("Suresh Nair @ Infosys Limited", "Suresh Nair", "Infosys Limited"),
        ("Lee, Ann (Acme Ltd)", "Lee, Ann", "Acme Ltd"),
        ("Acme GmbH & Co. KG - Werk Kiel", None, "Acme GmbH & Co. KG - Werk Kiel"),
    ],
)
def test_a_person_and_a_company_in_one_cell_are_taken_apart(name, person, firm):
    assert part(name) == (person, firm)


@given(st.text(max_size=250), st.booleans())
def test_no_text_is_too_odd(text, among_firms):
    person, firm = part(text, among_firms=among_firms)
    assert person is not None or firm
    assert part("x " * 500 + "GmbH").firm is None
