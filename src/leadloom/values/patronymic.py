"""East Slavic names: the order "Ivanov Ivan Petrovich", told by the father's name at its end."""

import re

# Written in Cyrillic or in Latin letters. A woman's father's name is nobody's last name; a man's
# may be one elsewhere (Abramovich), so it counts behind what can only be a last name.
_HERS = re.compile(r".*(?:овна|евна|ёвна|ична|івна|ївна|ovna|evna|yevna|ichna|ivna)", re.IGNORECASE)
_HIS = re.compile(r".*(?:ович|евич|ёвич|йович|ьич|мич|ovich|evich|yevich|ovych)", re.IGNORECASE)
_SURNAME = re.compile(
    r".{2,}(?:[оеё]в|[ие]н|ын|[сц]к(?:ий|ой|ая|ый|ій)|[оеё]ва|ина|ына|[уюя]к|енко|[иы]х|[еэ]ц|ян|дзе|"
    r"швили|[oe]v|[ie]n|yn|sk(?:iy|y|ii|aya|a)|[oe]va|ina|yna|[uy]k|enko|ykh|ikh|ets|yan|dze|"
    r"shvili)",
    re.IGNORECASE,
)
_CYRILLIC = re.compile("[\u0400-\u04ff]")


def is_surname_first(words: list[str]) -> bool:
    """Whether three words are a last name, a first name and a father's name."""
    if len(words) != 3 or _HERS.fullmatch(words[1]) or _HIS.fullmatch(words[1]):
        return False
    if _HERS.fullmatch(words[2]):
        return True
    return bool(_HIS.fullmatch(words[2]) and _SURNAME.fullmatch(words[0]))


def may_be_surname(word: str) -> bool:
    """Whether a word in Cyrillic ends as last names do, and given names of men and women do not."""
    return bool(_CYRILLIC.search(word) and _SURNAME.fullmatch(word) and word.lower() not in _GIVEN)


# Given names that end as last names do.
_GIVEN = frozenset(
    """
    арина алина ангелина антонина валентина василина галина дина екатерина зарина ирина иван
    калина карина катерина константин кристина лина марина мартин марьян нина полина регина
    римма сабина севастьян степан тина христина эвелина элина ян янина валентин вениамин
    августин дарина мирослав лев яков
    """.split()  # noqa: SIM905
)
