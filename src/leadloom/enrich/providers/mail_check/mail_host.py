"""Who takes mail for a domain, as its name servers say; silence is not taken for a no."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from leadloom.connect.failure import TargetError

if TYPE_CHECKING:
    from dns.asyncresolver import Resolver

MakeResolver = Callable[[], "Resolver"]

_LIFETIME_S: Final = 5.0


@dataclass(frozen=True, slots=True)
class MailHost:
    """Whether a domain takes mail, how sure that is, what was said, and which server takes it."""

    takes_mail: bool
    confidence: float
    evidence: str
    server: str | None = None


def system() -> "Resolver":
    """Return what asks the name servers of this machine."""
    from dns.asyncresolver import Resolver

    return Resolver()


async def mail_host(domain: str, make: MakeResolver = system) -> MailHost:
    """Return who takes mail for a domain.

    Raises TargetError where that is not known: a name server fails, refuses, or is silent.
    """
    import dns.exception
    import dns.name
    import dns.resolver

    try:
        name = dns.name.from_text(domain, idna_codec=dns.name.IDNA_2008)
    except (dns.exception.DNSException, ValueError):
        return MailHost(False, 0.95, f"{domain} is no domain")
    try:
        return await _ask(make(), domain, name)
    except dns.resolver.NXDOMAIN:
        return MailHost(False, 0.95, f"{domain} does not exist (NXDOMAIN)")
    except dns.exception.Timeout:
        raise TargetError(f"unknown: no answer about {domain} in time", kind="retry") from None
    except dns.resolver.NoNameservers as error:
        said = "SERVFAIL" if "SERVFAIL" in str(error) else "refuse"
        raise TargetError(
            f"unknown: the name servers of {domain} fail ({said})", kind="retry"
        ) from None
    except (dns.exception.DNSException, OSError) as error:
        raise TargetError(f"unknown: {domain} ({type(error).__name__})", kind="retry") from None


async def _ask(resolver: "Resolver", domain: str, name: object) -> MailHost:
    import dns.name
    import dns.resolver

    try:
        found = await resolver.resolve(name, "MX", lifetime=_LIFETIME_S, search=False)  # type: ignore[arg-type]
    except dns.resolver.NoAnswer:
        return await _without_mx(resolver, domain, name)
    hosts = [one.exchange for one in sorted(found, key=lambda one: one.preference)]
    if all(host == dns.name.root for host in hosts):
        return MailHost(False, 0.95, f"{domain} says that it takes no mail (null MX)")
    best = next(host for host in hosts if host != dns.name.root)
    server = best.to_text(omit_final_dot=True)
    return MailHost(True, 0.9, f"{server} takes mail for {domain}", server)


async def _without_mx(resolver: "Resolver", domain: str, name: object) -> MailHost:
    """Without an MX record, mail goes to the domain's own address, if it has one."""
    import dns.resolver

    for kind in ("A", "AAAA"):
        try:
            await resolver.resolve(name, kind, lifetime=_LIFETIME_S, search=False)  # type: ignore[arg-type]
        except dns.resolver.NoAnswer:
            continue
        return MailHost(True, 0.5, f"{domain} names no mail server, but has an address (no MX)")
    return MailHost(False, 0.9, f"{domain} names no mail server and has no address (no MX)")
