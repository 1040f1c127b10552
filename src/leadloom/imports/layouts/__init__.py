"""The exports Leadloom knows by their headers. A new one is a file here and a line in `LAYOUTS`."""

from collections.abc import Sequence

from leadloom.imports.headers import key
from leadloom.imports.layouts.apify import APOLLO_SCRAPER, GOOGLE_MAPS, LEADS_FINDER
from leadloom.imports.layouts.apollo import APOLLO
from leadloom.imports.layouts.apple import APPLE
from leadloom.imports.layouts.calendly import CALENDLY
from leadloom.imports.layouts.close import CLOSE
from leadloom.imports.layouts.datev import DATEV
from leadloom.imports.layouts.dynamics import DYNAMICS
from leadloom.imports.layouts.google import GOOGLE
from leadloom.imports.layouts.hubspot import HUBSPOT
from leadloom.imports.layouts.layout import Layout
from leadloom.imports.layouts.ldif import LDIF
from leadloom.imports.layouts.leadloom import COMPANIES, LEADS
from leadloom.imports.layouts.linkedin import LINKEDIN
from leadloom.imports.layouts.linkedin_forms import LINKEDIN_FORMS
from leadloom.imports.layouts.lusha import LUSHA
from leadloom.imports.layouts.mailchimp import MAILCHIMP
from leadloom.imports.layouts.outlook import OUTLOOK
from leadloom.imports.layouts.outscraper import OUTSCRAPER
from leadloom.imports.layouts.phantombuster import PHANTOMBUSTER
from leadloom.imports.layouts.pipedrive import PIPEDRIVE
from leadloom.imports.layouts.salesforce import SALESFORCE
from leadloom.imports.layouts.thunderbird import THUNDERBIRD
from leadloom.imports.layouts.vcard import OWN_CARDS, VCARD
from leadloom.imports.layouts.zoho import ZOHO
from leadloom.imports.layouts.zoominfo import ZOOMINFO

LAYOUTS: tuple[Layout, ...] = (
    OWN_CARDS,
    VCARD,
    LEADS,
    COMPANIES,
    LINKEDIN,
    LINKEDIN_FORMS,
    GOOGLE,
    OUTLOOK,
    APPLE,
    THUNDERBIRD,
    HUBSPOT,
    SALESFORCE,
    ZOHO,
    DYNAMICS,
    PIPEDRIVE,
    APOLLO,
    ZOOMINFO,
    LUSHA,
    MAILCHIMP,
    CLOSE,
    CALENDLY,
    PHANTOMBUSTER,
    DATEV,
    LDIF,
    LEADS_FINDER,
    APOLLO_SCRAPER,
    GOOGLE_MAPS,
    OUTSCRAPER,
)


def detect(headers: Sequence[str], kind: str) -> Layout | None:
    """The layout whose marks, then columns, the headers hold most of; None when none fits.

    `kind` is the kind of file: 'delimited', 'workbook', 'json' or 'vcard'.
    """
    keys = frozenset(map(key, headers))
    best = max(LAYOUTS, key=lambda layout: layout.score(keys, kind))
    return best if best.score(keys, kind) > (0, 0) else None
