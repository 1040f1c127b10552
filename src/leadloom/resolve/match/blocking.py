"""Match keys: what a record can be found by, whatever is wrong with it.

Each is a 64-bit number in one indexed table. A key that too many share tells nothing (a
switchboard, a common name): it is set aside, and others, of two things together, find the pair.
How many are too many can be seen from the key (`room_of`): of namesakes with nothing else in common
but a city one is the same person only where the name is rare, and looking at the others costs time.

Of whom an employer and a city are told, a namesake has another key for one of these, or is somebody
else: by the name alone they find only those of whom less is told, and are found by these
(`asked_by`).
"""

from collections.abc import Callable, Iterable, Iterator

from leadloom.leads.match_key import hash_of
from leadloom.resolve.match import firm
from leadloom.resolve.match.firm import FirmTerms
from leadloom.resolve.match.names import Name
from leadloom.resolve.match.person import PersonTerms
from leadloom.resolve.match.places import Place
from leadloom.resolve.match.words import skeleton
from leadloom.values.nicknames import chief_of, family_of

CROWDED = 12
FEW = 3
# Keys that end in so many zeros are of little weight. (Of the others one in 32,768 does, too.)
LIGHT = 0xFFFE
# The last bit of such a key: less is told than an employer and a city.
LITTLE = 1
# Keys that end so say a little more, but may be shared by as few.
_LOCAL = 0x8000

# Of fewer, too many begin alike: international, national, universal.
_EMPLOYER_LETTERS = 8
_FORMER_LETTERS = (6, 8)  # before revisions 0013 and 0016 of the schema
_STREET_LETTERS = 4
_SHORTEST_HANDLE = 5


def keys_of(person: PersonTerms) -> list[int]:
    """Return the keys a person is found by."""
    return list(dict.fromkeys(map(_key_of, _person_keys(person))))


def former_keys_of(person: PersonTerms) -> list[int]:
    """Return the keys a person was found by before revision 0016 of the schema."""
    recipes = (_person_keys(person, letters) for letters in _FORMER_LETTERS)
    former = [_former_key_of(parts) for some in recipes for parts in some]
    return list(dict.fromkeys([*former, *map(paired_by, former)]))


def room_of(key: int) -> int:
    """Return how many may share a key: of more it finds none."""
    return FEW if key & LIGHT in (0, _LOCAL) else CROWDED


def room_at_once(key: int) -> int:
    """Return how many may share a key where all are looked at at once: there is time for more."""
    return CROWDED if key & LIGHT else FEW


def asked_by(keys: Iterable[int]) -> Iterator[int]:
    """Yield the keys by which one who holds `keys` finds others."""
    for key in keys:
        if key & LIGHT:
            yield key
        else:
            yield key | LITTLE
            if key & LITTLE:
                yield key ^ LITTLE


def paired_by(key: int) -> int:
    """Return what two must have in common to find each other, where all are looked at at once."""
    return key if key & LIGHT else key & ~LITTLE


def _key_of(parts: tuple[str, ...]) -> int:
    kind, *others = parts
    if kind == "name":
        return hash_of(*parts) & ~(LIGHT | LITTLE)
    if kind == "name, little else":
        return hash_of("name", *others) & ~LIGHT | LITTLE
    if kind == "name in":
        return hash_of(*parts) & ~(LIGHT | LITTLE) | _LOCAL
    return hash_of(*parts)


def _former_key_of(parts: tuple[str, ...]) -> int:
    return hash_of(*parts) if parts[0] == "name in" else _key_of(parts)


def firm_keys_of(terms: FirmTerms) -> list[int]:
    """Return the keys a company is found by."""
    return list(dict.fromkeys(hash_of(*parts) for parts in firm.keys_of(terms)))


