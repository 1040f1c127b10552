"""What a model costs, by the list of `genai-prices`."""

from decimal import Decimal
from typing import Final

from leadloom.enrich.providers.llm.choice import Choice

MOST_OUTPUT: Final = 1_500
"""Tokens that a model may answer with."""

REQUESTS: Final = 2
"""How often it is asked at most: once more when what it said cannot be read."""

# Instructions and schema, and the fewest letters a token has in the languages we read.
_ALWAYS: Final = 1_500
_LETTERS_A_TOKEN: Final = 2


def most_usd(choice: Choice, letters: int) -> Decimal | None:
    """Return the most that reading so many letters costs; None where the model is in no list."""
    tokens = letters // _LETTERS_A_TOKEN + _ALWAYS
    return cost_usd(choice, (tokens + MOST_OUTPUT) * REQUESTS, MOST_OUTPUT * REQUESTS)


def cost_usd(choice: Choice, tokens_in: int, tokens_out: int) -> Decimal | None:
    """Return what so many tokens cost; None where the model is in no list."""
    if choice.is_free:
        return Decimal(0)
    from genai_prices import Usage, calc_price

    usage = Usage(input_tokens=tokens_in, output_tokens=tokens_out)
    try:
        if choice.base_url is not None:
            return calc_price(usage, choice.model, provider_api_url=choice.base_url).total_price
        return calc_price(usage, choice.model, provider_id=choice.vendor).total_price
    except LookupError:
        return None
