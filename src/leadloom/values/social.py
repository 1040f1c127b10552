"""Social networks whose pages people give for a website."""

_NETWORKS = frozenset(
    (
        "linkedin.com",
        "twitter.com",
        "x.com",
        "facebook.com",
        "fb.com",
        "instagram.com",
        "xing.com",
        "threads.net",
        "threads.com",
        "tiktok.com",
        "youtube.com",
        "pinterest.com",
        "bsky.app",
        "vk.com",
        "t.me",
    )
)


def is_network(domain: str) -> bool:
    """Whether pages of this registrable domain are profiles rather than websites."""
    return domain in _NETWORKS
