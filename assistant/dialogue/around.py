"""What is always understood: help, repeat, stop, another language. Pure."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from msgspec.structs import replace

from assistant.dialogue import flow
from assistant.dialogue.draft import Draft
from assistant.dialogue.say import Both
from assistant.dialogue.state import Asked, Session
from assistant.steps import Said
from assistant.turns import Act

MOST = 3
"""Steps slower, faster, louder and quieter than usual."""
WISHES: Mapping[str, Callable[[Session], Session]] = {
    "slower": lambda session: replace(session, speed=max(-MOST, session.speed - 1)),
    "faster": lambda session: replace(session, speed=min(MOST, session.speed + 1)),
    "louder": lambda session: replace(session, volume=min(MOST, session.volume + 1)),
    "quieter": lambda session: replace(session, volume=max(-MOST, session.volume - 1)),
    "normal": lambda session: replace(session, speed=0, volume=0),
}
"""How a person wants to be spoken to: it stays so for the rest of the talk."""


def repeat(draft: Draft, act: Act) -> None:
    """What was said last once more, slower or louder where that is wished; or what was heard."""
    if act.value == "heard":
        heard = draft.session.recent.heard_before
        draft.say("heard", text=heard) if heard else draft.say("nothing_said")
        return
    wish = WISHES.get(str(act.value))
    if wish is not None:
        draft.session = wish(draft.session)
        draft.note("speech", wish=act.value)
    last = draft.session.last
    if any(one.key == "news" for one in draft.said):
        return
    if last is None:
        draft.answered = True
        return
    draft.say("news", reply=Both(last.speech, last.text))
    draft.asked, draft.again = draft.session.asked, last
    draft.quiet = True


def show_help(draft: Draft, act: Act) -> None:
    step = flow.step_now(draft.scene, draft.order) if draft.order is not None and draft.order.stage == "open" else None
    key = f"help.{step.name}" if step is not None and draft.voice.has(f"help.{step.name}") else "help.start"
    draft.say(key)


def stop(draft: Draft, act: Act) -> None:
    kept = draft.order is not None and draft.order.stage == "open" and bool(draft.order.lines)
    draft.say("goodbye_kept" if kept else "goodbye")
    draft.listening, draft.quiet = False, True


def change_language(draft: Draft, act: Act) -> None:
    tag = str(act.value or "")
    if tag in draft.shop.languages:
        draft.session = replace(draft.session, language=tag)
        draft.say("language_changed")
    else:
        draft.say("language_unknown")


def nothing(draft: Draft, act: Act) -> None:
    """Understood as nothing to be done: a greeting or thanks is answered, noise and chat are not."""
    if act.value in ("greeting", "begin"):
        draft.say("hello" if act.value == "greeting" else "of_course")
        if draft.order is None or not draft.order.lines:
            draft.question, draft.asked = Said("basket.what"), Asked(step="basket")
    elif act.value == "thanks":
        draft.say("welcome")
