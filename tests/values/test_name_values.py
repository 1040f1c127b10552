import pytest
from hypothesis import given
from hypothesis import strategies as st

from leadloom.values import NOTHING, company_name, person_name
from leadloom.values.name_columns import complete
from leadloom.values.nicknames import may_be_same
from leadloom.values.person_name import NameParts, clean, compatible, join, key, split


@pytest.mark.parametrize(
    ("full", "parts"),
    [
        ("Jane Doe", NameParts(first="Jane", last="Doe")),
        ("Doe, Jane", NameParts(first="Jane", last="Doe")),
        (
            "Prof. Dr. med. Hans van der Berg",
            NameParts("Prof. Dr. med.", "Hans", "", "van der Berg"),
        ),
        ("Dr. h.c. mult. Max Muster", NameParts("Dr. h.c. mult.", "Max", "", "Muster")),
        ("Dipl.-Kfm. Max Muster", NameParts("Dipl.-Kfm.", "Max", "", "Muster")),
        ("de la Cruz, Maria", NameParts(first="Maria", last="de la Cruz")),
        ("John Q. Smith Jr.", NameParts("", "John", "Q.", "Smith", "Jr.")),
        ("Jane Doe, MBA", NameParts("", "Jane", "", "Doe", "MBA")),
        ('Robert "Bob" Smith', NameParts("", "Robert", "", "Smith", "", "Bob")),
        ("Frau Müller", NameParts(prefix="Frau", last="Müller")),
        ("van der Berg", NameParts(last="van der Berg")),
        ("Prince Patel", NameParts(first="Prince", last="Patel")),
        ("Don Johnson", NameParts(first="Don", last="Johnson")),
        ("Phil Collins", NameParts(first="Phil", last="Collins")),
        ("Jack Ma", NameParts(first="Jack", last="Ma")),
        ("Иван Сидоров", NameParts(first="Иван", last="Сидоров")),
        ("محمد علي", NameParts(first="محمد", last="علي")),
        ("محمد عبد الرحمن", NameParts(first="محمد", last="عبد الرحمن")),
        ("عبد الرحمن السيد", NameParts(first="عبد الرحمن", last="السيد")),
        ("Иванов Иван Петрович", NameParts("", "Иван", "Петрович", "Иванов")),
        ("Петрова Анна Сергеевна", NameParts("", "Анна", "Сергеевна", "Петрова")),
        ("Ivanov Ivan Petrovich", NameParts("", "Ivan", "Petrovich", "Ivanov")),
        ("Иван Петрович Иванов", NameParts("", "Иван", "Петрович", "Иванов")),
        ("Роман Аркадьевич Абрамович", NameParts("", "Роман", "Аркадьевич", "Абрамович")),
        ("Anna Maria Abramovich", NameParts("", "Anna", "Maria", "Abramovich")),
        ("z.Hd. Frau Petra Hänel", NameParts("Frau", "Petra", "", "Hänel")),
        ("王小明", NameParts(first="小明", last="王")),
        ("田中 太郎", NameParts(first="太郎", last="田中")),
        ("🚀 Jane Doe | We're hiring", NameParts(first="Jane", last="Doe")),
        ("Jane Doe (she/her) - CEO at Acme", NameParts(first="Jane", last="Doe")),
    ],
)
def test_names_are_taken_apart(full: str, parts: NameParts) -> None:
    assert split(full) == parts


@pytest.mark.parametrize(
    ("received", "cleaned"),
    [
        ("  jane   DOE ", "jane DOE"),
        ("JOHN MCDONALD", "John McDonald"),
        ("conan o'brien", "Conan O'Brien"),
        ("HANS VON DER BERG", "Hans von der Berg"),
        ("VAN MORRISON", "Van Morrison"),
        ("JD SMITH III", "JD Smith III"),
        ("ANNA-LENA GROß", "Anna-Lena Groß"),
        ("DOE", "Doe"),
        ("JD", "JD"),
        ("JANE DOE, MBA", "Jane Doe, MBA"),
        ("McKinley deVille", "McKinley deVille"),
        ("𝓙𝓪𝓷𝓮 Doe ✅", "Jane Doe"),
        ("İBRAHİM ÇELİK", "İbrahim Çelik"),
        ("IŞIL İPEK", "Işıl İpek"),
        ("INGRID IVES", "Ingrid Ives"),
        ("ANNA Y", "Anna Y"),
        ("c/o Max Muster", "Max Muster"),
        ("Null", "Null"),
        ("李明", "李明"),
    ],
)
def test_names_are_cleaned(received: str, cleaned: str) -> None:
    assert clean(received) == (cleaned, None)


