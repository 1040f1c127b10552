"""The exports Leadloom knows, by headers as the products write them."""

import pytest

from leadloom.imports.headers import key
from leadloom.imports.layouts import LAYOUTS, detect
from leadloom.imports.mapping import infer
from leadloom.leads.fields import FIELDS

OUTLOOK = (
    "First Name,Middle Name,Last Name,Title,Suffix,Nickname,E-mail Address,E-mail 2 Address,"
    "Home Phone,Business Phone,Mobile Phone,Business Fax,Company,Job Title,Department,Home City,"
    "Business Street,Business City,Business State,Business Postal Code,Business Country/Region,"
    "Web Page,Birthday,Notes,Categories"
)
THUNDERBIRD = (
    "First Name,Last Name,Display Name,Nickname,Primary Email,Secondary Email,Screen Name,"
    "Work Phone,Home Phone,Fax Number,Pager Number,Mobile Number,Home Address,Home Address 2,"
    "Home City,Home County,Home Post Code,Home Country,Work Address,Work Address 2,Work City,"
    "Work County,Work Post Code,Work Country,Job Title,Department,Organisation,Web Page 1,"
    "Web Page 2,Birth Year,Birth Month,Birth Day,Custom 1,Custom 2,Custom 3,Custom 4,Notes"
)
GOOGLE_OLD = (
    "Name,Given Name,Additional Name,Family Name,Group Membership,E-mail 1 - Type,E-mail 1 - Value,"
    "Phone 1 - Type,Phone 1 - Value,Organization 1 - Type,Organization 1 - Name,"
    "Organization 1 - Title"
)
GOOGLE_NEW = (
    "First Name,Middle Name,Last Name,Organization Name,Organization Title,Birthday,Notes,Labels,"
    "E-mail 1 - Label,E-mail 1 - Value,Phone 1 - Label,Phone 1 - Value,Address 1 - City"
)
APOLLO = (
    "First Name,Last Name,Title,Company Name,Company Name for Emails,Email,Email Status,Seniority,"
    "Departments,Work Direct Phone,Mobile Phone,Corporate Phone,# Employees,Industry,"
    "Person Linkedin Url,Website,Company Linkedin Url,City,Country,Company City,Annual Revenue,"
    "Apollo Contact Id,Apollo Account Id"
)
ZOOMINFO = (
    "ZoomInfo Contact ID,Last Name,First Name,Salutation,Job Title,Management Level,"
    "Direct Phone Number,Email Address,Mobile phone,Contact Accuracy Score,"
    "ZoomInfo Contact Profile URL,LinkedIn Contact Profile URL,Person City,Country,"
    "ZoomInfo Company ID,Company Name,Website,Company HQ Phone,Employees,Employee Range"
)
HUBSPOT = (
    "Record ID,First Name,Last Name,Email,Phone Number,Lead Status,Create Date,Associated Company,"
    "Country/Region,Contact owner"
)
MAILCHIMP = (
    "Email Address,First Name,Last Name,MEMBER_RATING,OPTIN_TIME,OPTIN_IP,CONFIRM_TIME,CONFIRM_IP,"
    "LATITUDE,LONGITUDE,GMTOFF,DSTOFF,TIMEZONE,CC,REGION,LAST_CHANGED,LEID,EUID,NOTES,TAGS"
)
PLACES = (
    "title,categoryName,address,street,city,postalCode,state,countryCode,website,phone,"
    "phoneUnformatted,placeId,url,totalScore,reviewsCount,location.lat,location.lng,emails"
)
FINDER = (
    "first_name,last_name,full_name,job_title,functional_level,seniority_level,email,mobile_number,"
    "personal_email,linkedin,city,country,company_name,company_domain,company_website,company_size,"
    "industry,company_linkedin_uid,company_technologies"
)
SCRAPER = (
    "id,first_name,last_name,name,linkedin_url,title,email,email_status,organization.name,"
    "organization.primary_domain,organization.website_url,organization.estimated_num_employees,"
    "phone_numbers,employment_history"
)
LINKEDIN_GERMAN = "Vorname,Nachname,URL,E-Mail-Adresse,Unternehmen,Position,Verbunden am"
PIPEDRIVE = (
    "Person - Name,Person - Organization,Person - Email - Work,Person - Phone - Mobile,Person - ID"
)
SALESFORCE = "Lead ID,FirstName,LastName,Title,Company,Email,MobilePhone,LeadSource,Status,OwnerId"
SALESFORCE_REPORT = (
    "Contact ID,Salutation,First Name,Last Name,Title,Account Name,Mailing City,Mailing Country,"
    "Phone,Email,Contact Owner"
)
ZOHO = (
    "Record Id,Contact Owner.id,Contact Owner,Lead Source,First Name,Last Name,Account Name.id,"
    "Account Name,Email,Phone,Mobile,Email Opt Out,Skype ID,Secondary Email,Mailing City"
)
LUSHA = (
    "First Name,Last Name,Job Title,Company Name,Work Email,Direct Dial,Contact LinkedIn URL,"
    "Company Main Industry,Company Number of Employees,Contact Location"
)
APPLE = "First,Last,Organization,Email : home,Email : work,Phone : mobile,Phone : iPhone,Note"
LEADS = (
    "id,full_name,first_name,last_name,title,email,emails,email_status,phone,phones,company,"
    "company_id,domain,linkedin_url,website,city,state,country,industry,tags,status,stage,"
    "lead_status,lead_score,source,notes,created_at,updated_at,custom.booth"
)
COMPANIES = "id,name,domain,website,phone,city,country,industry,employee_count,linkedin_url"

