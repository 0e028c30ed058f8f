"""What a talk is held with: a model that hears the language, a microphone or recordings, a voice and a loudspeaker."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from msgspec import Struct

from assistant.errors import CALLED, FarEndError, SetupError
from assistant.turns import Ending, House, Vocabulary
from channels.audio.ears import Cleaner, Ears, Event
from channels.audio.endpoint import Waits
from channels.audio.mouth import Mouth
from channels.screen import switched_on
from models import catalogue, shelf
from models.recognizers import Model
from models.voices import DEFAULT


class Hears(Struct, frozen=True):
    """A model that is open."""

    engine: str
    model: Model


class Equipment:
    """By the channel's options. Everything that opens something blocks, so it is called in a thread of its own."""

    def __init__(self, house: House, options: Mapping[str, Any]) -> None:
        self._house, self._options = house, options
        self._hears: dict[str, Hears] = {}
        """By language: opened when it is first spoken, kept until the talk is over."""
        self.recordings: Sequence[Path] = tuple(Path(one) for one in options.get("wav") or ())
        if recognizer := options.get("recognizer"):
            house.part("recognizer", recognizer)  # without one that there isn't the talk doesn't begin
        if voice := options.get("voice"):
            house.part("voice", voice)

    def hears(self, language: str) -> Hears:
        """A model for the language: the one that is named, else the best that is installed and works."""
        if language not in self._hears:
            self._hears[language] = self._opened(language)
        return self._hears[language]

    def close(self) -> None:
        """The models. One that still decodes goes on until it has ended."""
        for one in self._hears.values():
            one.model.close()
        self._hears.clear()

    def _opened(self, language: str) -> Hears:
        wanted = self._options.get("recognizer") or None
        if path := self._options.get("model"):
            found = [shelf.by_path(Path(path))]
            if found[0].kind != "recognizer":
                raise SetupError(
                    f"{path}: is a voice for {found[0].engine}, and hears nothing; give it as --voice-model"
                )
            if wanted and found[0].engine != wanted:
                raise SetupError(f"{path}: is a model of {found[0].engine}, not of {wanted}; leave one of the two out")
        else:
            found = shelf.installed("recognizer", language, wanted)
        if not found:
            kind = f"model of '{wanted}'" if wanted else "recogniser"
            raise SetupError(
                f"no {kind} is installed for the language '{language}'{_halves(language, wanted)}; get one with"
                f" `{shelf.how_to_get('recognizer', language, wanted)}`, or type: `{CALLED} chat`"
            )
        missing = ""
        for one in found:
            recognizer = self._house.part("recognizer", one.engine)
            missing = recognizer.missing()
            if not missing:
                return Hears(one.engine, recognizer.open(one.folder, language))
        raise SetupError(missing)

    def ears(
        self,
        hears: Hears,
        waits: Waits,
        ending: Callable[[str, Vocabulary], Ending],
        post: Callable[[Event], None],
        cleaner: Cleaner | None,
    ) -> Ears:
        from channels.audio import capture

        source = (
            capture.Recordings(self.recordings, tail=waits.after("half", "open") + 0.5)
            if self.recordings
            else capture.Microphone(self._options.get("device"))
        )
        return Ears(
            source,
            hears.model,
            ending=ending,
            post=post,
            waits=waits,
            cleaner=cleaner,
            warm=not self.recordings,
        )

    def mouth(self, language: str) -> Mouth:
        """Raises SetupError or FarEndError where there is nothing to speak with."""
        mouth = Mouth(self.voice, self._options.get("loudspeaker"), heard_back=switched_on(self._options, "barge_in"))
        mouth.open(language)
        return mouth

    def voice(self, language: str) -> Any:
        """One that speaks the language. Raises SetupError where there is none."""
        name = self._options.get("voice") or DEFAULT
        voice = self._house.part("voice", name)
        path = self._options.get("voice_model")
        folder = Path(path) if path else None
        if voice.can.model and folder is None:
            found = shelf.installed("voice", language, name)
            if not found:
                how = shelf.how_to_get("voice", language, name)
                raise SetupError(f"no voice of {name} is installed for the language '{language}'; get one with `{how}`")
            folder = found[0].folder
        if missing := voice.missing():
            raise SetupError(missing)
        try:
            return voice.open(language, folder)
        except FarEndError as error:
            raise SetupError(str(error)) from error


def _halves(language: str, engine: str | None) -> str:
    """What lies there by half and would have served: who got it once shouldn't have to guess why it isn't taken."""
    told = [
        f"{one.id} is only half there, without {missing[0]}"
        for one, missing in shelf.lying()
        if missing
        and one.kind == "recognizer"
        and catalogue.primary(language) in one.languages
        and engine in (None, one.engine)
    ]
    return f" ({'; '.join(told)})" if told else ""
