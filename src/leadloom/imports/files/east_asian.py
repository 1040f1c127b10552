"""Which code page a text in Chinese, Japanese or Korean is in, told by everyday characters.

Each national standard puts its common characters first. Read in the wrong code page, common
characters turn into rare ones, or into none.
"""

from dataclasses import dataclass

COMMON_SHARE = 0.8


@dataclass(frozen=True, slots=True)
class Page:
    """A code page, the standard it extends, and the first bytes of its common characters."""

    name: str
    standard: str
    common: frozenset[int]
    script: frozenset[int]
    script_share: float


def _page(
    name: str, standard: str, common: range, script: range, script_share: float = 0.0
) -> Page:
    return Page(name, standard, frozenset((*common, *script)), frozenset(script), script_share)


# First bytes: KS X 1001 hangul; JIS X 0208 kana and level 1; GB 2312 level 1; Big5 level 1. All of
# hangul lies where GB 2312 has its common characters, so Korean is asked first, and must be
# hangul nearly throughout; EUC-JP must show some kana for the same reason.
PAGES = (
    _page("cp949", "euc_kr", range(0), range(0xB0, 0xC9), 0.95),
    _page("euc_jp", "euc_jp", range(0xB0, 0xD0), range(0xA4, 0xA6), 0.1),
    _page("cp932", "shift_jis", range(0x88, 0x99), range(0x82, 0x84)),
    _page("gb18030", "gb2312", range(0xB0, 0xD8), range(0)),
    _page("big5", "big5", range(0xA4, 0xC7), range(0)),
)


def likeliest_east_asian(sample: bytes) -> str | None:
    """The first code page in which nearly all characters are common ones; None without one."""
    return next((page.name for page in PAGES if _fits(sample, page)), None)


def _fits(sample: bytes, page: Page) -> bool:
    text = sample.decode(page.name, "replace")
    firsts = [
        letter.encode(page.standard, "ignore")[:1]
        for letter in text
        if letter > "\x7f" and (letter.isalpha() or letter == "\ufffd")
    ]
    common = sum(first != b"" and first[0] in page.common for first in firsts)
    script = sum(first != b"" and first[0] in page.script for first in firsts)
    return bool(firsts) and (
        common >= COMMON_SHARE * len(firsts) and script >= page.script_share * len(firsts)
    )
