"""What a job title tells: how senior somebody is, and where they work in the company."""

import re

from leadloom.enrich.provider import Answer, Provider, Question

# First match wins, so the higher rank stands first. English, German, French, Spanish, Italian,
# Portuguese, by the words people print on cards.
_SENIORITY = (
    ("founder", r"(co-?)?founder|gründer|fondat|fundador|socio fundador"),
    (
        "c-level",
        r"c[etofimprhs]o|chief|owner|president|inhaber|geschäftsführ|vorstand|pdg|gérant|"
        r"directeur général|director general|direttore generale|titolare|managing director|"
        r"amministratore|ceo",
    ),
    ("vp", r"vp|svp|evp|vice[- ]president"),
    ("director", r"director|directeur|directrice|direttore|direttrice|diretora?|prokurist|partner"),
    ("head", r"head|leiter|leitung|leiterin|responsable|responsabile|chef|jefe|jefa|capo"),
    ("manager", r"manager|managerin|gestionnaire|gerente|coordinator|supervisor|team ?lead"),
    ("senior", r"senior|sr|principal|lead|staff"),
    ("junior", r"junior|jr|intern|trainee|praktikant|stagiaire|werkstudent|apprentice|student"),
)
_DEPARTMENT = (
    (
        "sales",
        r"sales|vertrieb|verkauf|account|ventes?|commercial|ventas|vendite|"
        r"vendas|comercial|business development",
    ),
    (
        "marketing",
        r"marketing|brand|kommunikation|communications?|content|seo|cmo|pr",
    ),
    (
        "engineering",
        r"engineer|engineering|developer|entwickl|software|cto|ingenieur|"
        r"ingénieur|ingeniero|ingegnere|devops|architect|technik|technical",
    ),
    (
        "purchasing",
        r"purchas|procurement|einkauf|achats?|compras|acquisti|sourcing|supply",
    ),
    (
        "operations",
        r"operations|coo|produktion|production|logisti|betrieb|plant|werk|"
        r"manufacturing",
    ),
    (
        "finance",
        r"finance|cfo|controll|account(ing|ant)|buchhalt|finanz|treasury|comptab",
    ),
    (
        "people",
        r"hr|human resources|people|talent|recruit|personal(leiter|wesen)|rh|"
        r"ressources humaines",
    ),
    (
        "product",
        r"product|produkt|cpo",
    ),
    (
        "research",
        r"research|r&d|forschung|scientist|recherche",
    ),
    (
        "support",
        r"support|service|customer|kunden",
    ),
    (
        "legal",
        r"legal|counsel|jurist|rechts|avocat|lawyer",
    ),
)


def _first(table: tuple[tuple[str, str], ...], title: str) -> str | None:
    for name, pattern in table:
        if re.search(rf"(?<!\w)(?:{pattern})", title):
            return name
    return None


def _find(question: Question) -> list[Answer]:
    title = str(question.values["title"])
    told = title.lower()
    found = (("seniority", _first(_SENIORITY, told)), ("department", _first(_DEPARTMENT, told)))
    return [Answer(field, value, 0.8, f"title {title!r}") for field, value in found if value]


PROVIDER = Provider("job title", ("seniority", "department"), ("title",), _find)
