"""Apple Contacts as CSV, as its exporters write it: 'Email : home', 'Phone : mobile'."""

from leadloom.imports.layouts.layout import Layout, columns, marks

APPLE = Layout(
    name="Apple contacts",
    provider="apple",
    marks=marks(
        "Email : home",
        "Email : work",
        "Email : other",
        "Phone : mobile",
        "Phone : iPhone",
        "Phone : work",
        "Phone : home",
        "Phone : main",
        "Phonetic First",
        "Address : home : Street",
        "Address : work : Street",
        "Home Page (Work)",
        "Mobile Phone (Apple)",
    ),
    needs=2,
    among=4,
    columns=columns(
        {
            "full_name": "Name,Full Name",
            "first_name": "First,First Name",
            "middle_name": "Middle,Middle Name",
            "last_name": "Last,Last Name",
            "name_prefix": "Prefix,Title",
            "name_suffix": "Suffix",
            "nickname": "Nickname",
            "company": "Organization,Company",
            "title": "Job Title",
            "department": "Department",
            "email": "Email : home,Email : work,Email : other,Email : iCloud",
            "phone": """Phone : mobile,Phone : iPhone,Phone : work,Phone : home,Phone : main,
                Phone : other""",
            "street": "Address : work : Street,Address : home : Street",
            "city": "Address : work : City,Address : home : City",
            "state": "Address : work : State,Address : home : State",
            "postal_code": "Address : work : ZIP,Address : home : ZIP",
            "country": "Address : work : Country,Address : home : Country",
            "website": "URL : home page,URL : work,URL : home",
            "notes": "Note,Notes",
            "tags": "Groups",
        }
    ),
)
