"""Microsoft Dynamics 365: contacts and leads exported to Excel."""

from leadloom.imports.layouts.layout import Layout, columns, marks, readers


def _permission(value: object) -> list[object]:
    """A reader of "Do not allow E-mails": the answers are "Allow" and "Do Not Allow"."""
    words = str(value).casefold()
    if "allow" not in words:
        return [value]
    return [True] if "not" in words else []


DYNAMICS = Layout(
    name="Dynamics contacts or leads",
    provider="dynamics",
    marks=marks(
        "(Do Not Modify) Contact",
        "(Do Not Modify) Lead",
        "(Do Not Modify) Row Checksum",
        "(Do Not Modify) Modified On",
    ),
    needs=2,
    columns=columns(
        {
            "external_id": "(Do Not Modify) Contact,(Do Not Modify) Lead",
            "ignore": "(Do Not Modify) Row Checksum",
            "observed_at": "(Do Not Modify) Modified On",
            "full_name": "Full Name,Name",
            "name_prefix": "Salutation",
            "title": "Job Title",
            "company": "Company Name,Account,Parent Customer",
            "email": "Email,Email Address 2,Email Address 3",
            "phone": "Business Phone,Mobile Phone,Home Phone,Telephone 3",
            "street": "Address 1,Address 1: Street 1,Street 1",
            "city": "Address 1: City",
            "state": "Address 1: State/Province",
            "postal_code": "Address 1: ZIP/Postal Code",
            "country": "Address 1: Country/Region",
            "opt_out": """Do not allow Emails,Do not allow Bulk Emails,
                Do not send Marketing Materials,Do Not Email,Do Not Bulk Email""",
            "notes": "Description",
            "custom": "Owner,Created On,Status Reason",
        }
    ),
    readers=readers(
        _permission,
        "Do not allow Emails",
        "Do not allow Bulk Emails",
        "Do not send Marketing Materials",
        "Do Not Email",
        "Do Not Bulk Email",
    ),
)
