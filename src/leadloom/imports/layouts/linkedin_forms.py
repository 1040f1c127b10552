"""LinkedIn's lead forms: who filled one in. The account is the advertiser's own."""

from leadloom.imports.layouts.layout import Layout, columns, marks

LINKEDIN_FORMS = Layout(
    name="LinkedIn lead forms",
    provider="linkedin-forms",
    marks=marks(
        "Lead id",
        "Lead Type",
        "Form name",
        "Form id",
        "Creative name",
        "Creative id",
        "Campaign name",
        "Campaign id",
        "Lead creation date",
        "Test lead",
    ),
    needs=4,
    columns=columns(
        {
            "external_id": "Lead id",
            "company": "Company name",
            "title": "Job title",
            "custom": """Account name,Account id,Campaign name,Campaign id,Form name,Form id,
                Creative name,Creative id,Lead Type,Test lead""",
        }
    ),
)
