"""Header names in Dutch. A '?' behind a field: the values decide (see `judge`)."""

HEADERS = {
    "name?": "naam",
    "full_name": """volledige naam, contactpersoon, contact, naam contactpersoon,
        voor- en achternaam, deelnemer, naam deelnemer""",
    "first_name": "voornaam, roepnaam, voornamen",
    "middle_name": "tussenvoegsel, tweede naam",
    "last_name": "achternaam, familienaam",
    "name_prefix": "aanhef, aanspreektitel",
    "title": "functie, functietitel, beroep, rol, functienaam",
    "department": "afdeling",
    "email": "e-mailadres, emailadres, mailadres, e-mail adres, zakelijk e-mailadres",
    "phone": """telefoon, telefoonnummer, mobiel, mobiel nummer, mobiele telefoon, gsm, tel
        nummer, mobielnummer, vaste telefoon, telefoonnr""",
    "company": """bedrijf, bedrijfsnaam, organisatie, werkgever, onderneming, naam bedrijf, naam
        organisatie, organisatienaam""",
    "website": "webpagina",
    "street": "adres, straat, straatnaam, straat en huisnummer",
    "city": "plaats, stad, woonplaats, vestigingsplaats, plaatsnaam",
    "state": "provincie",
    "postal_code": "postcode",
    "country": "land",
    "industry": "branche, sector, bedrijfstak",
    "tags": "labels, groepen",
    "notes": "opmerkingen, opmerking, notities, notitie, toelichting",
    "status?": "fase",
    "company.employee_count?": "medewerkers, aantal medewerkers, aantal werknemers",
    "company.revenue": "omzet, jaaromzet",
    "opt_out": "uitgeschreven, afgemeld",
    "opt_in": "toestemming, aangemeld",
    "external_id?": "klantnummer, relatienummer",
}

QUALIFIERS = "zakelijk, zakelijke, prive, werk, thuis, algemeen"
PERSON = "contactpersoon, klant, relatie"
COMPANY = "bedrijf, organisatie"
SMALL_WORDS = "de, het, van, en, uw"
