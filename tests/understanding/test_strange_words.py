"""Words that aren't known, beside those that are: nothing else is ordered or priced by them."""

from __future__ import annotations

import pytest

from tests.understanding.support import meaning_of, table, understood

BESIDE = """
a cheeseburger with a large pepsi => add: 1 cheeseburger
a bacon egg and cheese mcmuffin => -
2 pcs cheeseburger => add: 2 cheeseburger
6 pc nuggets => add: chicken_nuggets
double cheeseburger 1 nos => add: 1 double_cheeseburger
hi jesse i like to order a cheeseburger => add: 1 cheeseburger
thank you jesse => none: thanks
no thanks cameron => deny
my name is toni smith 123 boss road => give_contact: {'name': 'toni smith'}
name jack address 673 hillcrest lane boston => give_contact: {'name': 'jack'} + give_address: 673 hillcrest lane boston
ph 9619886363 => give_contact: {'phone': '9619886363'}
put it under the same name => -
"""


@pytest.mark.parametrize(("text", "acts"), table(BESIDE))
def test_what_is_known_beside_a_strange_word(text: str, acts: str) -> None:
    assert understood(text) == acts


def test_two_of_what_is_only_partly_known_stay_two() -> None:
    meaning = meaning_of("2 bacon ranch salads")
    assert "ranch" in meaning.leftover
    assert [line.quantity for doubt in meaning.ask for act in doubt.candidates for line in act.lines] == [2]
    assert not meaning.acts


def test_a_strange_word_behind_a_greeting_may_be_goods() -> None:
    assert meaning_of("hi pepsi please").leftover == ("pepsi",)
