"""What English sentences are understood as, over the demo shops."""

from __future__ import annotations

import pytest

from tests.understanding.support import meaning_of, table, understood

BASKET = ("cheeseburger", "cheeseburger", "coke")

ORDERS = """
add two cokes to my cart => add: 2 coke
put two cokes in my basket and show me my basket => add: 2 coke + show_basket
two cheeseburgers => add: 2 cheeseburger
could I please get a latte and two brownies => add: 1 latte, 2 brownie
two large cokes, one without ice, and a fish burger => add: 1 coke large, 1 coke large no_ice, 1 fish_burger
three hamburgers, one of them with bacon => add: 2 hamburger, 1 hamburger bacon
one hamburger with bacon and one without onions => add: 1 hamburger bacon, 1 hamburger onion:no
a hamburger with no onions or tomatoes and extra cheese => add: 1 hamburger onion:no tomato:no cheese:extra
a dozen onion rings and a couple of cokes => add: 12 onion_rings, 2 coke
I'll have the cheeseburger meal with a large sprite => add: cheeseburger_meal large sprite
two, no, three lattes => add: 3 latte
a large, sorry, a small coke => add: 1 coke small
a fish burger, wait, make it a veggie burger => add: 1 veggie_burger
could I have a sprite, no, not a sprite, a coke => add: 1 coke
four hamburgers, hmm, no, let's say two => add: 2 hamburger
two cokes and one sprite, no, the other way round => add: 1 coke, 2 sprite
two cokes and a fish burger, no ice in either => add: 2 coke no_ice, 1 fish_burger
half pepperoni half hawaiian pizza => add: half_and_half_pizza pepperoni_half/left hawaiian_half/right
one cheeseburger and that's it => add: 1 cheeseburger + checkout
a coke, I'll pay by alipay => add: 1 coke + choose_method: alipay
buy a coke, delivery to 5 Park Road => add: 1 coke + choose_fulfilment: delivery + give_address: 5 Park Road
how much is the brownie? okay, add one => ask_price: brownie + add: 1 brownie
0 cokes => add: 0 coke
-1 cokes => add: -1 coke
eighteen thousand waters => add: 18000 water
a million lattes => add: 1000000 latte
2 cokes => add: 2 coke
a cheesburger => add: 1 cheeseburger
来两个 cheeseburger => add: 2 cheeseburger
"""

CHANGES = """
remove the coke from my cart => remove: coke
make the coke two => change: 2 coke
make the coke a large one => change: coke large
actually, make that three => change: 3 it
make it a sprite => change: 1 sprite <- it
swap the coke for a sprite => change: 1 sprite <- coke
a sprite instead of the coke => change: 1 sprite <- coke
not the coke, the sprite instead => change: sprite <- coke
no onions on the second burger => change: cheeseburger onion:no @2
the second one without onions => change: it onion:no @2
make both burgers large => change: cheeseburger large @all
add bacon to the cheeseburger => change: cheeseburger bacon
without pickles please => change: it pickles:no
take the coke off => remove: coke
remove one of the cheeseburgers => remove: 1 cheeseburger
remove the last one => remove: it @-1
I don't want the coke any more => remove: coke
drop the coke and add two sprites => remove: coke + add: 2 sprite
another coke => add: 1 coke
one more => add: 1 it
same again => add: it
no, two => change: 2 it
remove everything => start_over
undo that => undo
go back => back
what have I ordered so far => show_basket
"""

QUESTIONS = """
how much are the fries => ask_price: fries
what's my total => ask_price: total
what drinks do you have? => ask_menu: #drinks
show me the menu => ask_menu
do you have anything vegetarian => ask_menu: {'tags': ['vegetarian']}
anything that isn't spicy? => ask_menu: {'tags': ['spicy']}
do you have onion rings => ask_stock: onion_rings
does the brownie contain nuts => ask_item: brownie {'contains': ['nuts']}
tell me about the veggie burger => ask_item: veggie_burger
how long will it take => ask_item: wait
what time do you close => ask_item: hours
how much is delivery => ask_item: delivery
which cards do you take => ask_item: payment
what do you recommend => recommend
what goes with a latte => recommend: latte
where is my order => order_status
the usual please => reorder
I want a refund for the coke => refund: coke
cancel my order => cancel
can I talk to a real person => person
what can I say => help
say that again please => repeat
more slowly please => repeat: slower
a bit louder please, I can't hear you => repeat: louder
what did you hear => repeat: heard
can you speak Chinese => change_language: zh
send it to my phone => continue_elsewhere
use coupon code SAVE ten => give_coupon: SAVE10
promo code W E L C O M E 5 => give_coupon: WELCOME5
tip ten => answer: tip 10
15 percent tip => answer: tip 15
gift note happy birthday Mia => answer: gift happy birthday Mia
no gift note => answer: gift no gift note
"""

