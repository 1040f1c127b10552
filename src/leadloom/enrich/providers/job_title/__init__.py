"""What a job title tells: how senior somebody is, and where they work in the company."""

from leadloom.enrich.provider import Answer, Provider, Question
from leadloom.enrich.providers.job_title.department import department
from leadloom.enrich.providers.job_title.seniority import seniority
from leadloom.enrich.providers.job_title.title_words import words_of


def _find(question: Question) -> list[Answer]:
    title = str(question.values["title"])
    words = words_of(title)
    found = (("seniority", seniority(words)), ("department", department(words)))
    return [Answer(field, value, 0.8, f"title {title!r}") for field, value in found if value]


PROVIDER = Provider(
    "job title",
    ("seniority", "department"),
    ("title",),
    _find,
    about="the words of the title, in six languages",
    example={"title": "Head of Sales"},
)