CLOSE = (
    "id,display_name,lead_id,lead_name,status_label,title,emails,phones,date_created,primary_email,"
    "primary_email_type,primary_phone,primary_phone_type,url"
)
CALENDLY = (
    "Team,User Name,User Email,Invitee Name,Invitee Email,Invitee Time Zone,Text Reminder Number,"
    "Event Type Name,Location,Canceled"
)
PHANTOM = (
    "profileUrl,fullName,firstName,lastName,companyName,title,companyUrl,regularCompanyUrl,"
    "location,durationInRole,connectionDegree,vmid,linkedInProfileUrl,defaultProfileUrl"
)
DATEV = (
    "Konto,Name (Adressattyp Unternehmen),Name (Adressattyp natürl. Person),"
    "Vorname (Adressattyp natürl. Person),Adressattyp,Kurzbezeichnung,EU-UStID,Ort,Telefon"
)

EXPORTS = {
    LINKEDIN_GERMAN: ("linkedin", {"Unternehmen": "company", "Position": "title"}),
    OUTLOOK: (
        "outlook",
        {"Title": "name_prefix", "Job Title": "title", "E-mail 2 Address": "email"},
    ),
    THUNDERBIRD: ("thunderbird", {"Secondary Email": "email", "Organisation": "company"}),
    GOOGLE_OLD: ("google", {"Organization 1 - Title": "title", "Group Membership": "tags"}),
    GOOGLE_NEW: ("google", {"Organization Name": "company", "Labels": "tags"}),
    APOLLO: ("apollo", {"Apollo Contact Id": "external_id", "Email Status": "email_verified"}),
    ZOOMINFO: ("zoominfo", {"Company HQ Phone": "company.phone", "Person City": "city"}),
    HUBSPOT: ("hubspot", {"Record ID": "external_id", "Associated Company": "company"}),
    MAILCHIMP: ("mailchimp", {"EUID": "external_id", "LEID": "custom.leid", "CC": "country"}),
    PLACES: (
        "apify:google-maps",
        {"title": "company", "url": "external_url", "city": "company.city"},
    ),
    FINDER: ("apify:leads-finder", {"personal_email": "email", "company_domain": "domain"}),
    SCRAPER: ("apify:apollo", {"id": "external_id", "organization.name": "company"}),
    PIPEDRIVE: ("pipedrive", {"Person - ID": "external_id", "Person - Phone - Mobile": "phone"}),
    SALESFORCE: ("salesforce", {"Lead ID": "external_id", "MobilePhone": "phone"}),
    SALESFORCE_REPORT: ("salesforce", {"Account Name": "company", "Mailing City": "city"}),
    ZOHO: ("zoho", {"Record Id": "external_id", "Email Opt Out": "opt_out"}),
    LUSHA: ("lusha", {"Direct Dial": "phone", "Contact Location": "location"}),
    APPLE: ("apple", {"First": "first_name", "Email : work": "email", "Note": "notes"}),
    CLOSE: ("close", {"display_name": "full_name", "lead_name": "company", "id": "external_id"}),
    CALENDLY: (
        "calendly",
        {
            "Invitee Email": "email",
            "User Email": "custom.user_email",
            "Location": "custom.location",
        },
    ),
    PHANTOM: (
        "phantombuster",
        {
            "linkedInProfileUrl": "linkedin_url",
            "profileUrl": "custom.profile_url",
            "regularCompanyUrl": "company.linkedin_url",
        },
    ),
    DATEV: (
        "datev",
        {
            "Name (Adressattyp Unternehmen)": "company",
            "Name (Adressattyp natürl. Person)": "last_name",
        },
    ),
    LEADS: ("leadloom", {"id": "external_id", "phones": "phone", "custom.booth": "custom.booth"}),
    COMPANIES: ("leadloom", {"name": "company", "employee_count": "company.employee_count"}),
}


