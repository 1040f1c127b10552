"""Header names in Polish. A '?' behind a field: the values decide (see `judge`)."""

HEADERS = {
    "name?": "nazwa",
    "full_name": """imię i nazwisko, imie i nazwisko, nazwisko i imię, osoba kontaktowa, kontakt,
        pełne imię i nazwisko, uczestnik""",
    "first_name": "imię, imiona",
    "middle_name": "drugie imię",
    "last_name": "nazwisko",
    "name_prefix": "tytuł grzecznościowy, zwrot grzecznościowy",
    "title": "stanowisko, funkcja, zawód, rola",
    "department": "dział, departament",
    "email": "adres e-mail, poczta elektroniczna, adres email, mail służbowy, e-mail służbowy",
    "phone": """telefon, numer telefonu, nr telefonu, komórka, telefon komórkowy, tel. kom.,
        telefon stacjonarny, tel komórkowy""",
    "company": """firma, nazwa firmy, przedsiębiorstwo, organizacja, pracodawca, spółka, nazwa
        organizacji""",
    "website": "strona internetowa, strona www, strona, witryna",
    "street": "ulica, adres",
    "city": "miasto, miejscowość",
    "state": "województwo",
    "postal_code": "kod pocztowy",
    "country": "kraj, państwo",
    "industry": "branża",
    "tags": "tagi, etykiety, grupa",
    "notes": "uwagi, notatki, notatka, komentarz, opis",
    "status?": "etap",
    "company.employee_count?": "liczba pracowników, pracownicy",
    "company.revenue": "obrót, przychody, przychód",
    "opt_out": "wypisany, wypisano",
    "opt_in": "zgoda, zgoda marketingowa, zapisany",
}

QUALIFIERS = "służbowy, służbowa, prywatny, domowy, główny"
PERSON = "kontakt, klient, klienta"
COMPANY = "firma, firmy"
SMALL_WORDS = "i, lub"
