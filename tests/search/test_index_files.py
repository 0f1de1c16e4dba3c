"""The folder of the index: damage, other releases, writers and readers in other processes."""

import json
import shutil
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from academy.search.embedded_engine import EmbeddedEngine
from academy.search.embedded_engine import folder as index_folder
from academy.search.gateway import Changes, EngineUnavailable, IndexBusy, IndexUnusable, SearchDocument, SearchQuery
from tests.search import supply


def put(engine: EmbeddedEngine, *documents: SearchDocument, dropped: tuple[str, ...] = ()) -> None:
    engine.apply(lambda: Changes(documents, dropped))


def index_of(engine: EmbeddedEngine) -> Path:
    return engine._folder.present()


def test_without_an_index_there_is_no_answer(engine: EmbeddedEngine) -> None:
    for ask in (lambda: engine.search(SearchQuery()), engine.check, engine.contents, lambda: put(engine)):
        with pytest.raises(IndexUnusable):
            ask()


def test_a_change_is_seen_at_the_next_search(engine: EmbeddedEngine) -> None:
    engine.rebuild([])
    document = supply.document("Netwerken")
    put(engine, document)
    assert engine.search(SearchQuery("netwerken")).total == 1
    put(engine, document)
    assert engine.search(SearchQuery("netwerken")).total == 1
    put(engine, dropped=(document.id,))
    assert engine.search(SearchQuery("netwerken")).total == 0


def test_a_new_word_can_be_mistyped_a_moment_later(engine: EmbeddedEngine) -> None:
    engine.rebuild([supply.document("Zorg")])
    engine.check()
    put(engine, supply.document("Netwerken"))
    until = time.monotonic() + 60
    while not engine.search(SearchQuery("netwerekn")).total and time.monotonic() < until:
        time.sleep(0.02)
    assert engine.search(SearchQuery("netwerekn")).total == 1


def test_words_that_can_not_be_learned_are_tried_again_at_the_next_change(engine: EmbeddedEngine, monkeypatch: pytest.MonkeyPatch) -> None:
    engine.rebuild([supply.document("Zorg")])
    engine.check()
    with monkeypatch.context() as broken:
        broken.setattr(threading, "excepthook", lambda _fault: None)
        broken.setattr("academy.search.embedded_engine.engine.Vocabulary", lambda _searcher: 1 / 0)
        put(engine, supply.document("Netwerken"))
        assert engine.search(SearchQuery("netwerken")).total == 1
        until = time.monotonic() + 60
        while engine._learning and time.monotonic() < until:
            time.sleep(0.01)
    put(engine, supply.document("Metselen"))
    until = time.monotonic() + 60
    while not engine.search(SearchQuery("netwerekn")).total and time.monotonic() < until:
        time.sleep(0.02)
    assert engine.search(SearchQuery("netwerekn")).total == 1


def test_where_no_folder_can_be_there_is_no_answer_and_nothing_written(tmp_path: Path) -> None:
    (tmp_path / "search").write_text("a file in the way")
    engine = EmbeddedEngine(tmp_path / "search")
    for ask in (lambda: engine.search(SearchQuery()), engine.check):
        with pytest.raises(IndexUnusable):
            ask()
    for write in (lambda: engine.rebuild([]), lambda: put(engine, supply.document("Zorg"))):
        with pytest.raises(EngineUnavailable):
            write()


def test_contents_are_the_documents_of_a_provider(engine: EmbeddedEngine) -> None:
    documents = supply.many()
    engine.rebuild(documents)
    assert engine.contents() == {document.id: document.checksum for document in documents}
    assert engine.contents("aanbieder-a") == {
        document.id: document.checksum for document in documents if document.facets["provider"] == ("aanbieder-a",)
    }
    assert engine.contents("nergens") == {}


def test_many_commits_leave_few_segments(engine: EmbeddedEngine) -> None:
    engine.rebuild([])
    for place in range(12):
        put(engine, supply.document(f"Module {place}"))
    assert engine.search(SearchQuery("module")).total == 12
    assert engine._present().searcher.num_segments <= 9


def test_a_rebuild_replaces_everything_and_searching_goes_on(engine: EmbeddedEngine) -> None:
    engine.rebuild([supply.document("Oud")])

    def documents() -> Iterator[SearchDocument]:
        assert engine.search(SearchQuery("oud")).total == 1
        yield supply.document("Nieuw")

    assert engine.rebuild(documents()) == 1
    assert engine.search(SearchQuery("oud")).total == 0
    assert engine.search(SearchQuery("nieuw")).total == 1


