"""Money: exact decimals of US dollars outside, whole millionths of a dollar in the database."""

from decimal import ROUND_UP, Decimal
from functools import lru_cache

_MICRO = Decimal(1_000_000)
_CENT = Decimal("0.01")


@lru_cache(maxsize=256)
def micro(usd: Decimal) -> int:
    """Return dollars as whole millionths; what is smaller counts as one."""
    return int((usd * _MICRO).to_integral_value(rounding=ROUND_UP))


def shown(amount: Decimal | float) -> str:
    """Return dollars as they are read: in cents, and what is less than a cent as it is."""
    value = Decimal(str(amount))
    if not value or abs(value) >= _CENT:
        return f"{value:.2f}"
    return f"{value:.6f}".rstrip("0")


def usd(micros: int | Decimal | None) -> Decimal:
    """Return millionths as dollars."""
    return Decimal(micros or 0) / _MICRO
