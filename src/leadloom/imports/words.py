"""Word lists, written as prose and kept as a set."""


def word_list(text: str) -> frozenset[str]:
    """The words of a text, parted by white space."""
    return frozenset(text.split())
