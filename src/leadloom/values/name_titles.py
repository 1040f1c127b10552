"""The words around a name that are no name: titles, degrees, particles."""

import re

from nameparser import Lexicon, Parser

# nameparser knows 800 titles, "King", "Marketing" and "Judge" among them. In a lead list those are
# given names more often than titles; only these stay titles, with those that have a dot inside.
_TITLES = frozenset(
    """
    mr mrs ms miss mx mister sir madam dame lord lady dr dra doctor prof professor rev reverend
    hon capt captain col lt sgt maj gen cmdr herr herrn frau fräulein hr fr mme mlle monsieur madame
    mademoiselle me mgr señor señora señorita sr sra srta don doña dña signor signora signorina
    signore sig senhor senhora dott dottor dottoressa avv ing eng arch rag geom dhr mevr mevrouw
    meneer drs ir mag mmag pd doc mudr mvdr judr phdr rndr bc fru frk pan pani paní ra stb
    dipl.-kfm dipl.-kffr dipl.-inf dipl.-inform dipl.-wirt.-ing dipl.-wi.-ing dipl.-volksw
    dipl.-betriebsw dipl.-oec dipl.-phys dipl.-chem dipl.-psych dipl.-päd dipl.-math dipl.-biol
    dipl.-jur dipl.-des dr.-ing univ.-prof
    """.split()  # noqa: SIM905
)
NEVER_A_NAME = frozenset(
    """
    mr mrs ms miss mx mister madam dr dra doctor prof professor herr herrn frau fräulein mme mlle
    monsieur madame mademoiselle señor señora señorita sra srta doña signor signora signorina
    signore senhor senhora dott dottor dottoressa mevrouw meneer dhr mevr
    """.split()  # noqa: SIM905
)
"""Titles that are titles even when nothing but one other word follows."""

ACADEMIC = re.compile(
    r"^((?:[\w.-]+\.\s*)*Dr\.?\s*(?:(?:h\.\s?c|mult|med|dent|vet|rer|nat|pol|oec|publ|phil|jur|iur"
    r"|habil|ing|sc|theol|techn|agr|hum|biol|paed|päd|soc|e\.\s?h)\.\s*)+)(?=\S)",
    re.IGNORECASE,
)
"""A doctor's title with its faculties, "Prof. Dr. rer. nat. ", at the beginning of a name."""

GENERATION = re.compile(r"(?:jr|sr|jnr|snr|junior|senior|i{1,3}|iv|v|vi{1,3})\.?", re.IGNORECASE)
"""What tells the father from the son."""

ARTICLES = frozenset(
    "van von der den de del della di da dos das du la le zu zum zur ter ten".split()  # noqa: SIM905
)
"""Particles that begin a last name when they are written small."""


# "Servant of", in Arabic: it is one name with the word that follows, first or last.
_SERVANT_OF = frozenset(("عبد",))


def _parser() -> Parser:
    lexicon = Lexicon.default()
    inside = {title for title in lexicon.titles if "." in title or not title.isascii()}
    dropped = lexicon.titles - inside - _TITLES
    kept = lexicon.remove(titles=dropped, given_name_titles=dropped & lexicon.given_name_titles)
    ours = kept.add(titles=_TITLES, particles=_SERVANT_OF, particles_ambiguous=_SERVANT_OF)
    return Parser(lexicon=ours)


PARSER = _parser()
WORDS_WITH_A_ROLE: frozenset[str] = frozenset().union(
    *(
        getattr(PARSER.lexicon, kind)
        for kind in (  # noqa: SIM905
            "titles particles suffix_acronyms suffix_words conjunctions bound_given_names"
            " maiden_markers honorific_tails"
        ).split()
    )
)
"""Words that are, or may be, something other than a given or last name."""

DEGREES: frozenset[str] = PARSER.lexicon.suffix_acronyms - PARSER.lexicon.suffix_acronyms_ambiguous
"""Degrees and certificates, in small letters, that are nobody's name."""

TITLES: frozenset[str] = PARSER.lexicon.titles
"""Titles in small letters without the dot at their end."""
