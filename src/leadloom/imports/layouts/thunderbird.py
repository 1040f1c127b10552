"""Thunderbird's address book as CSV; American, British and German headers."""

from leadloom.imports.layouts.layout import Layout, columns, marks

THUNDERBIRD = Layout(
    name="Thunderbird address book",
    provider="thunderbird",
    marks=marks(
        "Primary Email",
        "Secondary Email",
        "Screen Name",
        "Pager Number",
        "Home ZipCode",
        "Work ZipCode",
        "Work Address 2",
        "Web Page 1",
        "Primäre E-Mail-Adresse",
        "Sekundäre E-Mail-Adresse",
        "Messenger-Name",
        "Pager-Nummer",
        "Anzeigename",
    ),
    needs=3,
    columns=columns(
        {
            "full_name": "Display Name,Anzeigename",
            "first_name": "First Name,Vorname",
            "last_name": "Last Name,Nachname",
            "nickname": "Nickname,Spitzname",
            "email": """Primary Email,Secondary Email,Primäre E-Mail-Adresse,
                Sekundäre E-Mail-Adresse""",
            "phone": """Work Phone,Mobile Number,Home Phone,Tel. dienstlich,Mobil-Tel.-Nr.,
                Tel. privat""",
            "street": "Work Address,Home Address,Adresse dienstlich,Adresse privat",
            "city": "Work City,Home City,Ort dienstlich,Ort privat",
            "state": "Work State,Work County,Home State,Home County",
            "postal_code": """Work ZipCode,Work Zip,Work Post Code,Home ZipCode,Home Post Code,
                PLZ dienstlich,PLZ privat""",
            "country": "Work Country,Home Country,Land dienstlich,Land privat",
            "title": "Job Title,Arbeitstitel",
            "department": "Department,Abteilung",
            "company": "Organization,Organisation",
            "website": "Web Page 1,Webseite 1",
            "notes": "Notes,Notizen",
            "custom": "Work Address 2,Home Address 2,Screen Name,Fax Number,Pager Number,Custom 1",
        }
    ),
)
