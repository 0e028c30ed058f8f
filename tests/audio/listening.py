"""Ears over a source, from its beginning to its end."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from typing import Any

from assistant.turns import Ending, Vocabulary
from channels.audio.ears import Broken, Ears, Event, Finished, Utterance
from channels.audio.endpoint import Waits

SOON = 60.0


async def happened(
    source: Any,
    model: Any,
    *,
    endings: dict[str, Ending] | None = None,
    soon: float = SOON,
    seen: Callable[[Event], None] = lambda _event: None,
    **how: Any,
) -> list[Event]:
    """All that comes of a source, as a talk hears it: it listens again after each utterance."""
    events: list[Event] = []
    over = asyncio.Event()
    words = how.pop("vocabulary", Vocabulary(language="en"))

    def post(event: Event) -> None:
        events.append(event)
        seen(event)
        if isinstance(event, Utterance):
            ears.listen(words)
        if isinstance(event, Finished | Broken) and getattr(event, "last", False):
            over.set()

    ears = Ears(
        source,
        model,
        ending=lambda text, _: (endings or {}).get(text, "open"),
        post=post,
        waits=how.pop("waits", Waits()),
        **how,
    )
    ears.start()
    ears.listen(words)
    try:
        await asyncio.wait_for(over.wait(), soon)
    finally:
        await ears.close()
    return events


def utterances(events: Sequence[Event]) -> list[Utterance]:
    return [one for one in events if isinstance(one, Utterance)]
