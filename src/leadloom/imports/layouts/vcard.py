"""vCards as the file reader lays them out: one column a property, 'EMAIL 2' for the second."""

from leadloom.imports.layouts.layout import Layout, columns, marks

VCARD = Layout(
    name="vCards",
    provider="vcard",
    kinds=frozenset({"vcard"}),
    marks=marks("FN", "N.family", "N.given", "EMAIL", "TEL", "ORG", "UID", "NOTE", "TITLE"),
    among=1,
    columns=columns(
        {
            "external_id": "UID",
            "full_name": "FN",
            "first_name": "N.given",
            "middle_name": "N.additional",
            "last_name": "N.family",
            "name_prefix": "N.prefix",
            "name_suffix": "N.suffix",
            "nickname": "NICKNAME,NICKNAME 2",
            "company": "ORG,ORG 2",
            "department": "ORG.unit,ORG 2.unit",
            "title": "TITLE,TITLE 2,ROLE,ROLE 2",
            "email": "EMAIL,EMAIL 2",
            "phone": "TEL,TEL 2",
            "website": "URL,URL 2",
            "social_url": "SOCIAL,SOCIAL 2,X-SOCIALPROFILE,X-SOCIALPROFILE 2,IMPP,IMPP 2",
            "linkedin_url": "LINKEDIN,X-LINKEDIN",
            "street": "ADR.street,ADR 2.street",
            "city": "ADR.city,ADR 2.city",
            "state": "ADR.region,ADR 2.region",
            "postal_code": "ADR.code,ADR 2.code",
            "country": "ADR.country,ADR 2.country",
            "notes": "NOTE,NOTE 2",
            "tags": "CATEGORIES,CATEGORIES 2",
            "custom": "FAX,FAX 2,BDAY,ANNIVERSARY,GENDER,KIND,LANG,TZ,GEO,RELATED,CALURI,SOUND,KEY",
            "observed_at": "REV",
        }
    ),
)