def _person_keys(person: PersonTerms, former_letters: int = 0) -> Iterator[tuple[str, ...]]:
    for mail in person.mails:
        if mail.kind != "role":
            yield "email", mail.address
            if mail.is_handle and len(mail.local) >= _SHORTEST_HANDLE:
                yield "handle", mail.local
    for phone in person.phones:
        yield "phone", phone.base
    for profile in person.profiles:
        yield "profile", profile
    form_of = family_of if former_letters else chief_of
    employers = _employers(person, former_letters or _EMPLOYER_LETTERS)
    is_placed = bool(employers) and any(place.city for place in person.places)
    for name in person.names:
        heard = _heard(name, form_of)
        if name.given and name.surname:
            kind = "name" if is_placed else "name, little else"
            yield kind, *sorted((form_of(name.given[0]), "".join(name.surname)))
        for employer in employers:
            yield from (
                _former_name_at(heard, employer) if former_letters else _name_at(name, employer)
            )
        for place in person.places:
            yield from _name_and_place(heard, place, bool(employers))
    for place in person.places:
        yield from _place_keys(place)


def _name_at(name: Name, employer: str) -> Iterator[tuple[str, ...]]:
    """A firm has many of one given name, and many of one surname; of both fewer.

    Of one of the two a letter is enough: the rest may be mistyped, or only that is written. Of Bob
    it may be that of Robert.
    """
    given, surname = name.given[:1], max(name.surname, key=len, default="")
    if not (given and surname):
        for word in (*map(chief_of, given), surname):
            if word:
                yield "name at", skeleton(word), employer
        return
    first, chief = given[0], chief_of(given[0])
    if len(first) > 1 or len(surname) == 1:
        yield "names at", *sorted((skeleton(chief), surname[0])), employer
    if len(surname) > 1:
        for letter in dict.fromkeys((first[0], chief[0])):
            yield "names at", *sorted((skeleton(surname), letter)), employer


def _former_name_at(heard: list[str], employer: str) -> Iterator[tuple[str, ...]]:
    if len(heard) < 2:
        yield from (("name at", word, employer) for word in heard)
        return
    for word, other in (heard, heard[::-1]):
        yield "names at", *sorted((word, other[0])), employer


def _name_and_place(
    heard: list[str], place: Place, has_employer: bool
) -> Iterator[tuple[str, ...]]:
    if place.city and len(heard) > 1:
        yield "name in", place.city, *heard
    if not (place.postcode or place.street):
        return
    postcode = "".join(sorted(place.postcode))
    areas = [postcode] if has_employer else [postcode, _heard_place(place.city)]
    for area in filter(None, areas):
        for word in heard:
            yield "name at", word, area
    if len(heard) > 1 and not has_employer:  # with nothing else to be found by
        yield "called", *heard


def _place_keys(place: Place) -> Iterator[tuple[str, ...]]:
    city, postcode = _heard_place(place.city), "".join(sorted(place.postcode))
    if city and postcode:
        yield "area", city, postcode
    words = place.street.split()
    begin = "".join(word for word in words if not word[:1].isdecimal())
    if not begin:
        return
    begin = skeleton(begin)[:_STREET_LETTERS]
    if numbers := sorted(word for word in words if word[:1].isdecimal()):
        yield "street", begin, *numbers
    if city or postcode:
        yield "street in", begin, city or postcode


def _heard_place(city: str) -> str:
    return skeleton(city.replace(" ", "")) if city else ""


def _heard(name: Name, form_of: Callable[[str], str]) -> list[str]:
    """Return how the given name and the surname sound, in an order that swapping leaves alone."""
    words = {skeleton(form_of(name.given[0]))} if name.given else set()
    if name.surname:
        words.add(skeleton(max(name.surname, key=len)))
    return sorted(words)


def _employers(person: PersonTerms, letters: int) -> list[str]:
    names = ["".join(words) for words in person.employer.names]
    names += [site.partition(".")[0].replace("-", "") for site in person.employer.sites]
    return list(dict.fromkeys(name[:letters] for name in names))
