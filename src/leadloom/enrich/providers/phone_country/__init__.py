"""The country a phone number belongs to."""

from leadloom.enrich.provider import Answer, Provider, Question
from leadloom.values.phone import country_of


def _find(question: Question) -> list[Answer]:
    number = question.values["phone"][0]
    country = country_of(number)
    return [Answer("country", country, 0.7, f"phone {number}")] if country else []


PROVIDER = Provider(
    "phone prefix",
    ("country",),
    ("phone",),
    _find,
    about="the country that a number belongs to",
    example={"phone": ["+493023125000"]},
)
