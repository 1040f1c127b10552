"""What people hang on their names on a profile page, and taking it off again."""

import re
import unicodedata

from leadloom.values.text import tidy

_AFTER_BAR = re.compile(r"\s*(?<![\u3040-\u9fff])[|•·►▪⭐★☆✪➤»].*$|\s+[-–—]\s+.*$|\s+@\s.*$")
_REMARKS = re.compile(
    r"\s*[\[(]\s*(?:she|he|they|her|him|them|ella|el|elle|sie|er|ext|extern|external|guest|gast"
    r"|intern|open to work|hiring|we'?re hiring)\b[^\])]*[\])]|#\w+",
    re.IGNORECASE,
)
# Whom a letter is for, as address books of goods departments have it.
_FOR = re.compile(
    r"^(?:z\.?\s?h(?:d|dn)?\.|zu h[äa]nden|c\s?/\s?o|fao\b|attn?\b\.?|attention|"
    r"[àa] l['’]attention de|a la atenci[óo]n de|alla c\.\s?a\.|ao cuidado de)[\s:]*"
    r"(?:von |des |der |de |del |of )?(?=\S)",
    re.IGNORECASE,
)
# "Ann Lee (https://www.notion.so/Ann-Lee-1a2b)": a link to a page, as note-taking programs export.
_LINK = re.compile(r"\s*\(https?://[^\s()]*\)")
# "𝓙𝓪𝓷𝓮": letters borrowed from mathematics for their looks.
_COSTUMED = re.compile("[\U0001d400-\U0001d7ff]+")


def undecorate(name: str) -> str:
    """Without emoji, pronouns, hashtags, links, "c/o", and what a profile has behind a bar."""
    if name.isascii() and name.replace(" ", "").replace("-", "").isalpha():
        return name if " -" not in name else _AFTER_BAR.sub("", name)
    bare = _REMARKS.sub("", _LINK.sub("", _FOR.sub("", name)))
    bare = _COSTUMED.sub(lambda letters: unicodedata.normalize("NFKC", letters[0]), bare)
    bare = "".join(c for c in bare if not _is_decoration(c))
    bare = _AFTER_BAR.sub("", tidy(bare)) or bare
    return tidy(bare).strip(" ,;:|/\\*_`´^~+=<>").strip()


def _is_decoration(c: str) -> bool:
    # Symbols, private use, the joiners and selectors of emoji; not marks, which spell names. The
    # bars among the symbols are still needed.
    if c < "\x7f" or c in "•·►▪⭐★☆✪➤»":
        return False
    return (
        unicodedata.category(c) in ("So", "Sk", "Sm", "Co", "Cs", "Cn")
        or c in "\u200d\ufe0f\ufe0e\u20e3"
    )
