"""Close: contacts; what it calls a lead is a company."""

from leadloom.imports.layouts.layout import Layout, columns, marks

CLOSE = Layout(
    name="Close contacts",
    provider="close",
    marks=marks(
        "lead_id",
        "lead_name",
        "primary_email",
        "primary_email_type",
        "primary_phone",
        "primary_phone_type",
        "status_label",
        "contact_display_name",
    ),
    needs=3,
    must=marks("lead_name"),
    columns=columns(
        {
            "external_id": "id,contact_id",
            "full_name": "display_name,contact_display_name,contact_name,name",
            "title": "title,contact_title",
            "email": """primary_email,contact_primary_email,emails,primary_contact_primary_email,
                primary_contact_email""",
            "phone": """primary_phone,contact_primary_phone,phones,primary_contact_primary_phone,
                primary_contact_phone""",
            "company": "lead_name,company",
            "company.website": "url,lead_url",
            "company.description": "lead_description",
            "custom": "lead_id,status_label,date_created,date_updated,created_by_name",
        }
    ),
)