ANSWERS = """
delivery to 12 High Street | fulfilment => choose_fulfilment: delivery + give_address: 12 High Street
deliver it to twelve high street => choose_fulfilment: delivery + give_address: 12 high street
I'll pick it up | fulfilment => choose_fulfilment: pickup
we're eating here | fulfilment => choose_fulfilment: dine_in
Flat 3, Rose Court | address => give_address: Flat 3, Rose Court
undo | address => undo
two more cokes | address => add: 2 coke
12 Coke Street | address => give_address: 12 Coke Street
wrong number | confirm => back: contact
wrong number, it's 555 0199 | confirm => give_contact: {'phone': '555 0199'}
the name is wrong, it's Anna | confirm => give_contact: {'name': 'Anna'}
change the payment method | confirm => back: method
change the time | confirm => back: time
I want to change something | confirm => back: any
don't charge me | confirm => deny
at 7 instead | confirm => give_time: 19:00
how much is delivery? | address => ask_item: delivery
as soon as possible | time => give_time: asap
at half past six | time => give_time: 18:30
7 | time => give_time: 19:00
quarter to eight tonight | time => give_time: 19:45
tomorrow at noon | time => give_time: 2026-11-24T12:00
in half an hour | time => give_time: 15:30
Ana, 555 0134 | contact => give_contact: {'name': 'Ana', 'phone': '555 0134'}
my name is Ana Lee, my number is 555 0134 => give_contact: {'name': 'Ana Lee', 'phone': '555 0134'}
call me on five five five oh one three four => give_contact: {'phone': '5550134'}
card | method => choose_method: card
can I use WeChat? | method => choose_method: wechat
yes | confirm => confirm
yes, that's right, go ahead | confirm => confirm
yes please, place the order | confirm => confirm
pay 45 yuan | confirm => give_amount: 4500
yes, 45 yuan | confirm => confirm + give_amount: 4500
yes, 104.50 yuan | confirm => confirm + give_amount: 10450
no | confirm => deny
no, not yet | confirm => deny
don't place the order | confirm => deny
mm | confirm => -
hmm let me think | confirm => deny
yes, but no onions | confirm => change: it onion:no
yes and add a coke | confirm => add: 1 coke
um, yes please | confirm => confirm
yes? | confirm => -
not sure | confirm => deny
well okay maybe | confirm => -
did I say yes | confirm => -
my dad says yes | confirm => -
yes if it's free | confirm => -
yes no | confirm => -
that's all | confirm => checkout
"""

NOTHING = [
    "what's the weather like tomorrow",
    "hang on, I'm talking to my brother",
    "my daughter is three years old and she loves dinosaurs",
    "set an alarm for five thirty",
    "turn off the lights",
    "I need to know how to pay my water bill at the bank",
    "could I get a lobster roll",
    "um",
    "the",
]


@pytest.mark.parametrize(("text", "acts"), table(ORDERS))
def test_an_order(text: str, acts: str) -> None:
    assert understood(text, language="en") == acts


@pytest.mark.parametrize(("text", "acts"), table(CHANGES))
def test_a_change_of_the_basket(text: str, acts: str) -> None:
    assert understood(text, language="en", basket=BASKET, last="coke") == acts


@pytest.mark.parametrize(("text", "acts"), table(QUESTIONS))
def test_a_question_or_command(text: str, acts: str) -> None:
    assert understood(text, language="en", basket=BASKET) == acts


@pytest.mark.parametrize(("text", "acts"), table(ANSWERS))
def test_an_answer_to_what_was_asked(text: str, acts: str) -> None:
    text, _, step = text.partition(" | ")
    assert understood(text, language="en", basket=BASKET, expects=step or None) == acts


@pytest.mark.parametrize("text", NOTHING)
def test_chatter_does_nothing(text: str) -> None:
    assert understood(text, language="en") == "-"


def test_goods_that_the_shop_has_not_are_named() -> None:
    meaning = meaning_of("a coke and a plate of oysters, please", language="en")
    assert [act.lines[0].item for act in meaning.acts] == ["coke"]
    assert meaning.leftover == ("oysters",)


def test_what_may_be_several_goods_is_asked() -> None:
    meaning = meaning_of("I'd like two burgers", language="en")
    assert not meaning.acts
    items = {act.lines[0].item for act in meaning.ask[0].candidates}
    assert {"hamburger", "cheeseburger"} <= items
    assert all(act.lines[0].quantity == 2 for act in meaning.ask[0].candidates)


def test_the_burger_is_the_one_in_the_basket() -> None:
    assert understood("remove the burger", language="en", basket=("coke", "fish_burger")) == "remove: fish_burger"


def test_the_burger_is_asked_about_when_there_are_two_kinds() -> None:
    meaning = meaning_of("remove the burger", language="en", basket=("hamburger", "fish_burger"))
    assert not meaning.acts
    assert [act.lines[0].item for act in meaning.ask[0].candidates] == ["hamburger", "fish_burger"]


def test_an_ordinal_points_into_what_was_listed() -> None:
    listed = ("coke", "sprite", "latte")
    assert understood("I'll have the second one", language="en", listed=listed) == "add: sprite"


CHOICES = (("large coke",), ("small coke",), ("coke zero",))


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("2", 2),
        ("the second one", 2),
        ("the second drink please", 2),
        ("the last one", -1),
        ("small", 2),
        ("the small one please", 2),
        ("coke zero", 3),
    ],
)
def test_an_answer_on_offer_is_chosen_by_number_or_words(text: str, number: int) -> None:
    assert understood(text, language="en", expects="choose", choices=CHOICES) == f"choose: {number}"


def test_an_answer_to_a_step_of_somebody_elses() -> None:
    assert understood("Happy birthday, Mia!", language="en", expects="gift") == "answer: gift Happy birthday, Mia"
    assert understood("no", language="en", expects="gift") == "deny"
    assert understood("cancel my order", language="en", expects="gift") == "cancel"
