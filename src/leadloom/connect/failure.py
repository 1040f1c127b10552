"""How a call outside fails: skip this question, try again later, or ask no more at all."""

from typing import Literal

Kind = Literal["skip", "retry", "stop"]


class OutsideError(Exception):
    """A call outside did not come to an answer; its text is short and holds no secret.

    `http_status` is what the other side said, if it spoke; `is_billed` whether it may cost all
    the same.
    """

    def __init__(
        self, text: str, *, http_status: int | None = None, is_billed: bool = False
    ) -> None:
        super().__init__(text)
        self.http_status = http_status
        self.is_billed = is_billed


class SkipError(OutsideError):
    """This question cannot be answered; others may be."""


class TargetError(SkipError):
    """What the question is about cannot be read now (a website is down, a name server is silent).

    Whoever is asked is well: others may be asked about, and the same again in another run.
    `kind`: "skip" this page, "retry" it later, or "stop" asking this host.
    """

    def __init__(self, text: str, *, kind: Kind = "skip", http_status: int | None = None) -> None:
        super().__init__(text, http_status=http_status)
        self.kind: Kind = kind


class RetryError(OutsideError):
    """The same question may be answered later: `after_s` says when, if the other side did."""

    def __init__(
        self,
        text: str,
        *,
        after_s: float | None = None,
        http_status: int | None = None,
        is_billed: bool = False,
    ) -> None:
        super().__init__(text, http_status=http_status, is_billed=is_billed)
        self.after_s = after_s


class StopError(OutsideError):
    """Nothing more is to be asked here: the key is refused, the plan is used up."""
