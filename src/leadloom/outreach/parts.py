"""The parts a template is made of, and which of them serve a type of message."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final, Literal

from leadloom.errors import UsageError
from leadloom.outreach.language import compiled

PartType = Literal["subject", "body", "icebreaker", "hot_button"]
MessageType = Literal["hook", "proof", "fomo"]
PART_TYPES: Final[tuple[PartType, ...]] = ("subject", "body", "icebreaker", "hot_button")
MESSAGE_TYPES: Final[tuple[MessageType, ...]] = ("hook", "proof", "fomo")


@dataclass(frozen=True, slots=True)
class Part:
    """One text of a template. Without a `message_type` it serves every type of message."""

    name: str
    type: PartType
    message_type: MessageType | None
    text: str
    version: int = 1

    @property
    def label(self) -> str:
        """How errors name the part: "Template 'intro' (body, hook)"."""
        kind = f"{self.type}, {self.message_type}" if self.message_type else self.type
        return f"Template {self.name!r} ({kind})"


def check(parts: Iterable[Part]) -> None:
    """Read every part before anything is written. Raises UsageError for the first bad one."""
    for part in parts:
        compiled(part.text, part.label)


def choose(parts: Iterable[Part], message_type: MessageType) -> dict[PartType, Part]:
    """The part of each type for this type of message, else the generic one; newest version wins.

    Raises UsageError when there is no subject or no body.
    """
    chosen: dict[PartType, Part] = {}
    for part in sorted(parts, key=lambda part: (part.message_type is not None, part.version)):
        if part.message_type in (None, message_type):
            chosen[part.type] = part
    for needed in ("subject", "body"):
        if needed not in chosen:
            name = next((repr(part.name) for part in chosen.values()), "")
            raise UsageError(
                f"Template {name} has no {needed} for {message_type} messages: "
                f"add one with: leadloom templates add.".replace("Template  ", "The template ")
            )
    return chosen
