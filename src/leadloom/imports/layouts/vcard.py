"""vCards as the file reader lays them out: one column a property, 'EMAIL 2' for the second."""

from leadloom.imports.layouts.layout import Layout, columns, marks, paragraphs, readers

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
            "company.phone": "ORG.TEL,ORG.TEL 2",
            "company.website": "ORG.URL,ORG.URL 2",
            "company.street": "ORG.ADR.street,ORG.ADR 2.street",
            "company.city": "ORG.ADR.city,ORG.ADR 2.city",
            "company.state": "ORG.ADR.region,ORG.ADR 2.region",
            "company.postal_code": "ORG.ADR.code,ORG.ADR 2.code",
            "company.country": "ORG.ADR.country,ORG.ADR 2.country",
            "company.description": "ORG.NOTE,ORG.NOTE 2",
            "custom": """FAX,FAX 2,LABEL,LABEL 2,BDAY,ANNIVERSARY,GENDER,KIND,LANG,TZ,GEO,RELATED,
                CALURI,SOUND,KEY""",
            "observed_at": "REV",
        }
    ),
)

OWN_CARDS = Layout(
    name="Leadloom leads",
    provider="leadloom",
    kinds=VCARD.kinds,
    marks=VCARD.marks | marks("X-LEADLOOM-STATUS"),
    must=marks("X-LEADLOOM-STATUS"),
    among=1,
    columns=dict(VCARD.columns)
    | columns(
        {
            "seniority": "X-LEADLOOM-SENIORITY",
            "domain": "X-LEADLOOM-DOMAIN",
            "industry": "X-LEADLOOM-INDUSTRY",
            "email_status": "X-LEADLOOM-EMAIL-STATUS",
            "email_confidence": "X-LEADLOOM-EMAIL-CONFIDENCE",
            "status": "X-LEADLOOM-STATUS",
            "stage": "X-LEADLOOM-STAGE",
            "lead_status": "X-LEADLOOM-LEAD-STATUS",
            "lead_score": "X-LEADLOOM-LEAD-SCORE",
            "do_not_contact": "X-LEADLOOM-DO-NOT-CONTACT",
        }
    ),
    readers=readers(paragraphs, "NOTE"),
)
