"""DATEV: debtors and creditors, people and companies each in columns of their own."""

from leadloom.imports.layouts.layout import Layout, columns, marks

DATEV = Layout(
    name="DATEV debtors and creditors",
    provider="datev",
    marks=marks(
        "Name (Adressattyp Unternehmen)",
        "Name (Adressattyp natürl. Person)",
        "Vorname (Adressattyp natürl. Person)",
        "Name (Adressattyp keine Angabe)",
        "Adressattyp",
        "Kurzbezeichnung",
        "EU-UStID",
    ),
    needs=3,
    columns=columns(
        {
            "external_id": "Konto",
            "company": "Name (Adressattyp Unternehmen),Name (Adressattyp keine Angabe)",
            "company.description": "Unternehmensgegenstand",
            "first_name": "Vorname (Adressattyp natürl. Person)",
            "last_name": "Name (Adressattyp natürl. Person)",
            "name_prefix": "Titel/Akad. Grad",
            "custom": "Anrede,EU-Land,EU-UStID,Kurzbezeichnung,Adressattyp",
            "street": "Straße",
            "postal_code": "Postleitzahl",
            "city": "Ort",
            "country": "Land",
            "phone": "Telefon",
            "email": "E-Mail",
            "website": "Internet",
            "notes": "Bemerkung",
        }
    ),
)
