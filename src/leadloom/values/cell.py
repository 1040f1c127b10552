"""Spreadsheet cells: text that a spreadsheet would run as a formula, made harmless and restored;
and the mark on text that was too long for one.

A cell beginning with one of these characters is a formula to Excel, LibreOffice or Google Sheets
(OWASP, "CSV Injection"). An apostrophe before it makes it text.
"""

import re

_FORMULA = re.compile(r"'*[=+\-@\t\r\n＝＋－＠]")
_GUARDED = re.compile(r"'+[=+\-@\t\r\n＝＋－＠]")
_QUOTED_NUMBER = re.compile(r"'[+\d][\d\s().\-]*")
_CUT = re.compile(r" \[cut: [\d,]+ characters\]$")


def neutralise(text: str) -> str:
    """Text safe to write into a spreadsheet cell; `restore` gives exactly the text back."""
    return "'" + text if _FORMULA.match(text) else text


def restore(text: str) -> str:
    """Text as it was before `neutralise`: exactly one guarding apostrophe less."""
    return text[1:] if _GUARDED.match(text) else text


def unquoted(text: str) -> str:
    """Digits without the apostrophe by which spreadsheets are told that they are no number."""
    return text[1:] if _QUOTED_NUMBER.fullmatch(text) else text


def cut_mark(length: int) -> str:
    """What stands at the end of a text of `length` characters that had to be cut."""
    return f" [cut: {length:,} characters]"


def is_cut(text: str) -> bool:
    """Whether a text ends with the mark of one that was cut."""
    return bool(_CUT.search(text[-40:]))