def test_names_that_are_none() -> None:
    assert clean("n/a") == NOTHING
    assert clean("null") == NOTHING
    assert clean("🚀") == NOTHING
    assert clean("12345").problem
    assert clean("x" * 5000).problem


@pytest.mark.parametrize(
    ("parts", "full"),
    [
        (NameParts("Dr.", "Max", "", "Berg", "MBA"), "Max Berg"),
        (NameParts("Dr.", "", "", "Berg"), "Dr. Berg"),
        (NameParts("", "John", "Q.", "Smith", "Jr., PhD"), "John Q. Smith Jr."),
        (NameParts(first="小明", last="王"), "王小明"),
        (NameParts(first="Jane"), "Jane"),
    ],
)
def test_parts_are_joined_for_show(parts: NameParts, full: str) -> None:
    assert join(parts) == full


_WORD = st.text("abcdefghijklmnopqrstuvwxyzäöüéñøßáç", min_size=2, max_size=8).map(str.capitalize)


@given(_WORD, _WORD)
def test_the_short_way_of_splitting_agrees_with_the_long_way(first: str, last: str) -> None:
    short, long = split(f"{first} {last}"), split(f"  {first} {last}")
    assert short == long


@given(st.text(max_size=60))
def test_no_name_raises_and_each_is_compatible_with_itself(text: str) -> None:
    clean(text)
    join(split(text))
    assert key(text) == key(text.strip())
    assert compatible(text, text)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Hans Müller", "Hans Mueller"),
        ("Hans Müller", "HANS MULLER"),
        ("Dr. Hans Müller, MBA", "Müller, Hans"),
        ("Conan O'Brien", "Conan O’Brien"),
        ("José García", "Jose Garcia"),
        ("田中 太郎", "田中太郎"),
    ],
)
def test_spellings_of_one_name_share_a_key(one: str, other: str) -> None:
    assert key(one) == key(other)


def test_different_names_have_different_keys() -> None:
    names = [
        "Michael Bauer",
        "Michal Bauer",
        "Anna Berg",
        "Anna Maria Berg",
        "Jane Doe",
        "John Doe",
    ]
    assert len({key(name) for name in names}) == len(names)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Bob Smith", "Robert Smith"),
        ("J. Smith", "John Smith"),
        ("Alex Ray", "Alexandra Ray"),
        ("Smith John", "John Smith"),
        ("John Smith", "John Smith Jr."),
        ("Anna Müller-Schmidt", "Anna Schmidt"),
        ("Jan van der Berg", "Jan Berg"),
        ("José García López", "Jose Garcia"),
        ("J. Robert Oppen", "Robert Oppen"),
        ("Pepe Ruiz", "José Ruiz"),
        ("Berg", "Anna Berg"),
        ("Иван Петров", "Ivan Petrov"),
        ("", "Anna Berg"),
    ],
)
def test_names_that_do_not_contradict_are_compatible(one: str, other: str) -> None:
    assert compatible(one, other)
    assert compatible(other, one)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("John Smith", "John Jones"),
        ("Anna Müller", "Hans Müller"),
        ("John Smith Jr.", "John Smith Sr."),
        ("John Smith II", "John Smith III"),
        ("Otto", "Anna Berg"),
        ("Smith John", "Jones John"),
        ("Peter Meier", "Petra Weber"),
    ],
)
def test_names_that_contradict_are_not_compatible(one: str, other: str) -> None:
    assert not compatible(one, other)
    assert not compatible(other, one)


def test_leads_can_be_compared_by_their_fields() -> None:
    lead = {"first_name": "Bob", "last_name": "Smith", "name_suffix": "Jr."}
    assert compatible(lead, "Robert Smith")
    assert not compatible(lead, {"full_name": "Robert Smith Sr."})


