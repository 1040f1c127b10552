"""Leadloom's own exports, read back: the columns carry our field names."""

from leadloom.imports.layouts.layout import Layout, columns, marks, paragraphs, readers

LEADS = Layout(
    name="Leadloom leads",
    provider="leadloom",
    marks=marks("company_id", "lead_score", "email_status", "lead_status", "linkedin_url", "stage"),
    needs=4,
    among=8,
    columns=columns(
        {
            "external_id": "id",
            "email": "email,emails",
            "phone": "phone,phones",
            "title": "title",
            "status": "status",
            "stage": "stage",
            "lead_status": "lead_status",
            "email_status": "email_status",
            "state": "state",
            "social_url": "social_urls",
            "notes": "notes",
            "ignore": """company_id,source,created_at,updated_at,deleted_at,merged_into,custom,
                enrichment_status""",
        }
    ),
    readers=readers(paragraphs, "notes"),
)

COMPANIES = Layout(
    name="Leadloom companies",
    provider="leadloom",
    marks=marks("employee_count", "domain", "linkedin_url", "name", "industry", "website"),
    needs=6,
    among=7,
    columns=columns(
        {
            "external_id": "id",
            "company": "name",
            "company.website": "website",
            "company.phone": "phone",
            "company.street": "street",
            "company.city": "city",
            "company.state": "state",
            "company.postal_code": "postal_code",
            "company.country": "country",
            "company.industry": "industry",
            "company.employee_count": "employee_count",
            "company.employee_range": "employee_range",
            "company.linkedin_url": "linkedin_url",
            "company.type": "type",
            "company.revenue": "revenue",
            "company.founded_year": "founded_year",
            "company.description": "description",
            "company.tags": "tags",
            "ignore": "created_at,updated_at,custom",
        }
    ),
)
