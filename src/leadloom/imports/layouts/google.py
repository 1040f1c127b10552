"""Google Contacts: "Google CSV" as it was ('Given Name') and as it is now ('First Name').

Several values of one kind share a cell, joined with ' ::: '; groups are joined the same way and
carry '* ' when Google made them ('* myContacts').
"""

from typing import Any

from leadloom.imports.layouts.layout import Layout, columns, marks, readers

JOINED = " ::: "


def _split(value: Any) -> list[Any]:
    return value.split(JOINED) if isinstance(value, str) else [value]


def _own_groups(value: Any) -> list[Any]:
    """The groups a person made; Google's own ('* myContacts', '* starred') say nothing."""
    return [group for group in _split(value) if not str(group).startswith("* ")]


GOOGLE = Layout(
    name="Google Contacts",
    provider="google",
    marks=marks(
        "E-mail 1 - Value",
        "Phone 1 - Value",
        "E-mail 1 - Label",
        "E-mail 1 - Type",
        "Organization 1 - Name",
        "Group Membership",
        "Phonetic First Name",
        "Given Name Yomi",
    ),
    columns=columns(
        {
            "full_name": "Name",
            "first_name": "Given Name,First Name",
            "middle_name": "Additional Name,Middle Name",
            "last_name": "Family Name,Last Name",
            "name_prefix": "Name Prefix",
            "name_suffix": "Name Suffix",
            "nickname": "Nickname",
            "email": "E-mail 1 - Value",
            "phone": "Phone 1 - Value",
            "company": "Organization 1 - Name,Organization Name",
            "title": "Organization 1 - Title,Organization Title",
            "department": "Organization 1 - Department,Organization Department",
            "street": "Address 1 - Street",
            "city": "Address 1 - City",
            "state": "Address 1 - Region",
            "postal_code": "Address 1 - Postal Code",
            "country": "Address 1 - Country",
            "website": "Website 1 - Value",
            "notes": "Notes",
            "tags": "Group Membership,Labels",
            "custom": """File As,Occupation,Location,Language,Subject,Priority,
                Address 1 - Formatted,E-mail 1 - Label,Phone 1 - Label,E-mail 1 - Type,
                Phone 1 - Type,Website 1 - Label,Website 1 - Type,Address 1 - Label,
                Address 1 - Type,Organization 1 - Type,Photo,Organization 1 - Location,
                Organization 1 - Job Description,Organization 1 - Symbol""",
        }
    ),
    readers=readers(
        _split,
        "E-mail 1 - Value",
        "Phone 1 - Value",
        "Website 1 - Value",
        "Organization 1 - Name",
        "Organization 1 - Title",
        "Organization 1 - Department",
        "Organization Name",
        "Organization Title",
        "Address 1 - Street",
        "Address 1 - City",
        "Address 1 - Region",
        "Address 1 - Postal Code",
        "Address 1 - Country",
    )
    | readers(_own_groups, "Group Membership", "Labels"),
)
