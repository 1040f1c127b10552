"""What a verifier, a provider or a mailing tool says of an e-mail address."""

import re

from leadloom.values import NOTHING, Cleaned, flag
from leadloom.values.text import fold, is_blank, tidy

# The words of ZeroBounce, NeverBounce, Hunter, Apollo, Lusha, HubSpot, Mailchimp and their like.
_WORDS = {
    "verified": """verified valid deliverable delivered ok good safe safe_to_send real exists
        accepted validated confirmed verifiziert gultig zustellbar geprueft gepruft bestatigt
        verifie valide verificado valido verificato confirmado a a+""",
    "unverified": """unverified not_verified unknown unchecked pending guessed extrapolated
        likely_to_engage user_managed unbekannt ungepruft nicht_verifiziert non_verifie
        no_verificado non_verificato nao_verificado b c likely probable""",
    "risky": """risky catch_all catchall accept_all acceptall accept_all_unverifiable webmail
        disposable role role_based spamtrap spam_trap do_not_mail abuse unverifiable
        low_quality low_deliverability questionable suspicious full_mailbox mailbox_full
        greylisted timeout d""",
    "invalid": """invalid undeliverable not_deliverable bad wrong syntax_error not_valid
        dead does_not_exist no_mx mailbox_not_found rejected ungultig unzustellbar
        invalide no_valido non_valido invalido non_valide fake""",
    "bounced": """bounced bounce hard_bounce hardbounce hard_bounced soft_bounce soft_bounced
        cleaned returned rucklaufer""",
}
_STATUSES = {word: status for status, words in _WORDS.items() for word in words.split()}
# There is no address to say anything of.
_ABSENT = ("unavailable", "not_found", "no_email", "missing")
_SEPARATORS = re.compile(r"[\s_./\\-]+")


def clean(text: str) -> Cleaned:
    """One of verified, unverified, risky, invalid, bounced; a plain yes or no counts too."""
    tidied = tidy(text)
    if len(tidied) > 60:
        return Cleaned(text, "not the status of an e-mail address")
    word = _SEPARATORS.sub("_", fold(tidied)).strip("_()")
    if word in _STATUSES:
        return Cleaned(_STATUSES[word])
    if is_blank(tidied) or word in _ABSENT:
        return NOTHING
    answer, problem = flag.clean(tidied)
    if problem is None:
        return Cleaned("verified" if answer else "unverified")
    return Cleaned(text, "not the status of an e-mail address")
