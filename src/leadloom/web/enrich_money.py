"""Amounts of money as people type and read them."""

from decimal import Decimal, InvalidOperation

from leadloom.errors import UsageError


def read_usd(text: str) -> Decimal | None:
    """Read an amount of US dollars; nothing is None. Raises UsageError."""
    plain = text.strip().removeprefix("$").removesuffix("USD").strip().replace(",", ".")
    if not plain:
        return None
    try:
        amount = Decimal(plain)
    except InvalidOperation:
        amount = Decimal(-1)
    if not amount.is_finite() or amount < 0:
        raise UsageError(f"A budget is a number of US dollars such as 5.00, not {text[:40]!r}.")
    return amount


def usd(amount: Decimal | float) -> str:
    """Return an amount to be read: "$2.07", "$0.0004", "$0"."""
    value = float(amount)
    if not value:
        return "$0"
    return f"${value:,.2f}" if value >= 0.01 else f"${value:.4f}"
