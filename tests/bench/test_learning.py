"""The bench of learning: a sender with words of his own goes wrong at first, and one correction is worth something."""

from bench.learning import Desk, senders, worth, written
from bench.own_words import NAMED, invented, own_words, two_of
from oms_app.demo.paper.words import Voice


def test_own_words_hold_for_one_sender_only() -> None:
    with own_words(7, ("number",)):
        assert Voice("de", 1)("number") == invented(7, "number")
        assert Voice("de", 1)("date") != invented(7, "date")
    assert Voice("de", 1)("number") != invented(7, "number")
    assert two_of(7) == two_of(7)
    assert set(two_of(7)) <= set(NAMED)


def test_what_a_sender_of_tables_calls_by_his_own_words_is_read_after_one_correction() -> None:
    desk = Desk()
    found = [
        worth(desk, written(sender, 2, own=True)) for sender in senders("sheet", 5, 4) if written(sender, 2, own=True)
    ]
    wrong = sum(one["wrong"] for one in found)
    assert wrong > 0
    assert sum(one["lessons"] for one in found) == wrong
    assert sum(one["before"] for one in found) < sum(one["after"] for one in found) == wrong