@pytest.mark.parametrize(
    ("given_fields", "expected"),
    [
        (
            {"full_name": "Dr. Jane Doe"},
            {
                "full_name": "Jane Doe",
                "name_prefix": "Dr.",
                "first_name": "Jane",
                "last_name": "Doe",
            },
        ),
        (
            {"first_name": "Jane", "last_name": "Doe"},
            {"full_name": "Jane Doe", "first_name": "Jane", "last_name": "Doe"},
        ),
        (
            {"first_name": "Jane Doe"},
            {"full_name": "Jane Doe", "first_name": "Jane", "last_name": "Doe"},
        ),
        (
            {"first_name": "Jane Doe", "last_name": "Doe"},
            {"full_name": "Jane Doe", "first_name": "Jane", "last_name": "Doe"},
        ),
        (
            {"first_name": "Dr. Hans", "last_name": "Müller, MBA"},
            {
                "full_name": "Hans Müller",
                "name_prefix": "Dr.",
                "first_name": "Hans",
                "last_name": "Müller",
                "name_suffix": "MBA",
            },
        ),
        (
            {"first_name": "José", "last_name": "García López"},
            {"full_name": "José García López", "first_name": "José", "last_name": "García López"},
        ),
        (
            {"full_name": "Bob Smith", "first_name": "Robert", "last_name": "Smith"},
            {"full_name": "Bob Smith", "first_name": "Robert", "last_name": "Smith"},
        ),
        ({"first_name": "Jane"}, {"full_name": "Jane", "first_name": "Jane"}),
    ],
)
def test_columns_of_a_name_complete_each_other(
    given_fields: dict[str, str], expected: dict[str, str]
) -> None:
    assert complete(given_fields) == expected


@pytest.mark.parametrize(
    "spellings",
    [
        ("Müller & Söhne GmbH & Co. KG", "Mueller und Soehne", "MULLER AND SOHNE AG"),
        ("Acme Inc.", "ACME, Inc", "acme incorporated", "The Acme Company", "Acme Sp. z o.o."),
        ("Acme S.A. de C.V.", "Acme SA", "Acme s.r.o.", "Acme S. r. o.", "Acme Pty. Ltd."),
        ("Acme UG (haftungsbeschränkt)", "Acme e.K.", "Acme B.V.", "Acme d.o.o.", "Acme A/S"),
        ("株式会社トヨタ", "トヨタ株式会社", "トヨタ"),
        ("ООО «Ромашка»", "Ромашка"),
        ("E.ON SE", "EON"),
        ("J.P. Morgan", "JP Morgan"),
        ("L'Oréal", "LOREAL S.A."),
        ("McKinsey & Company", "McKinsey"),
    ],
)
def test_spellings_of_one_company_share_a_key(spellings: tuple[str, ...]) -> None:
    assert len({company_name.key(spelling) for spelling in spellings}) == 1


def test_different_companies_have_different_keys() -> None:
    names = ["Acme", "Acme Services", "AG", "SA", "Ltd", "株式会社", "Software AG", "Bank", "H&M"]
    assert len({company_name.key(name) for name in names}) == len(names)


@given(st.text(st.characters(categories=["L", "N", "P", "Z"]), min_size=1, max_size=40))
def test_a_company_with_letters_has_a_key(name: str) -> None:
    if any(map(str.isalnum, name)):
        assert company_name.key(name)


def test_company_names_are_kept_as_written() -> None:
    assert company_name.clean('  "ACME   GmbH" ').value == "ACME GmbH"
    assert company_name.clean('"Foo" and "Bar"').value == '"Foo" and "Bar"'
    assert company_name.clean("n/a") == NOTHING


def test_people_without_a_company_are_recognised() -> None:
    for text in ("Self-employed", "FREELANCE", "Selbständig", "Stealth Startup", "n/a", "Étudiant"):
        assert company_name.is_placeholder(text)
    for text in ("Acme", "Freelance.de GmbH", "Student Union", "Independent News"):
        assert not company_name.is_placeholder(text)


def test_long_input_is_read_in_bounded_time() -> None:
    for hostile in ("a" * 100_000, "(" * 100_000, "a. " * 30_000, "," * 100_000, "'" * 100_000):
        clean(hostile)
        split(hostile)
        key(hostile)
        person_name.compatible(hostile, hostile)
        company_name.key(hostile)


