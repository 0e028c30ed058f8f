"""The shelf of models: what lies there, by whomever it was put there, and the catalogue that ships."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from assistant.errors import SetupError
from models import catalogue, languages, shelf

SPLIT = ("am/final.mdl", "conf/mfcc.conf", "conf/model.conf", "graph/HCLr.fst", "graph/Gr.fst", "ivector/final.ie")
ONE_GRAPH = ("am/final.mdl", "conf/mfcc.conf", "graph/HCLG.fst")
FLAT = ("final.mdl", "mfcc.conf", "HCLr.fst", "Gr.fst")
WHISPER = ("model.bin", "config.json", "tokenizer.json", "vocabulary.txt")


def put(folder: Path, *files: str, texts: Mapping[str, str] = {}) -> Path:
    for name in files:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(texts.get(name, "x"))
    return folder


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("VOICETILL_MODELS", str(tmp_path / "shelf"))
    monkeypatch.delenv("VOICETILL_EXTENSIONS", raising=False)
    return tmp_path / "shelf"


@pytest.mark.parametrize(
    ("files", "engine", "kind"),
    [
        (SPLIT, "vosk", "recognizer"),
        (ONE_GRAPH, "vosk", "recognizer"),
        (FLAT, "vosk", "recognizer"),
        (WHISPER, "whisper", "recognizer"),
        ((*WHISPER[:3], "vocabulary.json"), "whisper", "recognizer"),
        (("en_US-joe-medium.onnx", "en_US-joe-medium.onnx.json", "MODEL_CARD"), "piper", "voice"),
    ],
    ids="vosk vosk-one-graph vosk-flat whisper whisper-json piper".split(),
)
def test_a_folder_is_known_by_its_files(home: Path, files: tuple[str, ...], engine: str, kind: str) -> None:
    found = shelf.by_path(put(home / "my model", *files))
    assert (found.engine, found.kind, found.folder) == (engine, kind, home / "my model")


@pytest.mark.parametrize(("files", "lacks"), [(SPLIT, 0), (ONE_GRAPH, 2), (WHISPER, 2), (("a.onnx", "a.onnx.json"), 1)])
def test_half_a_model_is_none_and_says_what_it_lacks(home: Path, files: tuple[str, ...], lacks: int) -> None:
    left = [name for name in files if name != files[lacks]]
    with pytest.raises(SetupError, match="half a model"):
        shelf.by_path(put(home / "half", *left))
    (one,) = list(shelf.lying())
    assert one[1], "it says what is missing"
    assert not shelf.installed("recognizer", "en") and not shelf.installed("voice", "en")


def test_an_empty_file_is_a_missing_one(home: Path) -> None:
    put(home / "cut", *WHISPER)
    (home / "cut" / "model.bin").write_text("")
    with pytest.raises(SetupError, match=r"model\.bin is missing"):
        shelf.by_path(home / "cut")


def test_what_is_no_model_says_what_one_holds(home: Path) -> None:
    with pytest.raises(SetupError, match=r"am/final\.mdl"):
        shelf.by_path(put(home / "photos", "cat.jpg"))
    with pytest.raises(SetupError, match="no folder"):
        shelf.by_path(home / "nowhere")
    assert not list(shelf.lying())


def test_the_official_archive_unpacked_by_hand_counts(home: Path) -> None:
    put(home / "vosk-model-small-cn-0.22", *SPLIT)
    (one,) = shelf.installed("recognizer", "zh-Hant-TW")
    assert (one.id, one.languages) == ("vosk-small-cn", ("zh",))


def test_a_voice_says_its_language_itself(home: Path) -> None:
    config = {"audio": {"sample_rate": 22050}, "language": {"code": "de_AT"}}
    put(home / "mine", "a.onnx", "a.onnx.json", texts={"a.onnx.json": json.dumps(config)})
    assert [one.id for one in shelf.installed("voice", "de")] == ["mine"]


def test_the_best_for_the_language_comes_first(home: Path) -> None:
    for id, files in (("whisper-base", WHISPER), ("whisper-tiny.en", WHISPER), ("vosk-small-en-us", SPLIT)):
        put(home / id, *files)
    assert [one.id for one in shelf.installed("recognizer", "en")] == [
        "vosk-small-en-us",
        "whisper-tiny.en",
        "whisper-base",
    ]
    assert [one.id for one in shelf.installed("recognizer", "en", "whisper")] == ["whisper-tiny.en", "whisper-base"]
    assert [one.id for one in shelf.installed("recognizer", "ko")] == ["whisper-base"]
    assert shelf.installed("voice", "en") == []


def test_where_models_lie(home: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    assert shelf.shelf() == home
    monkeypatch.delenv("VOICETILL_MODELS")
    assert shelf.shelf() == Path(shelf.__file__).parent / "installed"
    monkeypatch.setattr(shelf, "HOME", tmp_path / "site-packages" / "models")
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    assert shelf.shelf() == tmp_path / "data" / "voicetill" / "models"


def test_one_command_gets_a_model() -> None:
    assert shelf.how_to_get("recognizer", "zh-CN") == "voicetill models get zh"
    assert shelf.how_to_get("voice", "en") == "voicetill models get en --voice"
    assert shelf.how_to_get("voice", "ko") == "voicetill models list", "there is no voice for it to get"


# -- the catalogue that ships ------------------------------------------------------------------------------------


@pytest.mark.parametrize("model", catalogue.models().values(), ids=lambda one: one.id)
def test_an_entry_is_complete(model: catalogue.Model) -> None:
    assert model.licence and model.about and model.size > 1e6 and model.memory >= 100 and model.languages
    assert model.engine in catalogue.engines() and catalogue.engines()[model.engine].kind == model.kind
    digests = [source.sha256 for source in model.source if source.sha256] + list(model.files.values())
    digests += [one.sha256 for source in model.source for one in source.packages]
    assert all(len(one) == 64 and set(one) <= set("0123456789abcdef") for one in digests)
    assert len(set(digests)) == len(digests)
    for source in model.source:
        for url in filter(None, (source.archive, source.folder)):
            assert urlsplit(url).scheme == "https"
        assert not source.folder or model.files, "single files are named"
        assert not source.join or source.join in model.files
        assert not source.packages or model.files, "what a package brings is known file by file"


def test_the_languages_name_models_that_there_are() -> None:
    known = catalogue.models()
    for tag in languages.available():
        speech = languages.load(tag).tables["speech"]
        for kind in ("recognizer", "voice"):
            named = speech[f"{kind}s"]
            assert all(known[id].kind == kind and known[id].speaks(tag) for id in named)
        assert speech["recognizers"], tag


def test_every_shipped_language_has_a_recogniser_from_a_registry() -> None:
    """A machine that reaches package registries alone still hears all of them."""
    for tag in languages.available():
        named = [catalogue.models()[id] for id in shelf.proposed("recognizer", tag)]
        assert any(source.packages for model in named for source in model.source), tag
