"""Header names in Swedish. A '?' behind a field: the values decide (see `judge`)."""

HEADERS = {
    "name?": "namn",
    "full_name": "fullständigt namn, kontaktperson, kontakt, för- och efternamn, deltagare",
    "first_name": "förnamn, tilltalsnamn",
    "middle_name": "mellannamn",
    "last_name": "efternamn",
    "title?": "titel",
    "title": "befattning, roll, yrke, jobbtitel, yrkestitel, yrkesroll",
    "department": "avdelning",
    "email": "e-post, e-postadress, epost, epostadress, mejl, mejladress, mailadress",
    "phone": """telefon, telefonnummer, mobil, mobilnummer, mobiltelefon, tfn, tel nr,
        direktnummer""",
    "company": """företag, företagsnamn, organisation, arbetsgivare, bolag, bolagsnamn,
        organisationsnamn""",
    "website": "webbplats, hemsida, webbsida",
    "street": "adress, gatuadress, gata",
    "city": "ort, stad, postort",
    "state": "län, region",
    "postal_code": "postnummer, postnr",
    "country": "land",
    "industry": "bransch",
    "tags": "etiketter, grupper",
    "notes": "anteckningar, anteckning, kommentar, kommentarer, noteringar",
    "company.employee_count?": "antal anställda, anställda",
    "company.revenue": "omsättning",
    "opt_out": "avregistrerad, avanmäld",
    "opt_in": "samtycke, prenumererar",
    "external_id?": "kundnummer",
}

QUALIFIERS = "arbete, privat, hem"
PERSON = "kontakt, kund, kundens"
COMPANY = "företag, företagets, organisation"
SMALL_WORDS = "och, av"
