"""Mailchimp: an audience; the unsubscribed and cleaned parts say so by the columns they add."""

from leadloom.imports.layouts.layout import Layout, columns, marks, means, readers

MAILCHIMP = Layout(
    name="Mailchimp audience",
    provider="mailchimp",
    marks=marks(
        "MEMBER_RATING",
        "OPTIN_TIME",
        "OPTIN_IP",
        "CONFIRM_TIME",
        "CONFIRM_IP",
        "LEID",
        "EUID",
        "UNSUB_TIME",
        "CLEAN_TIME",
        "LAST_CHANGED",
    ),
    needs=2,
    columns=columns(
        {
            "external_id": "EUID",
            "email": "Email Address,EMAIL",
            "first_name": "First Name,FNAME",
            "last_name": "Last Name,LNAME",
            "phone": "Phone Number,PHONE",
            "street": "Address,ADDRESS",
            "country": "CC",
            "state": "REGION",
            "company": "Company,COMPANY",
            "notes": "NOTES",
            "tags": "TAGS",
            "do_not_contact": "UNSUB_TIME",
            "email_status": "CLEAN_TIME",
            "observed_at": "LAST_CHANGED",
            "custom": """MEMBER_RATING,OPTIN_TIME,OPTIN_IP,CONFIRM_TIME,CONFIRM_IP,LEID,LATITUDE,
                LONGITUDE,GMTOFF,DSTOFF,TIMEZONE,UNSUB_CAMPAIGN_TITLE,UNSUB_CAMPAIGN_ID,
                UNSUB_REASON,UNSUB_REASON_OTHER,CLEAN_CAMPAIGN_TITLE,CLEAN_CAMPAIGN_ID""",
        }
    ),
    readers=readers(means(True), "UNSUB_TIME") | readers(means("bounced"), "CLEAN_TIME"),
)
