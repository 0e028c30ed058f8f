"""Required options without a default: asked one at a time, as soon as the item is in the basket."""

from __future__ import annotations

from assistant.commerce.options import fill_options
from assistant.commerce.order import Line, Order
from assistant.dialogue.say import Joined, Named
from assistant.dialogue.state import Scene
from assistant.steps import Phase, Read, Said, Step
from assistant.turns import Act, LineSaid, OptionSaid


def _missing(scene: Scene, order: Order) -> tuple[int, Line, str] | None:
    """(position, line, option path) of the first option that is still to be chosen."""
    for position, line in enumerate(order.lines, 1):
        item = scene.catalogue.item(line.item)
        if item is None or not item.must_choose:
            continue
        missing = fill_options(item, (), existing=line.options).missing
        if missing:
            return position, line, missing[0]
    return None


def _ask(scene: Scene, order: Order) -> Said:
    found = _missing(scene, order)
    assert found is not None
    position, line, path = found
    item = scene.catalogue.item(line.item)
    option = item.option(path) if item else None
    assert item is not None and option is not None
    choices = tuple(
        (Named(one.names, one.id), (Act("change", (LineSaid(None, None, (OptionSaid(path, one.id),), position),)),))
        for one in option.choices
        if one.stock != 0
    )
    alike = sum(one.item == line.item for one in order.lines) > 1
    return Said(
        "options.which_of" if alike else "options.which",
        {
            "item": Named(item.names, item.id),
            "line": line,
            "option": Named(option.names, option.id),
            "choices": Joined(tuple(label for label, _act in choices), "or"),
        },
        choices,
    )


def _read(scene: Scene, order: Order, act: Act) -> Read | None:
    return None


STEP = Step(
    name="options",
    phase=Phase.BASKET,
    rank=10,
    applies=lambda scene, order: bool(order.lines),
    done=lambda scene, order: _missing(scene, order) is None,
    ask=_ask,
    read=_read,
    tell=lambda scene, order: None,
    answer="choice",
    WORDS={
        "en": {
            "which": "Which {option} for the {item}: {choices}?",
            "which_short": "Which {option}?",
            "which_of": "{line}: which {option}, {choices}?",
            "which_of_short": "{line}: which {option}?",
        },
        "zh": {
            "which": "{item}的{option}要哪种：{choices}？",
            "which_short": "{option}要哪种？",
            "which_of": "{line}：{option}要哪种，{choices}？",
            "which_of_short": "{line}：{option}要哪种？",
        },
        "ko": {
            "which": "{item} {option}은(는) {choices} 중에 무엇으로 드릴까요?",
            "which_short": "{option}은(는) 무엇으로 드릴까요?",
            "which_of": "{line}: {option}은(는) {choices} 중에 무엇으로 드릴까요?",
            "which_of_short": "{line}: {option}은(는) 무엇으로 드릴까요?",
        },
    },
)
