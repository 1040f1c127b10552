"""Calendly: who booked which meeting; its users are the hosts, and no leads."""

from leadloom.imports.layouts.layout import Layout, columns, marks

CALENDLY = Layout(
    name="Calendly events",
    provider="calendly",
    marks=marks(
        "Invitee Name",
        "Invitee Email",
        "Invitee Time Zone",
        "Event Type Name",
        "Text Reminder Number",
        "Marked as No-Show",
        "Invitee accepted marketing emails",
    ),
    needs=3,
    columns=columns(
        {
            "full_name": "Invitee Name",
            "first_name": "Invitee First Name",
            "last_name": "Invitee Last Name",
            "email": "Invitee Email",
            "phone": "Text Reminder Number",
            "opt_in": "Invitee accepted marketing emails",
            "custom": """Team,User Name,User Email,Location,Event Type Name,Invitee Time Zone,
                Start Date & Time,End Date & Time,Canceled,Canceled By,Guest Email(s)""",
        }
    ),
)