@pytest.mark.parametrize("headers", EXPORTS, ids=lambda headers: headers[:24])
def test_an_export_is_recognised_and_its_own_columns_are_read(headers: str) -> None:
    provider, expected = EXPORTS[headers]
    mapping = infer(headers.split(","), [], kind="delimited")
    assert mapping.provider == provider
    assert {column: mapping.columns[column].field for column in expected} == expected


@pytest.mark.parametrize("headers", EXPORTS, ids=lambda headers: headers[:24])
def test_an_export_is_recognised_with_a_column_taken_out_and_others_added(headers: str) -> None:
    known = detect(headers.split(","), "delimited")
    assert known is not None
    columns = headers.split(",")
    columns.remove(next(column for column in columns if key(column) not in known.marks))
    known = detect(["My own column", *columns, "Rating of mine"], "delimited")
    assert known is not None
    assert known.provider == EXPORTS[headers][0]


@pytest.mark.parametrize(
    "headers",
    [
        "Name,Email,Phone",
        "First Name,Last Name,Email,Company,Title,Notes",
        "Firma,Vorname,Nachname,E-Mail,Telefon,PLZ,Ort",
        "Nom,Prénom,Société,Courriel",
        "",
    ],
)
def test_an_ordinary_list_is_no_known_export(headers: str) -> None:
    assert detect(headers.split(","), "delimited") is None


@pytest.mark.parametrize("layout", LAYOUTS, ids=lambda layout: layout.provider + layout.name)
def test_every_field_a_layout_names_exists(layout) -> None:  # type: ignore[no-untyped-def]
    special = {"external_id", "external_url", "observed_at", "ignore", "custom", "location"}
    special |= {"company.location", "email_verified", "opt_out", "opt_in", "status?"}
    special |= {"company.employee_count?"}
    assert set(layout.columns.values()) <= set(FIELDS) | special


def test_vcard_columns_only_count_in_a_vcard_file() -> None:
    headers = ["FN", "N.family", "EMAIL", "EMAIL 2", "TEL", "FAX", "UID"]
    assert detect(headers, "delimited") is None
    mapping = infer(headers, [], kind="vcard")
    assert mapping.provider == "vcard"
    assert [target.field for target in mapping.columns.values()] == [
        "full_name", "last_name", "email", "email", "phone", "custom.fax", "external_id",
    ]  # fmt: skip


def test_google_values_joined_in_a_cell_are_taken_apart() -> None:
    mapping = infer(GOOGLE_NEW.split(","), [], kind="delimited")
    pairs = mapping.pairs(
        {
            "E-mail 1 - Value": "rob@acme.com ::: bob@mail.com",
            "Labels": "* myContacts ::: Partner",
            "Address 1 - City": "Berlin ::: Rom",
        }
    )
    assert [(field, value) for field, value, _ in pairs] == [
        ("email", "rob@acme.com"),
        ("email", "bob@mail.com"),
        ("tags", "Partner"),
        ("city", "Berlin"),
        ("custom.address_1_city", "Rom"),
    ]


def test_mailchimp_unsubscribed_and_cleaned_say_so() -> None:
    headers = [*MAILCHIMP.split(","), "UNSUB_TIME", "CLEAN_TIME"]
    mapping = infer(headers, [], kind="delimited")
    gone = mapping.pairs({"Email Address": "a@b.com", "UNSUB_TIME": "2024-01-02 03:04:05"})
    assert ("do_not_contact", True, "UNSUB_TIME") in gone
    dead = mapping.pairs({"Email Address": "a@b.com", "CLEAN_TIME": "2024-01-02", "UNSUB_TIME": ""})
    assert ("email_status", "bounced", "CLEAN_TIME") in dead
    assert all(field != "do_not_contact" for field, _, _ in dead)


def test_apollo_phone_objects_give_their_numbers() -> None:
    mapping = infer(SCRAPER.split(","), [], kind="json")
    phones = [
        {"raw_number": "(212) 555-0134", "sanitized_number": "+12125550134"},
        {"raw_number": "020 7946 0123", "sanitized_number": None},
    ]
    history = [{"title": "CEO"}]
    assert mapping.pairs({"phone_numbers": phones, "employment_history": history}) == [
        ("phone", "+12125550134", "phone_numbers"),
        ("phone", "020 7946 0123", "phone_numbers"),
        ("custom.employment_history", history, "employment_history"),
    ]


def test_a_list_of_problems_is_read_as_the_file_it_came_from() -> None:
    headers = ["file", "row", "field", "reason", *LINKEDIN_GERMAN.split(",")]
    mapping = infer(headers, [], kind="delimited")
    assert mapping.provider == "linkedin"
    assert {mapping.columns[name].field for name in headers[:4]} == {"ignore"}
    assert mapping.pairs({"file": "a.csv", "row": "3", "Vorname": "Ann"}) == [
        ("first_name", "Ann", "Vorname")
    ]
