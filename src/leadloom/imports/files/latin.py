"""Which code page a text in Latin letters is in, told by the alphabets of languages.

The same byte is "ø" in one code page and "ř" in another. In the right one the letters of a text
belong to the alphabet of one language, or at least of one group of neighbours.
"""

import re
import unicodedata

ALPHABETS: dict[str, dict[str, str]] = {
    "western": {
        "German": "äöüß",
        "French": "éèêëàâçîïôùûüÿœæ",
        "Spanish": "áéíóúüñ",
        "Portuguese": "áàâãçéêíóôõúü",
        "Italian": "àèéìíòóù",
        "Catalan": "àçèéíïòóúü",
        "Dutch": "áéëèïíóöúü",
        "Swedish": "åäöéü",
        "Danish": "æøåéöü",
    },
    "northern": {
        "Icelandic": "áðéíóúýþæö",
        "Estonian": "äöõüšž",
        "Latvian": "āčēģīķļņšūž",
        "Lithuanian": "ąčęėįšųūž",
    },
    "central": {
        "German": "äöüß",
        "Polish": "ąćęłńóśźż",
        "Czech": "áčďéěíňóřšťúůýž",
        "Slovak": "áäčďéíĺľňóôŕšťúýž",
        "Hungarian": "áéíóöőúüű",
        "Croatian": "čćđšž",
        "Romanian": "ăâîşţ",
    },
    "turkish": {"Turkish": "çğıöşüâîi\u0307"},
}
CODE_PAGES = {  # the first wins a draw
    "cp1252": ("western", "northern"),
    "cp1250": ("central",),
    "mac_roman": ("western",),
    "cp1254": ("turkish",),
    "cp1257": ("northern",),
    "cp850": ("western",),
}
PUNCTUATION = frozenset("“”„‘’‚–—…•·®©™°ºª€£«»¿¡§´½¼²\u00a0")
APOSTROPHES = frozenset("’‘´·ºª")
BEFORE_A_WORD = frozenset("§„«¿¡£€")  # stand before a word or a number, never against its end
CURRENCIES = frozenset("£€")
VOWEL = re.compile(r"[aeiouyæøœ]|^.{1,2}$", re.DOTALL)  # after accents are taken off
LONGEST_WORD = 40
# Of old Macs and of DOS: a text is in one only when it makes good sense there.
RARE = ("mac_roman", "cp850")
GOOD_SENSE = 1.5  # of 2


def likeliest_latin(sample: bytes) -> str:
    """The code page under which the sample's letters make the best sense; cp1252 in doubt."""
    sense = {page: _sense(sample, page) for page in CODE_PAGES}
    likely = [page for page in CODE_PAGES if page not in RARE or sense[page] >= GOOD_SENSE]
    return max(likely, key=lambda page: sense[page])


def _sense(sample: bytes, page: str) -> float:
    text = sample.decode(page, "replace")
    known = [_known_letter(text, place) for place, letter in enumerate(text) if letter > "\x7f"]
    return max((_fit(known, ALPHABETS[group]) for group in CODE_PAGES[page]), default=0.0)


def _fit(letters: list[str | None], alphabets: dict[str, str]) -> float:
    """Share of letters in the group's alphabets together, plus the share in its best single one."""
    together = set().union(*alphabets.values())
    best = max(_share(letters, set(alphabet)) for alphabet in alphabets.values())
    return _share(letters, together) + best


def _share(letters: list[str | None], alphabet: set[str]) -> float:
    fitting = sum(letter is not None and (not letter or letter in alphabet) for letter in letters)
    return fitting / max(len(letters), 1)


def _known_letter(text: str, place: int) -> str | None:
    """The letter in lower case, "" for punctuation where it belongs, None for nonsense."""
    letter = text[place]
    before, after = text[place - 1 : place], text[place + 1 : place + 2]
    if letter in PUNCTUATION:
        within = before.isalpha() and after.isalpha()
        if before.isalpha() and letter in BEFORE_A_WORD:
            return None
        if after.isalpha() and letter in CURRENCIES:
            return None  # "£ukasz" is Łukasz in another code page
        return None if within and letter not in APOSTROPHES else ""
    if not unicodedata.category(letter).startswith("L"):
        return None
    if letter.isupper() and before.islower():
        return None
    if not VOWEL.search(_word_around(text, place)):
        return None
    return letter.lower()[:1]


def _word_around(text: str, place: int) -> str:
    """The word that a letter stands in, without accents: "Jšrg" has no vowel, "Jörg" has one."""
    start, end = place, place + 1
    while start > 0 and place - start < LONGEST_WORD and text[start - 1].isalpha():
        start -= 1
    while end < len(text) and end - place < LONGEST_WORD and text[end].isalpha():
        end += 1
    word = unicodedata.normalize("NFKD", text[start:end].lower())
    return "".join(letter for letter in word if not unicodedata.combining(letter))
