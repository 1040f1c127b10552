"""Outscraper: places of Google Maps, with the addresses found on their sites."""

from leadloom.imports.layouts.layout import Layout, columns, marks

OUTSCRAPER = Layout(
    name="Outscraper places",
    provider="outscraper",
    marks=marks(
        "place_id",
        "google_id",
        "subtypes",
        "owner_title",
        "us_state",
        "full_address",
        "reviews_per_score",
        "business_status",
        "location_link",
    ),
    needs=3,
    columns=columns(
        {
            "external_id": "place_id",
            "external_url": "location_link",
            "company": "name",
            "company.type": "type",
            "company.tags": "subtypes",
            "company.description": "description,about",
            "company.website": "site",
            "company.phone": "phone",
            "company.street": "street",
            "company.city": "city",
            "company.state": "state",
            "company.postal_code": "postal_code",
            "company.country": "country_code",
            "company.linkedin_url": "linkedin,company_linkedin",
            "social_url": "facebook,instagram,twitter,youtube,tiktok",
            "email": "email_1",
            "full_name": "email_1_full_name",
            "first_name": "email_1_first_name",
            "last_name": "email_1_last_name",
            "title": "email_1_title",
            "phone": "email_1_phone",
            "custom": """query,category,borough,full_address,us_state,country,owner_title,verified,
                rating,reviews,google_id,phone_1,phone_2,phone_3""",
        }
    ),
)
