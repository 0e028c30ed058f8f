"""A talk in which a person of the shop answers: what they are told, who speaks, and the way back. Pure.

While somebody attends, what a buyer says goes to them and does nothing by itself: neither an order nor a yes. The
program says so each time, and can always be asked back.
"""

from __future__ import annotations

from msgspec.structs import replace

from assistant.dialogue import around
from assistant.dialogue.draft import Draft
from assistant.dialogue.names import reach
from assistant.dialogue.state import Attended, Session
from assistant.turns import Act
from assistant.understanding.asked.of_the_house import MATTER
from assistant.understanding.words.text import CARD

EDITS = frozenset(
    "add remove change undo redo ask_price ask_menu ask_stock ask_item show_basket choose_fulfilment give_address"
    " give_time give_contact give_dates give_guests give_coupon order_status none".split()
)
"""What staff may do in a buyer's talk. What moves money, and every yes, is the buyer's alone."""


def taken(session: Session) -> Attended | None:
    """Who of the shop has taken over the talk."""
    return session.attended if session.attended is not None and session.attended.state == "taken" else None


def call(draft: Draft, act: Act) -> None:
    """A person works in every state, at once. It says honestly that this is a program, and who can come."""
    draft.note("person_asked", order=draft.order.id if draft.order else None)
    if draft.scene.desk:
        again = draft.session.attended is not None
        if not again:
            draft.session = replace(draft.session, attended=Attended("asked", draft.turn.at))
        draft.say("person_waits" if again else "person_called")
    elif known := reach(draft.shop, draft.voice.tag):
        draft.say("person_matter" if act.value == MATTER else "person", reach=known)
    else:
        draft.say("person_none")


def pass_on(draft: Draft, by: Attended) -> None:
    """What a buyer says while a person attends."""
    acts = {act.act for act in draft.meaning.acts}
    if CARD in draft.meaning.text:
        draft.say("no_cards")
    if "back" in acts:
        draft.session = replace(draft.session, attended=None)
        draft.say("staff_left", name=by.name)
        return
    draft.quiet = True
    if "stop" in acts:
        around.stop(draft, Act("stop"))
    elif "repeat" in acts:
        around.repeat(draft, next(act for act in draft.meaning.acts if act.act == "repeat"))
    elif "help" in acts or not draft.meaning.text:
        draft.say("staff_here", name=by.name)
    else:
        draft.note("to_staff", name=by.name)
        draft.say("staff_has", name=by.name)