def test_a_rebuild_that_fails_changes_nothing(engine: EmbeddedEngine) -> None:
    engine.rebuild([supply.document("Oud")])

    def documents() -> Iterator[SearchDocument]:
        yield supply.document("Nieuw")
        raise LookupError

    with pytest.raises(LookupError):
        engine.rebuild(documents())
    assert engine.search(SearchQuery("oud")).total == 1
    assert len(list(index_of(engine).parent.glob("index-*"))) == 1


def test_a_reader_that_slept_through_several_rebuilds_finds_the_present_index(engine: EmbeddedEngine) -> None:
    engine.rebuild([supply.document("Oud")])
    reader = EmbeddedEngine(index_of_folder(engine))
    assert reader.search(SearchQuery("oud")).total == 1
    for _ in range(3):  # what the reader has open is cleared away
        engine.rebuild([supply.document("Nieuw")])
    assert reader.search(SearchQuery("nieuw")).total == 1
    reader.check()


def test_old_directories_are_cleared_away(engine: EmbeddedEngine) -> None:
    for _ in range(4):
        engine.rebuild([supply.document("Zorg")])
    assert len(list(index_of(engine).parent.glob("index-*"))) == 2


def test_an_index_of_another_release_is_not_read(engine: EmbeddedEngine, monkeypatch: pytest.MonkeyPatch) -> None:
    engine.rebuild([supply.document("Zorg")])
    monkeypatch.setattr(index_folder, "fingerprint", lambda: "another")
    again = EmbeddedEngine(index_of_folder(engine))
    with pytest.raises(IndexUnusable):
        again.search(SearchQuery("zorg"))
    again.rebuild([supply.document("Zorg")])
    assert again.search(SearchQuery("zorg")).total == 1


def index_of_folder(engine: EmbeddedEngine) -> Path:
    return engine._folder.pointer.parent


def _empty_meta(index: Path) -> None:
    (index / "meta.json").write_text("")


def _no_directory(index: Path) -> None:
    shutil.rmtree(index)


