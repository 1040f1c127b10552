"""Registrable domains ("acme.co.uk"), by the public suffix list that comes with tldextract."""

import re
from functools import cache, lru_cache
from typing import TYPE_CHECKING

from email_validator import EmailNotValidError, validate_email

from leadloom.values import NOTHING, Cleaned
from leadloom.values.mailbox_kind import is_free
from leadloom.values.text import is_blank, tidy, without_invisible

if TYPE_CHECKING:
    from tldextract import TLDExtract

_SCHEME = re.compile(r"(?:[a-z][a-z0-9+.-]*:)?//|mailto:|https?:", re.IGNORECASE)
_HOST = re.compile(r"(?=.{4,253}$)(?:[^\W_](?:[\w-]{0,61}[^\W_])?\.)+[^\W\d_][\w-]{0,61}[^\W_]")

_SHARED = frozenset(
    """
    facebook.com fb.com fb.me m.me instagram.com instagr.am threads.net threads.com twitter.com
    x.com t.co linkedin.com lnkd.in xing.com youtube.com youtu.be tiktok.com pinterest.com
    pinterest.de snapchat.com whatsapp.com wa.me t.me telegram.me vk.com ok.ru weibo.com reddit.com
    discord.gg discord.com twitch.tv vimeo.com flickr.com behance.net dribbble.com soundcloud.com
    spotify.com meetup.com nextdoor.com clubhouse.com mastodon.social bsky.app researchgate.net
    github.com github.io gitlab.com gitlab.io bitbucket.org stackoverflow.com
    google.com google.de google.co.uk google.fr google.es google.it goo.gl g.page g.co
    business.site googleusercontent.com withgoogle.com googlepages.com page.link bing.com yahoo.com
    apple.com apple.co microsoft.com sharepoint.com onedrive.com dropbox.com
    linktr.ee linkin.bio bio.link beacons.ai lnk.bio campsite.bio about.me carrd.co taplink.cc
    solo.to allmylinks.com msha.ke hoo.be
    bit.ly tinyurl.com ow.ly buff.ly rebrand.ly is.gd cutt.ly shorturl.at rb.gy hubs.ly
    wix.com wixsite.com wixstudio.io editorx.io squarespace.com weebly.com webflow.io
    wordpress.com wp.com wpengine.com blogspot.com blogger.com tumblr.com medium.com substack.com
    ghost.io livejournal.com typepad.com over-blog.com jimdo.com jimdosite.com jimdofree.com
    webnode.com webnode.page webador.com strikingly.com mystrikingly.com site123.me godaddysites.com
    ueniweb.com ionos.space one.com mozello.com yolasite.com tripod.com angelfire.com
    homestead.com site.pro duda.co multiscreensite.com webs.com simplesite.com cms.webnode.com
    myshopify.com shopify.com bigcartel.com mybigcommerce.com ecwid.com company.site square.site
    squareup.com etsy.com ebay.com ebay.de ebay.co.uk amazon.com amazon.de amazon.co.uk
    alibaba.com aliexpress.com shopee.com mercadolibre.com
    notion.site notion.so airtable.com canva.site canva.com framer.website framer.app
    herokuapp.com netlify.app vercel.app web.app firebaseapp.com pages.dev workers.dev
    azurewebsites.net cloudfront.net amazonaws.com appspot.com fly.dev onrender.com replit.app
    surge.sh glitch.me hubspotpagebuilder.com hs-sites.com unbouncepages.com leadpages.co
    yelp.com yelp.de tripadvisor.com tripadvisor.de trustpilot.com booking.com opentable.com
    airbnb.com doctolib.de doctolib.fr jameda.de provenexpert.com gelbeseiten.de 11880.com
    dasoertliche.de pagesjaunes.fr paginasamarillas.es paginegialle.it yell.com
    yellowpages.com thumbtack.com houzz.com angi.com bark.com upwork.com fiverr.com
    calendly.com cal.com typeform.com eventbrite.com eventbrite.de patreon.com gofundme.com
    kickstarter.com crunchbase.com wellfound.com angel.co glassdoor.com indeed.com zoominfo.com
    apollo.io wikipedia.org imdb.com
    """.split()  # noqa: SIM905
)


def clean(text: str) -> Cleaned:
    """The registrable domain of a host name, web address or e-mail address, in lower case."""
    if is_blank(tidy(text)):
        return NOTHING
    domain = of_host(_host(text))
    return Cleaned(text, "not a domain") if domain is None else Cleaned(domain)


def is_shared(domain: str) -> bool:
    """Whether many businesses live under this domain, so that it names none of them."""
    return domain in _SHARED or is_free(domain)


@lru_cache(maxsize=16384)
def of_host(host: str) -> str | None:
    """The registrable domain of a lower-case host name; None when it has none.

    An ending that is on no list is no domain, except ".example", which RFC 2606 keeps for examples.
    """
    if not _HOST.fullmatch(host):
        return None
    if not host.isascii() or "xn--" in host:
        host = _unicode(host) or ""
    found = _extractor().extract_str(host)
    if found.domain and found.suffix:
        return f"{found.domain}.{found.suffix}"
    if host.endswith(".example"):
        return ".".join(host.split(".")[-2:])
    return None


@cache
def _extractor() -> "TLDExtract":
    """The bundled list only: no network, no cache on disk.

    A host on a private suffix such as acme.blogspot.com belongs to blogspot.com, which `is_shared`.
    Imported when first asked, since it brings a whole HTTP client along.
    """
    from tldextract import TLDExtract

    return TLDExtract(suffix_list_urls=(), cache_dir=None)


def _host(text: str) -> str:
    host = without_invisible(tidy(text[:2_083])).lower()
    host = _SCHEME.sub("", host, count=1)
    host = host.replace("\\", "/").partition("/")[0].partition("?")[0].partition("#")[0]
    host = host.rpartition("@")[2].partition(":")[0]
    return host.strip(" .,;<>()[]\"'")


def _unicode(host: str) -> str | None:
    # One spelling of an international domain, the same one `email.clean` gives.
    try:
        return validate_email(f"x@{host}", check_deliverability=False).domain
    except EmailNotValidError:
        return None
