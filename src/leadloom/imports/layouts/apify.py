"""Apify's actors, as JSON or flattened to CSV: a person finder, an Apollo scraper, Google Maps."""

from typing import Any

from leadloom.imports.layouts.layout import Layout, columns, marks, readers


def _numbers(value: Any) -> list[Any]:
    """The numbers of Apollo's phone objects, the checked form of each before the one as typed."""
    entries = value if isinstance(value, list) else [value]
    return [
        (entry.get("sanitized_number") or entry.get("raw_number") or entry.get("number"))
        if isinstance(entry, dict)
        else entry
        for entry in entries
    ]


LEADS_FINDER = Layout(
    name="Apify leads finder",
    provider="apify:leads-finder",
    marks=marks(
        "company_linkedin_uid",
        "company_annual_revenue_clean",
        "company_total_funding",
        "company_total_funding_clean",
        "functional_level",
        "seniority_level",
        "personal_email",
        "mobile_number",
        "company_technologies",
        "company_domain",
    ),
    needs=2,
    columns=columns(
        {
            "first_name": "first_name",
            "last_name": "last_name",
            "full_name": "full_name",
            "title": "job_title",
            "email": "email,personal_email",
            "phone": "mobile_number",
            "linkedin_url": "linkedin",
            "seniority": "seniority_level",
            "department": "functional_level",
            "city": "city",
            "state": "state",
            "country": "country",
            "company": "company_name",
            "domain": "company_domain",
            "company.website": "company_website",
            "company.linkedin_url": "company_linkedin",
            "company.employee_count?": "company_size",
            "company.industry": "industry",
            "company.description": "company_description",
            "company.revenue": "company_annual_revenue",
            "company.founded_year": "company_founded_year",
            "company.phone": "company_phone",
            "company.street": "company_street_address",
            "company.city": "company_city",
            "company.state": "company_state",
            "company.country": "company_country",
            "company.postal_code": "company_postal_code",
            "email_verified": "email_status",
            "custom": """headline,keywords,company_technologies,company_full_address,
                company_market_cap,company_linkedin_uid,company_annual_revenue_clean,
                company_total_funding,company_total_funding_clean""",
        }
    ),
)

APOLLO_SCRAPER = Layout(
    name="Apify Apollo scraper",
    provider="apify:apollo",
    marks=marks(
        "organization.name",
        "organization.primary_domain",
        "organization.website_url",
        "organization.estimated_num_employees",
        "organization_id",
        "employment_history",
        "phone_numbers",
        "email_status",
        "extrapolated_email_confidence",
        "organization_name",
        "organization_website_url",
        "organization_primary_domain",
        "organization_estimated_num_employees",
    ),
    needs=3,
    columns=columns(
        {
            "external_id": "id",
            "full_name": "name",
            "first_name": "first_name",
            "last_name": "last_name",
            "title": "title",
            "email": "email,personal_emails",
            "email_verified": "email_status",
            "phone": "phone_numbers,sanitized_phone,phone,contact.phone_numbers",
            "linkedin_url": "linkedin_url",
            "social_url": "twitter_url,github_url,facebook_url",
            "seniority": "seniority",
            "department": "departments",
            "city": "city",
            "state": "state",
            "country": "country",
            "company": "organization.name,organization_name,account.name",
            "domain": "organization.primary_domain,account.primary_domain",
            "company.website": "organization.website_url,account.website_url",
            "company.linkedin_url": "organization.linkedin_url",
            "company.phone": """organization.primary_phone.number,organization.phone,
                organization.sanitized_phone,organization.primary_phone.sanitized_number""",
            "company.employee_count": "organization.estimated_num_employees",
            "company.industry": "organization.industry",
            "company.founded_year": "organization.founded_year",
            "company.description": "organization.short_description",
            "company.revenue": "organization.annual_revenue_printed,organization.annual_revenue",
            "company.street": "organization.street_address",
            "company.city": "organization.city",
            "company.state": "organization.state",
            "company.country": "organization.country",
            "company.postal_code": "organization.postal_code",
            "company.tags": "organization.keywords",
            "custom": """headline,photo_url,employment_history,organization_id,organization.id,
                organization.logo_url,organization.raw_address,organization.languages,
                organization.technology_names,organization.alexa_ranking,
                organization.primary_phone.source,subdepartments,functions""",
        }
    ),
    readers=readers(_numbers, "phone_numbers", "contact.phone_numbers"),
)

GOOGLE_MAPS = Layout(
    name="Apify Google Maps places",
    provider="apify:google-maps",
    marks=marks(
        "placeId",
        "categoryName",
        "totalScore",
        "reviewsCount",
        "phoneUnformatted",
        "searchString",
        "permanentlyClosed",
        "temporarilyClosed",
        "plusCode",
        "fid",
        "cid",
    ),
    needs=2,
    columns=columns(
        {
            "external_id": "placeId",
            "external_url": "url",
            "observed_at": "scrapedAt",
            "company": "title",
            "company.type": "categoryName",
            "company.tags": "categories,categories/0",
            "company.description": "description",
            "company.website": "website",
            "company.phone": "phoneUnformatted,phone",
            "email": "emails,email,emails/0,contactDetails.emails,contactDetails/emails/0",
            "phone": "phones,phones/0",
            "company.linkedin_url": "linkedIns,linkedIns/0,contactDetails/linkedIns/0",
            "social_url": """facebooks,instagrams,twitters,youtubes,tiktoks,facebooks/0,
                instagrams/0,twitters/0,youtubes/0""",
            "company.street": "street,address",
            "company.city": "city",
            "company.state": "state",
            "company.postal_code": "postalCode",
            "company.country": "countryCode",
            "custom": """subTitle,neighborhood,location.lat,location.lng,totalScore,reviewsCount,
                cid,fid,rank,imageUrl,price,permanentlyClosed,temporarilyClosed,searchString,
                plusCode,openingHours,language,located In,menu,imagesCount,domain""",
        }
    ),
)