def _truncated(index: Path) -> None:
    for file in index.iterdir():
        if file.suffix in {".term", ".store", ".idx", ".fast", ".pos"}:
            file.write_bytes(file.read_bytes()[: file.stat().st_size // 2])


def _zeroed(index: Path) -> None:
    for file in index.iterdir():
        if file.suffix in {".term", ".store", ".idx", ".fast", ".pos"}:
            file.write_bytes(bytes(file.stat().st_size))


def _bad_pointer(index: Path) -> None:
    (index.parent / "current").write_text(json.dumps(["nothing"]))


def _no_pointer(index: Path) -> None:
    (index.parent / "current").unlink()


@pytest.mark.parametrize("damage", [_empty_meta, _no_directory, _truncated, _zeroed, _bad_pointer, _no_pointer])
def test_a_damaged_index_is_reported_and_a_rebuild_repairs_it(engine: EmbeddedEngine, damage: object) -> None:
    engine.rebuild([supply.document("Zorg")])
    damage(index_of(engine))  # type: ignore[operator] # one of the functions above
    again = EmbeddedEngine(index_of_folder(engine))
    with pytest.raises(IndexUnusable):
        again.search(SearchQuery("zorg"))
    again.rebuild([supply.document("Zorg")])
    assert again.search(SearchQuery("zorg")).total == 1


def _a_file_gone(index: Path) -> None:
    next(file for file in index.iterdir() if file.suffix == ".store").unlink()


@pytest.mark.parametrize("damage", [_empty_meta, _no_directory, _bad_pointer, _no_pointer, _a_file_gone])
def test_a_check_sees_damage_behind_an_index_that_still_answers(engine: EmbeddedEngine, damage: object) -> None:
    engine.rebuild([supply.document("Zorg")])
    assert engine.search(SearchQuery("zorg")).total == 1
    engine.check()
    damage(index_of(engine))  # type: ignore[operator] # one of the functions above
    with pytest.raises(IndexUnusable):
        engine.check()
    engine.rebuild([supply.document("Zorg")])
    engine.check()


def test_a_second_writer_waits_and_then_says_busy(engine: EmbeddedEngine) -> None:
    engine.rebuild([supply.document("Zorg")])
    second = EmbeddedEngine(index_of_folder(engine), wait_seconds=0.1)
    with engine._folder.turn():
        with pytest.raises(IndexBusy):
            put(second, supply.document("Hulp"))
        assert second.search(SearchQuery("zorg")).total == 1
    put(second, supply.document("Hulp"))
    assert engine.search(SearchQuery("hulp")).total == 1


def test_state_is_read_when_it_is_the_writers_turn(engine: EmbeddedEngine) -> None:
    engine.rebuild([])
    patient = EmbeddedEngine(index_of_folder(engine), wait_seconds=5)
    state = ["Oud"]
    made = supply.module("Oud")
    with engine._folder.turn():
        late = threading.Thread(target=lambda: patient.apply(lambda: Changes((supply.document(state[0], id=made.id),))))
        late.start()
        time.sleep(0.1)
        state[0] = "Nieuw"
    late.join()
    assert engine.search(SearchQuery("nieuw")).total == 1


_WRITER = """
import sys
from pathlib import Path
from academy.search.embedded_engine import EmbeddedEngine
from academy.search.gateway import Changes
from tests.search import supply
engine = EmbeddedEngine(Path(sys.argv[1]))
for line in sys.stdin:
    engine.apply(lambda: Changes((supply.document(line.strip()),)))
    print("done", flush=True)
"""


def test_a_reader_sees_what_another_process_wrote_within_two_seconds(engine: EmbeddedEngine) -> None:
    engine.rebuild([supply.document("Zorg")])
    assert engine.search(SearchQuery("netwerken")).total == 0
    with subprocess.Popen(
        [sys.executable, "-c", _WRITER, str(index_of_folder(engine))], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
    ) as writer:
        assert writer.stdin
        assert writer.stdout
        writer.stdin.write("Netwerken\n")
        writer.stdin.flush()
        assert writer.stdout.readline() == "done\n"
        written = time.monotonic()
        while not engine.search(SearchQuery("netwerken")).total:
            assert time.monotonic() < written + 120
        writer.stdin.close()


def test_many_readers_and_a_writer_do_not_disturb_each_other(engine: EmbeddedEngine) -> None:
    engine.rebuild(supply.many())
    faults: list[BaseException] = []
    stop = threading.Event()

    def read() -> None:
        while not stop.is_set():
            try:
                assert engine.search(SearchQuery("zorg")).total > 0
            except BaseException as fault:  # noqa: BLE001 - whatever it is, the test tells
                faults.append(fault)

    readers = [threading.Thread(target=read) for _ in range(4)]
    for reader in readers:
        reader.start()
    for place in range(5):
        put(engine, supply.document(f"Zorg {place}"))
    engine.rebuild(supply.many())
    stop.set()
    for reader in readers:
        reader.join()
    assert faults == []


def test_a_closed_engine_opens_again_when_asked(engine: EmbeddedEngine) -> None:
    engine.rebuild([supply.document("Zorg")])
    assert engine.search(SearchQuery("zorg")).total == 1
    engine.close()
    put(EmbeddedEngine(index_of_folder(engine)), supply.document("Hulp"))
    assert engine.search(SearchQuery("hulp")).total == 1


def test_every_refusal_of_the_engine_is_one_kind() -> None:
    assert issubclass(IndexUnusable, EngineUnavailable)
    assert issubclass(IndexBusy, EngineUnavailable)


FULL_DISK = """
import resource, signal, sys
from pathlib import Path
from academy.search.embedded_engine import EmbeddedEngine
from academy.search.gateway import Changes, IndexNotWritten, SearchQuery
from tests.search import supply

engine = EmbeddedEngine(Path(sys.argv[1]))
engine.rebuild(supply.many(50))
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, (8_000, 8_000))  # as a full disk: what is there stays, writing more fails
for write in (lambda: engine.rebuild(supply.many(200)), lambda: engine.apply(lambda: Changes(supply.many(200)))):
    try:
        write()
    except IndexNotWritten:
        print("refused", engine.search(SearchQuery()).total)
"""


def test_a_full_disk_costs_what_was_being_written_and_no_more(tmp_path: Path) -> None:
    done = subprocess.run([sys.executable, "-c", FULL_DISK, str(tmp_path)], capture_output=True, text=True, timeout=60, check=True)
    assert done.stdout.splitlines() == ["refused 50", "refused 50"], done.stderr
    again = EmbeddedEngine(tmp_path)
    again.apply(lambda: Changes(supply.many(60)))  # with room again, all goes on
    assert again.search(SearchQuery()).total == 110
    assert len(list(tmp_path.glob("index-*"))) == 1  # of the half one nothing is left
