"""Spreadsheet cells: text that a spreadsheet would run as a formula, made harmless and restored.

A cell beginning with one of these characters is a formula to Excel, LibreOffice or Google Sheets
(OWASP, "CSV Injection"). An apostrophe before it makes it text.
"""

import re

_FORMULA = re.compile(r"'*[=+\-@\t\r\n＝＋－＠]")
_GUARDED = re.compile(r"'+[=+\-@\t\r\n＝＋－＠]")


def neutralise(text: str) -> str:
    """Text safe to write into a spreadsheet cell; `restore` gives exactly the text back."""
    return "'" + text if _FORMULA.match(text) else text


def restore(text: str) -> str:
    """Text as it was before `neutralise`: exactly one guarding apostrophe less."""
    return text[1:] if _GUARDED.match(text) else text
