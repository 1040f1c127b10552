"""A model that learned is the better for it, is not thrown by wrong labels, and can be kept."""

import random

import numpy as np
import orjson
import pytest

from leadloom.resolve.match import defaults
from leadloom.resolve.match.learn import Example, calibrated, learn, with_precision
from leadloom.resolve.match.levels import code, level_of
from leadloom.resolve.match.matcher import answer_of
from leadloom.resolve.match.model import Model, table
from leadloom.resolve.match.stored import frozen, thawed

MODEL = defaults.people().with_records(100_000)
PLACES = {field.name: place for place, field in enumerate(MODEL.fields)}


def pair(**levels: str) -> tuple[int, ...]:
    """The codes of a pair with these levels; fields are named with _ for a space."""
    codes = [0] * len(MODEL.fields)
    for name, level in levels.items():
        field = MODEL.fields[PLACES[name.replace("_", " ")]]
        codes[PLACES[field.name]] = code(field.levels.index(level) + 1)
    return tuple(codes)


ALIKE = {"given": "exact", "surname": "exact", "order": "straight", "company": "exact"}
OTHERS = {"given": "different", "surname": "different", "order": "straight", "company": "exact"}


def kept(model: Model, name: str, level: str) -> float:
    field = model.fields[PLACES[name]]
    return field.kept[field.levels.index(level)]


def examples(wrong: float) -> list[Example]:
    """Pairs of people who mistype their company often, and colleagues; some told wrongly."""
    chance = random.Random(7)
    found = []
    for _ in range(2_000):
        company = "mistyped" if chance.random() < 0.4 else "exact"
        is_wrong = chance.random() < wrong
        found.append(Example(pair(**ALIKE | {"company": company}), 1, not is_wrong))
        found.append(Example(pair(**OTHERS), 1, chance.random() < wrong))
    return found


def test_how_values_are_spoilt_is_learned() -> None:
    assert kept(learn(MODEL, examples(0)), "company", "mistyped") == pytest.approx(0.4, abs=0.06)


def test_wrong_labels_are_outvoted() -> None:
    clean, noisy = learn(MODEL, examples(0)), learn(MODEL, examples(0.05))
    for codes in (pair(**ALIKE), pair(**OTHERS), pair(**ALIKE, mailbox="another at one domain")):
        assert noisy.bits(codes) == pytest.approx(clean.bits(codes), abs=1)
    assert noisy.probability(pair(**OTHERS)) < 0.01


def test_how_often_two_have_one_name_is_learned_from_labels_alone() -> None:
    """Two profiles tell namesakes; without them they look like one person in another place."""
    alike = {"given": "exact", "surname": "exact", "order": "straight", "city": "exact"}
    told = {"company": "different", "title": "different"}
    people = [Example(pair(**alike, company="exact", profile="same"), 1_000)]
    people.append(Example(pair(**alike, **told, profile="different"), 200))

    def rates(model: Model) -> dict[str, float]:
        return {one.name: one.rate or 0 for one in model.stories if not one.is_same}

    usual, found = rates(MODEL), rates(learn(MODEL, people))
    assert found["namesakes in one city"] > 20 * usual["namesakes in one city"]
    assert found["relatives"] == usual["relatives"]
    unknown = rates(learn(MODEL, people, by_chance={}))
    assert unknown["namesakes in one city"] == usual["namesakes in one city"]


def labelled(wrong: float, right: float = 1.0) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Odds, and labels as often right as they say but for `wrong` (both 0-1)."""
    chance = np.random.default_rng(3)
    bits = chance.uniform(-16, 16, 40_000)
    is_same = chance.random(len(bits)) < 1 / (1 + np.exp2(-right * bits))
    is_same ^= chance.random(len(bits)) < wrong
    return bits, is_same.astype(float), np.ones(len(bits))


@pytest.mark.parametrize("wrong", [0.0, 0.02, 0.06])
@pytest.mark.parametrize("right", [0.7, 1.0])
def test_odds_are_corrected_however_many_labels_are_wrong(wrong: float, right: float) -> None:
    found = calibrated(MODEL, *labelled(wrong, right))
    assert found.is_calibrated
    assert found.slope == pytest.approx(right, abs=0.15)
    assert found.offset == pytest.approx(0, abs=0.5)


def test_the_more_is_wrong_above_a_threshold_the_higher_it_is() -> None:
    bits = np.linspace(-10, 12, 200)
    many, few = np.where(bits < 5, 10.0, 1.0), np.where(bits < 5, 0.5, 1.0)
    high, low = (with_precision(MODEL, bits, pairs).same_at for pairs in (many, few))
    assert 0.9 <= low < high <= 0.99
    for pairs, at in ((many, high), (few, low)):
        likely = 1 / (1 + np.exp2(-bits))
        woven = likely >= at
        assert np.average(likely[woven], weights=pairs[woven]) >= 0.985


def test_where_labels_bear_the_odds_out_two_of_three_are_worth_a_question() -> None:
    bits = np.linspace(-10, 12, 200)
    after = with_precision(MODEL, bits, np.ones_like(bits))
    assert answer_of(after, 0.71)[0] == "unsure"
    assert answer_of(MODEL, 0.71)[0] == answer_of(after, 0.69)[0] == "different"


def test_nothing_learned_changes_nothing() -> None:
    after = learn(MODEL, [])
    for codes in (pair(**ALIKE), pair(**OTHERS)):
        assert after.bits(codes) == pytest.approx(MODEL.bits(codes), abs=0.2)


def test_a_stored_model_scores_the_same() -> None:
    model = learn(MODEL, examples(0))
    again = thawed(orjson.loads(orjson.dumps(frozen(model))))
    assert again.bits(pair(**ALIKE)) == model.bits(pair(**ALIKE))
    assert again.version == model.version == MODEL.version + 1


def test_the_table_names_every_level() -> None:
    rows = table(MODEL)
    assert len(rows) == sum(len(field.levels) for field in MODEL.fields)
    assert level_of(pair(given="exact")[PLACES["given"]]) == len(MODEL.fields[0].levels)


def test_where_no_relatives_live_together_nobody_does() -> None:
    """Of all pairs that share an address all but a few have both names the same."""
    home = {"street": "exact", "city": "exact", "postcode": "exact"}
    same = {"given": "exact", "surname": "exact", "order": "straight", **home}
    others = {"given": "different", "surname": "different", "order": "straight", **home}
    relatives = others | {"surname": "exact"}
    alone = [Example(pair(**same), 3_000), Example(pair(**others), 30)]
    families = [*alone, Example(pair(**relatives, mobile="different", title="different"), 300)]
    weights = []
    for seen in (alone, families):
        model = learn(MODEL.with_records(5_000), seen, by_chance={"under one roof": 200.0})
        weights += [one.weight for one in model.stories if one.name == "under one roof"]
    assert weights[0] < weights[1] / 4


def test_namesakes_with_profiles_of_their_own_are_no_people_who_changed_them() -> None:
    namesakes = ALIKE | {"company": "different", "site": "different", "city": "exact"}
    told_apart = pair(**namesakes, profile="different", mobile="different")
    one = pair(**ALIKE, city="exact", profile="same")
    model = learn(MODEL, [Example(told_apart, 20_000), Example(one, 5_000)])
    for story in model.stories:
        if story.is_same:
            assert story.shares["profile"] > 0.9
    assert model.bits(pair(**namesakes)) < MODEL.bits(pair(**namesakes)) - 2
