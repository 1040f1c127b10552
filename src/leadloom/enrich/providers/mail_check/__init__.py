"""Whether an address can be right: how it is written, and what name servers say of its domain.

Mail servers are spoken to only where the setting `probe_mailboxes` is on; without, no address is
ever found to be verified here.
"""

import dataclasses
from functools import partial

from leadloom.enrich.provider import Answer, Found, Line, OutsideProvider, Question, Settings
from leadloom.enrich.providers.mail_check.mail_host import MakeResolver, mail_host, system
from leadloom.enrich.providers.mail_check.mailbox import Dial, Verdict, dial, probe
from leadloom.values import email
from leadloom.values.mailbox_kind import is_role


async def _ask(
    question: Question, line: Line, *, make: MakeResolver, dial: Dial, is_probing: bool
) -> Found:
    address = str(question.values["email"][0])
    clean = email.clean(address)
    if clean.problem or not clean.value:
        return _found("invalid", 0.99, f"it is no address: {clean.problem or 'nothing in it'}")
    domain = email.domain_of(clean.value)
    if is_disposable(domain):
        return _found("risky", 0.9, f"{domain} is on the list of disposable domains")
    host = await mail_host(domain, make)
    if not host.takes_mail:
        return _found("invalid", host.confidence, host.evidence)
    if is_role(clean.value):
        return _found("risky", 0.6, f"{host.evidence}; it is of a role, not of a person")
    if is_probing and host.server and clean.value.isascii():
        return _probed(await probe(clean.value, host.server, dial), host.evidence)
    return _found("unverified", 0.4, f"{host.evidence}; whether the mailbox exists nobody asked")


def _probed(verdict: Verdict, evidence: str) -> Found:
    status, confidence = {
        "exists": ("verified", 0.85),
        "does not exist": ("invalid", 0.85),
        "takes anything": ("risky", 0.7),
        "unknown": ("unverified", 0.4),
    }[verdict]
    return _found(status, confidence, f"{evidence}; whether the mailbox exists: {verdict}")


def _found(status: str, confidence: float, evidence: str) -> Found:
    return Found([Answer("email_status", status, confidence, evidence)])


def is_disposable(domain: str) -> bool:
    """Whether addresses of this domain, or of one that it is part of, are thrown away after use."""
    from disposable_email_domains import blocklist

    labels = domain.lower().split(".")
    return any(".".join(labels[start:]) in blocklist for start in range(len(labels) - 1))


def provider(make: MakeResolver = system, dial: Dial = dial) -> OutsideProvider:
    """Return the provider, asking the name servers of `make` and the mail servers of `dial`."""

    def fit(one: OutsideProvider, settings: Settings) -> OutsideProvider:
        is_probing = bool(settings.get("probe_mailboxes"))
        asking = partial(_ask, make=make, dial=dial, is_probing=is_probing)
        return dataclasses.replace(one, ask=asking, version=f"1/{is_probing}")

    return OutsideProvider(
        "mail check",
        ("email_status",),
        ("email",),
        partial(_ask, make=make, dial=dial, is_probing=False),
        about="how an address is written, disposable domains, who takes mail for its domain",
        timeout_s=20.0,
        attempts=1,
        is_web=True,
        fit=fit,
        example={"email": ["jane.doe@example.com"]},
    )


PROVIDER = provider()
