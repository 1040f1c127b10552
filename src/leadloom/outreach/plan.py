"""What a draft run is going to do: for which campaign, from which texts, to whom. Decided first."""

import hashlib
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Any, Final

from leadloom.config import list_settings
from leadloom.errors import UsageError
from leadloom.outreach.campaigns import (
    Campaign,
    checked_context,
    checked_variants,
    create_campaign,
    find_campaign,
    find_or_create_campaign,
)
from leadloom.outreach.context import values_of
from leadloom.outreach.groups import member_roots
from leadloom.outreach.messages import TYPES
from leadloom.outreach.parts import MESSAGE_TYPES, MessageType, Part, PartType, choose
from leadloom.outreach.recipients import Recipient
from leadloom.outreach.selection import select_keys
from leadloom.outreach.templates import get_active, install_built_ins
from leadloom.outreach.variables import KNOWN, MADE, required_variables, unknown
from leadloom.storage.database import Tx
from leadloom.storage.types import dump_json, load_json

_SENDER: Final = (
    "sender_name",
    "sender_company",
    "sender_title",
    "sender_pitch",
    "sender_proof",
    "signature",
)


@dataclass(frozen=True, slots=True)
class DraftRequest:
    """What was asked for; None leaves it to the campaign, else to the settings.

    `lead_keys` are inner keys; with `where` and the campaign's group they narrow one another.
    """

    template: str | None = None
    variants: int | None = None
    campaign: str | None = None
    where: Sequence[str] = ()
    lead_keys: Collection[int] | None = None
    context: Mapping[str, Any] | None = None
    campaign_type: str = "initial"


@dataclass(frozen=True, slots=True)
class DraftPlan:
    """Everything a draft run needs. `keys` are the leads, oldest first.

    `chosen` are the texts of each type of message, `text_keys` their inner keys, `required` the
    variables that leave a hole in a letter to a lead without them. `options` say the same in short,
    so that a run that died can be gone on with when the same is asked again.
    """

    campaign: Campaign
    variants: int
    campaign_type: str
    context: Mapping[str, Any]
    chosen: Mapping[MessageType, Mapping[PartType, Part]]
    text_keys: Mapping[Part, int]
    required: frozenset[str]
    keys: Sequence[int]
    options: Mapping[str, Any]

    def parts(self, variant: int) -> Iterable[Part]:
        """The texts that serve a variant (from 0)."""
        return self.chosen[MESSAGE_TYPES[variant % len(MESSAGE_TYPES)]].values()

    def lacks(self, recipient: Recipient) -> list[str]:
        """The variables without a default that there is no value for in a letter to this lead."""
        values = values_of({**self.context, **recipient.context})
        return sorted(name for name in self.required if values.get(name) in (None, "", []))


def make_plan(tx: Tx, request: DraftRequest) -> DraftPlan:
    """Work out what to draft; makes the campaign when it is not there yet, and nothing else.

    Raises UsageError for a template that lacks a text or uses a variable nobody can fill, and for
    whatever else was asked for that makes no sense.
    """
    install_built_ins(tx)
    if request.campaign_type not in TYPES:
        raise UsageError(f"There is no {request.campaign_type!r}: choose from {', '.join(TYPES)}.")
    settings = {setting.key: setting.value for setting in list_settings(tx)}
    campaign, variants = _campaign(tx, request, settings)
    context = sender_of(settings)
    context |= campaign.context | checked_context(request.context or {})
    text_keys = {text.part: text.key for text in get_active(tx, campaign.template)}
    types = MESSAGE_TYPES[:variants]
    chosen = {message_type: choose(text_keys, message_type) for message_type in types}
    used = sorted({part for parts in chosen.values() for part in parts.values()}, key=_order)
    _check_variables(used, KNOWN | context.keys())
    among = member_roots(campaign.group_key) if campaign.group_key is not None else None
    return DraftPlan(
        campaign,
        variants,
        request.campaign_type,
        context,
        chosen,
        text_keys,
        _required(used) - context.keys(),
        select_keys(tx, request.where, among=among, keys=request.lead_keys),
        _described(request, campaign, variants, context, used),
    )


def sender_of(settings: Mapping[str, Any]) -> dict[str, Any]:
    """Return the variables that say who writes, of the settings by their keys."""
    return {name: settings[name] for name in _SENDER if settings[name]}


def _campaign(tx: Tx, request: DraftRequest, settings: Mapping[str, Any]) -> tuple[Campaign, int]:
    """Return the campaign the drafts are for, and how many of them each lead gets."""
    variants = request.variants and checked_variants(request.variants)
    template = " ".join((request.template or settings["default_template"]).split())
    wanted = variants or settings["variants"]
    if request.campaign is None:
        return find_or_create_campaign(tx, template, wanted), wanted
    campaign = find_campaign(tx, request.campaign)
    if campaign is None:
        made = create_campaign(tx, request.campaign, template=template, variants=wanted)
        return made, wanted
    if request.template is not None and template != campaign.template:
        raise UsageError(
            f"The campaign {campaign.name!r} writes from the template {campaign.template!r}, not "
            f"{template!r}: name another campaign."
        )
    return campaign, variants or campaign.variants


def _check_variables(parts: Iterable[Part], known: Collection[str]) -> None:
    for part in parts:
        for name in sorted(unknown(part.text, known, part.label)):
            near = get_close_matches(name, known, 3)
            hint = (
                f"did you mean {' or '.join(near)}?" if near else "fields of your own are custom."
            )
            raise UsageError(
                f"{part.label} uses {name}, which no lead has and the context does not give: {hint}"
            )


def _required(parts: Sequence[Part]) -> frozenset[str]:
    made = MADE - {"icebreaker", "hot_button"} | {part.type for part in parts}
    names = (required_variables(part.text, part.label) for part in parts)
    return frozenset().union(*names) - made


def _described(
    request: DraftRequest,
    campaign: Campaign,
    variants: int,
    context: Mapping[str, Any],
    parts: Iterable[Part],
) -> dict[str, Any]:
    keys = request.lead_keys
    options: dict[str, Any] = load_json(
        dump_json(
            {
                "campaign": campaign.name,
                "campaign_type": request.campaign_type,
                "template": campaign.template,
                "texts": [[part.type, part.message_type, part.version] for part in parts],
                "variants": variants,
                "context": context,
                "where": list(request.where),
                "leads": None if keys is None else _digest(keys),
            }
        )
    )
    return options


def _digest(keys: Collection[int]) -> str:
    return hashlib.sha256(dump_json(sorted(keys)).encode()).hexdigest()[:32]


def _order(part: Part) -> tuple[str, str]:
    return part.type, part.message_type or ""
