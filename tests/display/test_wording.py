"""The words of the page: the yardstick, the banned phrases, counts."""

import pytest

from csp_toolkit.display.wording import BANNED, YARDSTICK, check_sentence, count_in_words, find_banned, say_chance
from csp_toolkit.errors import CheckFailed


@pytest.mark.parametrize(("word", "low", "high"), YARDSTICK)
def test_both_ends_of_each_yardstick_band_take_its_word(word: str, low: float, high: float) -> None:
    assert say_chance(low) == word
    assert say_chance(high if high != 50 else 49.9) == word


@pytest.mark.parametrize(
    ("in_100", "word"),
    [
        (6, "remote chance"),
        (9, "highly unlikely"),
        (22, "highly unlikely"),
        (23, "unlikely"),
        (52, "realistic possibility"),
        (53, "likely"),
        (77, "likely"),
        (78, "highly likely"),
        (92, "highly likely"),
        (93, "almost certain"),
    ],
)
def test_a_chance_between_two_bands_takes_the_nearer(in_100: float, word: str) -> None:
    assert say_chance(in_100) == word


@pytest.mark.parametrize(
    ("in_100", "word"),
    [
        (7.5, "highly unlikely"),
        (22.5, "unlikely"),
        (37.5, "realistic possibility"),
        (52.5, "realistic possibility"),
        (77.5, "likely"),
        (92.5, "highly likely"),
    ],
)
def test_at_equal_distance_the_band_nearer_to_50_wins(in_100: float, word: str) -> None:
    assert say_chance(in_100) == word


def test_every_whole_chance_has_a_word_and_the_words_never_fall_back() -> None:
    order = [word for word, _, _ in YARDSTICK]
    said = [order.index(say_chance(chance)) for chance in range(101)]
    assert said == sorted(said)


@pytest.mark.parametrize(
    "sentence",
    [
        "He is a gang member.",
        "She will offend again.",
        "A dangerous man.",
        "He may well return.",
        "It is possible that he left.",
        "He is known to police.",
        "The TARGET moved.",
        "A gang-member was seen.",
    ],
)
def test_a_banned_phrase_is_refused_without_repeating_the_sentence(sentence: str) -> None:
    with pytest.raises(CheckFailed) as refused:
        check_sentence(sentence + " WATSON, Alfie")
    assert "WATSON" not in str(refused.value)


def test_plain_sentences_pass() -> None:
    for sentence in (
        "Assessed (1B) as linked to Tallow End.",
        "Charged with wounding.",
        "It is not known where he lives.",
    ):
        assert check_sentence(sentence) == sentence


def test_every_ban_says_what_to_say_instead() -> None:
    assert all(BANNED.values())
    assert "yardstick" in find_banned("It may well be")[0]


def test_counts_above_twelve_are_figures() -> None:
    assert count_in_words(12, "feed") == "twelve feeds"
    assert count_in_words(1300, "person", "people") == "1,300 people"
