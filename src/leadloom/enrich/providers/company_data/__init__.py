"""What other records say of the lead's company."""

from leadloom.enrich.provider import Answer, Provider, Question

_FIELDS = (
    ("company", "name"),
    ("domain", "domain"),
    ("website", "website"),
    ("industry", "industry"),
)


def _find(question: Question) -> list[Answer]:
    evidence = f"company {question.company.get('name') or question.company.get('domain')}"
    return [
        Answer(field, question.company[column], 0.7, evidence)
        for field, column in _FIELDS
        if question.company.get(column)
    ]


PROVIDER = Provider(
    "company records",
    tuple(field for field, _ in _FIELDS),
    (),
    _find,
    about="what other records say of the company",
    example={"company.name": "Acme", "company.domain": "acme.com"},
)
