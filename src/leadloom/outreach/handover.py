"""Handing drafts over: the rows of a mail-merge file."""

from collections.abc import Iterator
from typing import Any, Final

from leadloom.exports.drafts import draft_row
from leadloom.outreach.campaigns import Campaign
from leadloom.outreach.messages import drafts_in_order, get_messages
from leadloom.outreach.recipients import load_recipients
from leadloom.storage.database import Tx
from leadloom.storage.dialect import chunks

_BATCH: Final = 500


def rows_for_export(
    tx: Tx, campaign: Campaign, *, only_accepted: bool = False
) -> Iterator[dict[str, Any]]:
    """Yield a campaign's drafts as rows of a file (see `exports.drafts`), lead by lead.

    Left out are leads that must not be written to any more, whatever they were when drafting, and
    messages that somebody skipped, or that have been queued or sent. The same drafts come in the
    same order every time.
    """
    chosen = drafts_in_order(tx, campaign.key, campaign.variants, only_accepted=only_accepted)
    for keys in chunks(chosen, _BATCH):
        found = get_messages(tx, keys)
        people = sorted({message.lead_key for message in found})
        recipients = {one.key: one for one in load_recipients(tx, people)}
        for message in found:
            recipient = recipients[message.lead_key]
            if recipient.obstacle is None:
                shape = {**message.as_json(), "template": campaign.template}
                shape["quality"] = round(message.quality_score)
                yield draft_row(recipient.context, shape)