@pytest.mark.parametrize(
    ("received", "name"),
    [
        ("DUPONT Marie", "Dupont, Marie"),
        ("DE LA TOUR Jean-Pierre", "de la Tour, Jean-Pierre"),
        ("GARCÍA LÓPEZ Sofía", "García López, Sofía"),
        ("Dr. BECKER Thomas", "Becker, Dr. Thomas"),
        ("ROY Marie", "Roy, Marie"),
        ("Marie DUPONT", "Marie Dupont"),
        ("JP Morgan", "JP Morgan"),
        ("LI Wei", "LI Wei"),
        ("IBM Support", "IBM Support"),
        ("CEO John Smith", "CEO John Smith"),
        ("THOMAS Koch", "THOMAS Koch"),
        ("JOHN SMITH", "John Smith"),
        ("SMITH, John MBA", "Smith, John MBA"),
    ],
)
def test_a_last_name_in_capitals_may_stand_first(received: str, name: str) -> None:
    assert person_name.clean(received).value == name


@pytest.mark.parametrize(
    ("full", "parts"),
    [
        ("Özdemir, Cem", NameParts(first="Cem", last="Özdemir")),
        ("Lind, Esa", NameParts(first="Esa", last="Lind")),
        ("Smith, Jr", NameParts(last="Smith", suffix="Jr")),
    ],
)
def test_what_stands_behind_a_comma_is_a_name_before_it_is_a_degree(
    full: str, parts: NameParts
) -> None:
    assert split(full) == parts


@pytest.mark.parametrize(
    ("name", "last", "first"),
    [
        ("王小明", "王", "小明"),
        ("李明", "李", "明"),
        ("欧阳修", "欧阳", "修"),
        ("歐陽菲菲", "歐陽", "菲菲"),
        ("司马相如先生", "司马", "相如"),
        ("陳大文", "陳", "大文"),
        ("山田太郎", "山田", "太郎"),
        ("山田太郎様", "山田", "太郎"),
        ("佐々木希", "佐々木", "希"),
        ("塚原健一", "塚原", "健一"),
        ("高橋みなみ", "高橋", "みなみ"),
        ("鈴木イチロー", "鈴木", "イチロー"),
        ("남궁민수", "남궁", "민수"),
        ("김철수", "김", "철수"),
    ],
)
def test_east_asian_names_without_a_blank_are_divided_where_it_is_sure(name, last, first):
    parts = split(clean(name).value)
    assert (parts.last, parts.first) == (last, first)
    assert join(parts) == last + first


@pytest.mark.parametrize(
    "name",
    ["石川遼", "高橋一", "石塚", "林健太郎", "欧阳", "やまだたろう", "约翰·史密斯", "安室奈美恵"],
)
def test_east_asian_names_of_several_readings_stay_whole(name):
    assert split(clean(name).value) == NameParts(last=name)
    assert compatible({"last_name": "王小明"}, {"last_name": "王", "first_name": "小明"})


def test_names_in_katakana_are_shown_as_they_are_written():
    assert join(split("ヤマダ タロウ")) == "ヤマダ タロウ"
    assert join(split("ジョン・スミス")) == "ジョン スミス"


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("Jean DUPONT", "Jean Dupont"),
        ("Anne-Marie LE GOFF", "Anne-Marie Le Goff"),
        ("Dr. Hans MÜLLER", "Dr. Hans Müller"),
        ("Ann Lee MBA", "Ann Lee MBA"),
        ("Ann CEO", "Ann CEO"),
        ("John III", "John III"),
        ("Mary JS", "Mary JS"),
    ],
)
def test_a_last_name_in_capitals_behind_the_first_gets_small_letters(name, shown):
    assert clean(name).value == shown


@pytest.mark.parametrize(
    ("short", "name"),
    [
        *(("kasia", "katarzyna"), ("tijn", "martijn"), ("kathy", "kathleen"), ("andi", "andreas")),
        *(("dima", "dmitry"), ("giorgos", "george"), ("pista", "istvan"), ("honza", "jan")),
    ],
)
def test_short_forms_of_several_languages(short: str, name: str) -> None:
    assert may_be_same(short, name)


@pytest.mark.parametrize(
    ("read", "name"),
    [
        ("Emma Wi1liams", "Emma Williams"),
        ("0liver Kalchmczyk", "Oliver Kalchmczyk"),
        ("N0rbert Voß-Ka1chen", "Norbert Voß-Kalchen"),
        ("JANE WILL1AMS", "Jane Williams"),
        ("Tester1 Miller", "Tester1 Miller"),
        ("x1y2z Miller", "x1y2z Miller"),
        ("John Smith 1st", "John Smith 1st"),
        ("R2D2 Lucas", "R2D2 Lucas"),
    ],
)
def test_letters_that_were_read_as_digits(read: str, name: str) -> None:
    assert clean(read).value == name
