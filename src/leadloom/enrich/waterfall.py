"""Per field, providers in order, stopping at the first that answers. Pure."""

from collections.abc import Iterator

from leadloom.enrich import address_name, address_pattern, company_data, phone_country, titles
from leadloom.enrich.provider import Answer, Provider, Question

# Those that need no key and no network; what one finds the next may use.
PROVIDERS: tuple[Provider, ...] = (
    address_name.PROVIDER,
    company_data.PROVIDER,
    titles.PROVIDER,
    phone_country.PROVIDER,
    address_pattern.PROVIDER,
)


def ask(question: Question) -> Iterator[tuple[Provider, Answer]]:
    """Yield what is found of the fields that are missing, with who found it."""
    known = dict(question.values)
    for provider in PROVIDERS:
        missing = [field for field in provider.fields if not known.get(field)]
        if not missing or not all(known.get(field) for field in provider.needs):
            continue
        for answer in provider.find(Question(known, question.company, question.colleagues)):
            # What comes along with an answer (an address's status) belongs to it.
            if answer.field in missing or answer.field not in provider.fields:
                known[answer.field] = answer.value
                yield provider, answer
