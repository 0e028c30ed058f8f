"""What the house tells a microphone: what is likely at the step that was asked, and whether one has finished."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from tests.app.talk import TO_READ_BACK, Kiosk

Opened = Callable[..., Awaitable[Kiosk]]


async def test_the_vocabulary_follows_the_talk(open_kiosk: Opened) -> None:
    kiosk = await open_kiosk()
    before = await kiosk.house.vocabulary("s", "en")
    assert (before.kind, before.expects) == ("open", None)
    assert {"two colas", "water", "check out"} <= set(before.phrases)
    kinds = []
    for act in TO_READ_BACK:
        reply = await kiosk.does(act)
        asked = await kiosk.house.vocabulary("s", "en")
        assert asked.expects == reply.expects
        kinds.append((asked.expects, asked.kind, bool(asked.phrases)))
    assert kinds == [
        ("basket", "open", True),
        ("contact", "name", False),
        ("contact", "name", False),
        ("contact", "name", False),
        ("method", "choice", True),
        ("confirm", "yes_no", True),
    ]
    assert {"yes", "no", "remove the cola", "by card"} <= set(asked.phrases)
    assert (await kiosk.house.vocabulary("another", "en")).kind == "open"


async def test_a_language_that_isnt_spoken_here_has_no_vocabulary(open_kiosk: Opened) -> None:
    kiosk = await open_kiosk()
    assert (await kiosk.house.vocabulary("s", "fr")).phrases == ()
    assert kiosk.house.ending("oui", "fr", "confirm") == "open"


async def test_it_tells_when_one_has_finished(open_kiosk: Opened) -> None:
    house = (await open_kiosk()).house
    assert house.ending("yes", "en", "confirm") == "whole"
    assert house.ending("yes", "en", "choose") == "whole", "one thing was named, and a yes does it"
    assert house.ending("yes", "en", "basket") == "open"
    assert house.ending("card", "en", "method", ("card", "cash")) == "whole"
    assert house.ending("the second one", "en", "choose", ("cola", "water")) == "whole"
    assert house.ending("two", "en", "basket") == "half"
    assert house.ending("um", "en", None) == "nothing"
    assert house.ending("anything at all", "en", "a step that nobody knows") == "open"
