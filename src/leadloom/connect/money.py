"""Money: exact decimals of US dollars outside, whole millionths of a dollar in the database."""

from decimal import ROUND_UP, Decimal
from functools import lru_cache

_MICRO = Decimal(1_000_000)


@lru_cache(maxsize=256)
def micro(usd: Decimal) -> int:
    """Return dollars as whole millionths; what is smaller counts as one."""
    return int((usd * _MICRO).to_integral_value(rounding=ROUND_UP))


def usd(micros: int | Decimal | None) -> Decimal:
    """Return millionths as dollars."""
    return Decimal(micros or 0) / _MICRO
