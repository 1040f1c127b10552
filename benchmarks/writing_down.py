"""People and companies written down, as one list or another has them."""

from random import Random
from typing import Any

from spoiling import cyrillic, digit_slip, misread, plain, slip, written_out
from town import Firm, Human, zipf
from words import NICKNAMES, TITLES

_ABBREVIATED = {"Logistics": "Log.", "Systems": "Sys.", "Software": "SW", "Consulting": "Cons."}


def person_facts(human: Human, chance: Random) -> dict[str, Any]:
    """Write somebody down once, as one list or another would have it."""
    if human.then is not None and chance.random() < 0.45:
        human = human.then
    facts: dict[str, Any] = {"full_name": _name(human, chance)}
    emails, phones = [], []
    if chance.random() < 0.62:
        emails.append(human.mailbox if chance.random() > 0.015 else slip(human.mailbox, chance))
    if chance.random() < 0.14:
        emails.append(human.private)
    if chance.random() < 0.04:
        emails = [f"info@{human.firm.site}"]
    for odds, number in ((0.3, human.mobile), (0.28, human.firm.switchboard), (0.22, human.line)):
        if chance.random() < odds:
            phones.append(number if chance.random() > 0.01 else digit_slip(number, chance))
    if chance.random() < 0.33:
        facts["linkedin_url"] = human.profile
    if chance.random() < 0.85:
        facts["company"] = firm_name(human.firm, chance)
    if chance.random() < 0.4:
        facts["domain"] = firm_site(human.firm, chance)
    if chance.random() < 0.65:
        facts["title"] = human.title if chance.random() < 0.8 else zipf(TITLES, chance)
    if chance.random() < 0.7:
        facts["city"] = human.city if chance.random() > 0.02 else slip(human.city, chance)
    if chance.random() < 0.15:
        facts |= {"street": human.street, "postal_code": human.postcode}
    facts["email"], facts["phone"] = [e.lower() for e in emails], phones
    return {name: value for name, value in facts.items() if value}


def _name(human: Human, chance: Random) -> str:
    given, surname = human.given, human.surname
    if human.maiden and chance.random() < 0.4:
        surname = human.maiden
    draw = chance.random()
    if draw < 0.1 and given in NICKNAMES:
        given = NICKNAMES[given]
    elif draw < 0.16:
        given = given[0] + "."
    elif draw < 0.19:
        given = slip(given, chance)
    draw = chance.random()
    if draw < 0.03:
        surname = slip(surname, chance)
    elif draw < 0.045:
        surname = misread(surname, chance)
    if human.middle and chance.random() < 0.4:
        given += f" {human.middle if chance.random() < 0.3 else human.middle[0] + '.'}"
    name = f"{given} {surname}"
    draw = chance.random()
    if draw < 0.02:
        name = f"{surname} {given}"
    elif draw < 0.08:
        name = f"{surname}, {given}"
    if human.generation and chance.random() < 0.6:
        name += f" {human.generation}"
    draw = chance.random()
    if not name.isascii() and draw < 0.4:
        name = plain(name) if draw < 0.25 else written_out(name)
    return cyrillic(name) if chance.random() < 0.004 else name


def firm_name(firm: Firm, chance: Random) -> str:
    """Return a company's name as somebody writes it."""
    name = firm.old_name if firm.old_name and chance.random() < 0.35 else firm.name
    draw = chance.random()
    if draw < 0.5:
        name = f"{name} {firm.legal_form}"
    elif draw < 0.55:
        name = name.partition(" ")[0] if len(name.partition(" ")[0]) > 4 else name
    elif draw < 0.58:
        for word, short in _ABBREVIATED.items():
            name = name.replace(word, short)
    if chance.random() < 0.025:
        name = slip(name, chance)
    return name.upper() if chance.random() < 0.05 else name


def firm_site(firm: Firm, chance: Random) -> str:
    """Return a company's domain as somebody notes it."""
    if firm.old_site and chance.random() < 0.3:
        return firm.old_site
    if firm.alias_site and chance.random() < 0.4:
        return firm.alias_site
    return firm.site


def firm_facts(firm: Firm, chance: Random) -> dict[str, Any]:
    facts: dict[str, Any] = {}
    if chance.random() < 0.97:
        facts["name"] = firm_name(firm, chance)
    if chance.random() < 0.6 or not facts:
        facts["domain"] = firm_site(firm, chance)
    if chance.random() < 0.45:
        number = firm.switchboard
        facts["phone"] = [number if chance.random() > 0.02 else digit_slip(number, chance)]
    if chance.random() < 0.25:
        facts["linkedin_url"] = f"https://www.linkedin.com/company/{firm.site.replace('.', '-')}"
    if chance.random() < 0.7:
        facts["city"] = firm.city if chance.random() > 0.03 else slip(firm.city, chance)
    if chance.random() < 0.3:
        facts |= {"street": firm.street, "postal_code": firm.postcode}
    return facts
