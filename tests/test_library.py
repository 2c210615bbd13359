"""A library's life: add, skip, update, sync, remove, rebuild, verify; readers beside a writer."""

import json
import os
import shutil
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from index import adding
from index.errors import LibraryError
from index.extract.isolated import Readers
from index.extract.worker import Unread
from index.languages.terms import terms
from index.library import Library
from index.read.sources import Source
from index.read.streams import Meter
from index.records import Article, Rejection
from index.report import Progress
from tests.conftest import ARTICLES
from tests.toy import ToyEmbedder, vector

Open = Callable[..., Library]

STORY = "The railway to {} will cost {} million dollars. Work begins next spring, officials say."


def write(folder: Path, name: str, place: str = "Tashkent", cost: int = 5) -> Path:
    folder.mkdir(exist_ok=True)
    path = folder / name
    record = {"text": STORY.format(place, cost), "title": place, "language": "en"}
    path.write_text(json.dumps(record), encoding="utf-8")
    return path


def embedded_text(article: Article) -> str:
    """What the embedder reads of an article of one passage."""
    return f"{article.title}\n{article.text}"


def found(library: Library, query: str, language: str = "en") -> set[str]:
    """Files of what both kinds of search find."""
    allowed = None
    dense, _ = library.search_vectors(vector(query), language, 1000, allowed)
    lexical, _ = library.search_terms(dict.fromkeys(terms(query, language), 1.0), language, 1000)
    files = [{p.article.file for p in library.passages(rows)} for rows in (dense, lexical)]
    return files[0] & files[1]


@pytest.fixture
def news(tmp_path: Path) -> Path:
    folder = tmp_path / "news"
    for n, place in enumerate(("Tashkent", "Bishkek", "Almaty")):
        write(folder, f"{n}.jsonl", place)
    return folder


def test_added_articles_are_found_by_both_searches(library: Library) -> None:
    for article in ARTICLES:
        language = article.language[:2]
        rows, scores = library.search_vectors(vector(embedded_text(article)), language, 1)
        (passage,) = library.passages(rows)
        assert passage.article.id == article.id
        assert scores[0] == pytest.approx(1, abs=0.01)
        assert article.text[passage.passage.start : passage.passage.end] == passage.passage.text
        assert len(passage.sentence_vectors) == len(passage.passage.sentences)
        rows, _ = library.search_terms(
            dict.fromkeys(terms(article.text, language), 1.0), language, 1
        )
        assert library.passages(rows)[0].article.id == article.id


def test_folder_again_touches_nothing(
    open_library: Open, embedder: ToyEmbedder, news: Path
) -> None:
    library = open_library()
    first = library.add(news)
    assert [(entry.source, entry.articles) for entry in first.added] == [
        ("0.jsonl", 1),
        ("1.jsonl", 1),
        ("2.jsonl", 1),
    ]
    told = [article_id for entry in first.added for article_id in entry.article_ids]
    assert told == [article.id for article in library.articles()]
    assert (first.articles, first.passages) == (3, embedder.embedded)
    generation = library.generation
    again = library.add(news)
    assert {entry.reason for entry in again.skipped} == {adding.UNCHANGED}
    assert not (again.added or again.updated or again.rejected)
    assert (len(again.skipped), again.embedded, library.generation) == (3, 0, generation)


def test_only_what_changed_is_read_and_the_old_text_is_gone(open_library: Open, news: Path) -> None:
    library = open_library()
    library.add(news)
    write(news, "1.jsonl", "Dushanbe")
    report = library.add(news)
    assert [entry.source for entry in report.updated] == ["1.jsonl"]
    assert len(report.skipped) == 2
    assert library.status().articles == 3
    assert "1.jsonl" in found(library, "Dushanbe")
    assert all("Bishkek" not in article.text for article in library.articles())


def test_a_text_is_embedded_once(open_library: Open, embedder: ToyEmbedder, news: Path) -> None:
    library = open_library()
    library.add(news)
    embedded = embedder.embedded
    record = json.loads((news / "0.jsonl").read_text())
    (news / "0.jsonl").write_text(json.dumps(record | {"url": "http://example.org/"}))
    (news / "copy.jsonl").write_text(json.dumps(record | {"outlet": "Another outlet"}))
    report = library.add(news)
    assert (report.articles, report.embedded) == (2, 0)
    assert embedder.embedded == embedded


def test_the_same_article_twice_is_stored_once(open_library: Open, news: Path) -> None:
    library = open_library()
    library.add(news)
    shutil.copy(news / "0.jsonl", news / "same.jsonl")
    report = library.add(news)
    assert [(e.source, e.reason) for e in report.skipped if e.source == "same.jsonl"] == [
        ("same.jsonl", adding.ALREADY_THERE)
    ]
    library.remove("0.jsonl")
    assert library.status().articles == 3
    library.remove("same.jsonl")
    assert library.status().articles == 2


def test_a_moved_text_in_one_run_is_neither_lost_nor_doubled(
    open_library: Open, news: Path
) -> None:
    library = open_library()
    library.add(news)
    before = {article.text for article in library.articles()}
    one, two = (news / "0.jsonl").read_text(), (news / "1.jsonl").read_text()
    (news / "0.jsonl").write_text(two)
    (news / "1.jsonl").write_text(one)
    library.add(news)
    assert {article.text for article in library.articles()} == before
    assert library.status().articles == 3
    assert library.verify().sound


def test_new_tags_reach_a_known_article(open_library: Open, news: Path) -> None:
    library = open_library()
    library.add(news)
    record = json.loads((news / "0.jsonl").read_text())
    (news / "0.jsonl").write_text(json.dumps(record | {"tags": ["rail"]}))
    report = library.add(news)
    assert [entry.source for entry in report.updated] == ["0.jsonl"]
    assert report.articles == 0
    assert [a.tags for a in library.articles() if a.file == "0.jsonl"] == [("rail",)]


def test_a_corrected_language_moves_the_passages(open_library: Open) -> None:
    library = open_library()
    article = replace(ARTICLES[2], language="fr")
    library.add_articles([article])
    assert library.languages() == {"fr": 1}
    library.add_articles([replace(article, language="en")])
    assert library.languages() == {"en": 1}
    assert found(library, article.text) == {article.file}
    assert library.verify().sound


def test_sync_removes_what_is_gone_from_the_folder_only(
    open_library: Open, news: Path, tmp_path: Path
) -> None:
    library = open_library()
    elsewhere = write(tmp_path / "other", "x.jsonl", "Osh")
    library.add([news, elsewhere])
    (news / "1.jsonl").unlink()
    elsewhere.unlink()
    assert library.add(news).removed == ()
    report = library.add(news, sync=True)
    assert [entry.source for entry in report.removed] == ["1.jsonl"]
    assert {article.file for article in library.articles()} == {"0.jsonl", "2.jsonl", "x.jsonl"}


def test_a_failing_file_stops_nothing_and_is_tried_again(open_library: Open, news: Path) -> None:
    library = open_library()
    bad = news / "1.jsonl"
    sound = bad.read_text()
    bad.write_text('{"text": ')
    report = library.add(news)
    assert len(report.added) == 2
    assert report.rejected[0].source.startswith("1.jsonl")
    assert report.rejected[0].reason
    assert len(library.add(news).rejected) == 1  # unchanged, and tried again
    bad.write_text(sound)
    assert [entry.source for entry in library.add(news).added] == ["1.jsonl"]


def test_a_file_that_became_unreadable_keeps_its_articles(open_library: Open, news: Path) -> None:
    library = open_library()
    library.add(news)
    (news / "1.jsonl").write_text('{"text": ')
    assert len(library.add(news, sync=True).rejected) == 1
    assert library.status().articles == 3


def test_a_file_whose_reading_breaks_off_keeps_its_articles(
    open_library: Open, news: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = news / "many.jsonl"
    records = [{"text": STORY.format(n, n), "language": "en"} for n in ("Osh", "Naryn")]
    path.write_text("\n".join(map(json.dumps, records)))
    library = open_library()
    library.add(path)
    path.write_text(path.read_text() + "\n")

    read = Readers.read

    def broken(self: Readers, source: Source, meter: Meter) -> Iterator[Article | Rejection]:
        yield next(read(self, source, meter))
        yield Unread(source.name, "the disk went away")

    monkeypatch.setattr("index.extract.isolated.Readers.read", broken)
    (rejected,) = library.add(path).rejected
    assert "the disk went away" in rejected.reason
    assert library.status().articles == 2


@pytest.mark.parametrize("select", ["id", "name", "path"])
def test_removed_is_never_found(open_library: Open, news: Path, select: str) -> None:
    library = open_library()
    library.add(news)
    (article,) = (a for a in library.articles() if a.file == "1.jsonl")
    rows = library.article_rows(article)
    selector = {"id": article.id, "name": "1.jsonl", "path": str(news / "1.jsonl")}[select]
    report = library.remove([selector, "nothing like it"])
    assert (report.articles, report.missing) == ((article.id,), ("nothing like it",))
    assert library.article(article.id) is None
    assert library.passages(rows) == []
    assert found(library, article.text) == {"0.jsonl", "2.jsonl"}
    assert [entry.source for entry in library.add(news).added] == ["1.jsonl"]


def test_an_article_without_a_language_gets_one(open_library: Open) -> None:
    library = open_library()
    library.add_articles([Article(ARTICLES[0].text), Article(ARTICLES[3].text)])
    assert [a.language for a in library.articles()] == ["zh-Hant", "ru"]
    assert all(a.guessed == {"language"} for a in library.articles())
    assert library.languages() == {"zh": 1, "ru": 1}


def test_text_that_is_no_unicode_is_rejected(open_library: Open) -> None:
    report = open_library().add_articles([Article("half a \ud800 pair"), ARTICLES[0]])
    assert (report.articles, report.rejected[0].reason) == (1, adding.NOT_UNICODE)


def test_what_is_no_article_costs_no_other(open_library: Open) -> None:
    report = open_library().add_articles([{"text": "It rained all day."}, ARTICLES[0]])  # type: ignore[list-item]
    assert report.articles == 1
    assert "newscite.Article(" in report.rejected[0].reason


def test_an_article_made_in_python_without_a_date_costs_no_other(open_library: Open) -> None:
    """`record.get("date")` gives None."""
    undated = Article("It rained all day.", published=None)  # type: ignore[arg-type]
    report = open_library().add_articles([undated, ARTICLES[0]])
    assert report.articles == 1
    assert "published is no text" in report.rejected[0].reason


def test_progress_counts_what_is_stored(
    open_library: Open, news: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(adding, "BATCH_PASSAGES", 1)
    library = open_library()
    calls: list[Progress] = []
    stored: list[bool] = []

    def progress(now: Progress) -> None:
        calls.append(now)
        stored.append(all(library.article(article_id) for article_id in now.article_ids))

    library.add(news, progress=progress)
    assert (calls[-1].done, calls[-1].total, calls[-1].articles) == (3, 3, 3)
    assert len(calls) > 1
    assert all(stored)


def test_progress_within_one_file(
    open_library: Open, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(adding, "BATCH_PASSAGES", 10)
    lines = [json.dumps({"text": STORY.format("Osh", n) * 30, "language": "en"}) for n in range(40)]
    (tmp_path / "export.jsonl").write_text("\n".join(lines))
    (tmp_path / "last.txt").write_text(STORY.format("Naryn", 7))
    calls: list[Progress] = []
    library = open_library()
    library.add([tmp_path / "export.jsonl", tmp_path / "last.txt"], progress=calls.append)
    assert (calls[0].share, calls[0].articles) == (0, 0)
    middle = next(call for call in calls if call.articles >= 20)
    assert middle.done == 0
    assert middle.share == pytest.approx(0.5, abs=0.1)
    assert [call.share for call in calls] == sorted(call.share or 0 for call in calls)
    assert (calls[-1].share, calls[-1].articles, calls[-1].done) == (1, 41, 2)


def test_progress_counts_only_what_has_to_be_read(open_library: Open, news: Path) -> None:
    library = open_library()
    library.add(news)
    (news / "new.txt").write_text(STORY.format("Naryn", 7))
    calls: list[Progress] = []
    library.add(news, progress=calls.append)
    assert [(call.done, call.total, call.share) for call in calls] == [(3, 4, 0), (4, 4, 1)]


def test_what_was_stored_before_an_error_stays(
    open_library: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(adding, "BATCH_PASSAGES", 1)
    library = open_library()

    def articles() -> Iterator[Article]:
        yield from ARTICLES[:2]
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        library.add_articles(articles())
    assert library.status().articles == 2
    assert library.add_articles(ARTICLES).articles == 2
    assert library.verify().sound


def test_status(library: Library, tmp_path: Path) -> None:
    status = library.status()
    assert (status.articles, status.passages, status.sources) == (4, 4, 1)
    assert status.languages == {"en": 1, "ru": 1, "zh-Hans": 1, "zh-Hant": 1}
    assert status.outlets["Reuters"] == 1
    assert (status.earliest, status.latest) == (ARTICLES[1].published, ARTICLES[2].published)
    assert (status.embedder, status.path) == ("toy", str(tmp_path / "lib"))
    assert status.bytes > 1000


def test_reopening_finds_the_same(open_library: Open, library: Library) -> None:
    library.close()
    again = open_library()
    assert found(again, ARTICLES[2].text) == {"c.txt"}
    assert again.languages() == {"zh": 2, "en": 1, "ru": 1}


def test_another_embedder_is_refused_until_a_rebuild(open_library: Open, library: Library) -> None:
    library.close()
    other = ToyEmbedder("toy-2")
    with pytest.raises(LibraryError, match="newscite rebuild"):
        open_library(embedder=other)
    with open_library(embedder=other, check_embedder=False) as library:
        before = [(a.id, a.added, a.group) for a in library.articles()]
        library.rebuild()
        assert [(a.id, a.added, a.group) for a in library.articles()] == before
        assert other.embedded == 4
        assert found(library, ARTICLES[2].text) == {"c.txt"}
        assert library.verify().sound
    with open_library(embedder=other) as library:
        assert library.status().embedder == "toy"


def test_a_reader_learns_of_a_rebuild_with_another_embedder(
    open_library: Open, library: Library
) -> None:
    reader = open_library()
    library.rebuild(ToyEmbedder("toy-2"))
    with pytest.raises(LibraryError, match="another embedder"):
        reader.search_vectors(vector("x"), "en", 1)


def test_a_broken_off_rebuild_changes_nothing_and_goes_on_later(
    library: Library, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("index.rebuilding.BATCH_PASSAGES", 1)
    other = ToyEmbedder("toy-2")

    def stop(now: Progress) -> None:
        if now.done == 3:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        library.rebuild(other, progress=stop)
    assert found(library, ARTICLES[2].text) == {"c.txt"}
    assert library.verify().sound
    library.rebuild(other)
    assert other.embedded == 4
    assert library.verify().sound


def test_another_process_sees_what_is_added_and_removed(
    open_library: Open, library: Library
) -> None:
    reader = open_library()
    new = Article(
        "A tunnel under the Pamir opens today.", title="Tunnel", language="en", file="e.txt"
    )
    library.add_articles([new])
    assert found(reader, new.text) == {"c.txt", "e.txt"} & found(library, new.text)
    library.remove(new.id)
    assert "e.txt" not in found(reader, new.text)


def test_searching_goes_on_while_another_thread_adds(library: Library) -> None:
    errors: list[Exception] = []
    done = threading.Event()

    def search() -> None:
        while not done.is_set():
            try:
                assert "c.txt" in found(library, ARTICLES[2].text)
            except Exception as error:  # noqa: BLE001  # reported below, whatever it is
                errors.append(error)
                return

    threads = [threading.Thread(target=search) for _ in range(3)]
    for thread in threads:
        thread.start()
    for n in range(15):
        library.add_articles([Article(STORY.format(n, n), language="en", file=f"{n}.txt")])
    done.set()
    for thread in threads:
        thread.join()
    assert errors == []


def test_a_second_writer_learns_who_writes(open_library: Open, library: Library) -> None:
    other = open_library()
    library._writer._wait = other._writer._wait = 0.2

    def articles() -> Iterator[Article]:
        with pytest.raises(LibraryError, match=rf"process {os.getpid()} on .* since"):
            other.add_articles(ARTICLES)
        with pytest.raises(LibraryError, match="by this program"):
            library.remove("a.txt")
        assert found(other, ARTICLES[2].text) == {"c.txt"}
        yield ARTICLES[0]

    library.add_articles(articles())
    assert other.remove("a.txt").articles == (ARTICLES[0].id,)


def test_read_only_never_writes(open_library: Open, library: Library, tmp_path: Path) -> None:
    library.close()
    before = {path: path.stat().st_mtime_ns for path in (tmp_path / "lib").rglob("*")}
    reader = open_library(read_only=True)
    assert found(reader, ARTICLES[2].text) == {"c.txt"}
    with pytest.raises(LibraryError, match="for reading only"):
        reader.add_articles(ARTICLES)
    reader.close()
    after = {path: path.stat().st_mtime_ns for path in (tmp_path / "lib").rglob("*")}
    kept = {path for path in before if path.suffix not in (".db-shm", ".db-wal")}
    assert {path: after[path] for path in kept if path.is_file()} == {
        path: before[path] for path in kept if path.is_file()
    }


@pytest.mark.files
def test_read_only_copes_with_indexes_that_lag(
    open_library: Open, library: Library, tmp_path: Path
) -> None:
    library.close()
    for folder in ("terms", "vectors"):
        shutil.rmtree(tmp_path / "lib" / folder)
    reader = open_library(read_only=True)
    assert found(reader, ARTICLES[2].text) == {"c.txt"}
    assert not (tmp_path / "lib" / "terms").exists()


def test_there_must_be_a_library_to_read(open_library: Open, tmp_path: Path) -> None:
    with pytest.raises(LibraryError, match="There is no library"):
        open_library(read_only=True)
    assert not Library.exists(tmp_path / "lib")


AS_NOBODY = """
import os, sys
sys.path.insert(0, {root!r})
from index.config import LoadSettings, Settings
from index.errors import LibraryError
from index.library import Library
from tests.conftest import ARTICLES
from tests.test_library import found
from tests.toy import ToyEmbedder
with Library.open({warm!r}, Settings(), ToyEmbedder()) as library:  # imports what nobody may read
    assert found(library, ARTICLES[2].text) == {{"c.txt"}}
os.setgroups([]), os.setgid(65534), os.setuid(65534)
with Library.open({path!r}, Settings(), ToyEmbedder()) as library:
    assert not library.writable
    assert found(library, ARTICLES[2].text) == {{"c.txt"}}
    try:
        library.add_articles(ARTICLES)
    except LibraryError as error:
        print(error)
"""


@pytest.mark.files
@pytest.mark.skipif(os.name != "posix" or os.geteuid() != 0, reason="needs to become another user")
@pytest.mark.parametrize("crashed", [False, True])
def test_a_folder_without_write_permission(library: Library, tmp_path: Path, crashed: bool) -> None:
    path, warm = tmp_path / "lib", tmp_path / "warm"
    if crashed:  # the log of the database is still there, and the terms lag
        path = tmp_path / "copy"
        shutil.copytree(tmp_path / "lib", path)
        (path / "terms" / "state.json").unlink()
    library.close()
    shutil.copytree(tmp_path / "lib", warm)
    for folder in [*tmp_path.parents][:-2]:
        folder.chmod(folder.stat().st_mode | 0o055)
    for item in [tmp_path, path, *path.rglob("*")]:
        item.chmod(0o555 if item.is_dir() else 0o444)
    root = Path(__file__).parent.parent
    script = AS_NOBODY.format(root=str(root), path=str(path), warm=str(warm))
    run = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True)
    for item in [path, *path.rglob("*")]:
        item.chmod(0o755 if item.is_dir() else 0o644)
    assert run.returncode == 0, run.stderr
    assert "Check the folder's permissions" in run.stdout


@pytest.mark.files
def test_damaged_index_files_never_change_an_answer(
    open_library: Open, library: Library, tmp_path: Path
) -> None:
    library.close()
    sound = tmp_path / "lib"
    names = [p.relative_to(sound) for p in sound.rglob("*") if p.is_file() and p.stat().st_size]
    names = [name for name in names if name.parts[0] in ("terms", "vectors")]
    assert len(names) > 20
    for number, name in enumerate(names):
        folder = tmp_path / f"damaged{number}"
        shutil.copytree(sound, folder)
        (folder / name).write_bytes(os.urandom(200))
        again = open_library(folder)
        assert found(again, ARTICLES[2].text) == {"c.txt"}, name
        assert again.verify().sound, name


@pytest.mark.files
def test_verify_finds_damage_and_repairs_what_is_derived(
    open_library: Open, library: Library, tmp_path: Path
) -> None:
    for name in (
        next((tmp_path / "lib" / "vectors").glob("zh*.faiss")),
        tmp_path / "lib/terms/zh/meta.json",
    ):
        name.unlink()  # the library has the file itself mapped
        name.write_bytes(b"nonsense")
        report = library.verify()
        assert len(report.problems) == 1
        assert "damaged" in report.problems[0]
        assert not report.sound
        assert library.verify(repair=True).sound
        assert library.verify().problems == ()
    assert found(library, ARTICLES[2].text) == {"c.txt"}


def test_verify_finds_an_article_that_changed(library: Library) -> None:
    library._store.execute("UPDATE texts SET text = text || '!' WHERE article = 1")
    library._store.execute("DELETE FROM passages WHERE article = 2")
    problems = " ".join(library.verify().problems)
    assert "(a.txt) has changed. Remove it and add it again." in problems
    assert "(b.txt) has no usable passages" in problems
    assert not library.verify(repair=True).sound


def test_a_damaged_database_is_said_to_be(
    open_library: Open, library: Library, tmp_path: Path
) -> None:
    library.close()
    path = tmp_path / "lib" / "library.db"
    content = bytearray(path.read_bytes())
    content[4096:] = os.urandom(len(content) - 4096)
    path.write_bytes(content)
    with pytest.raises(LibraryError, match="restore it from a copy"):
        open_library().passages([1, 2, 3, 4])


def test_many_passages_of_one_article(library: Library) -> None:
    text = "\n".join(STORY.format(n, n) * 6 for n in range(700))
    report = library.add_articles([Article(text, language="en", file="long.txt")])
    assert report.passages > 300
    (stored,) = (a for a in library.articles() if a.file == "long.txt")
    rows = library.article_rows(stored)
    passages = library.passages(rows)
    assert [p.row for p in passages] == rows
    assert np.all(np.diff([p.passage.start for p in passages]) > 0)


def test_what_a_writer_removes_meanwhile_does_not_stop_the_status(
    library: Library, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A writer that merges index files removes the old ones while a reader counts bytes."""
    gone = library.path / "vectors" / "gone.faiss"
    listed = type(library.path).rglob
    monkeypatch.setattr(
        type(library.path), "rglob", lambda self, pattern: [*listed(self, pattern), gone]
    )
    monkeypatch.setattr(type(library.path), "is_file", lambda self: True)  # a moment ago
    assert library.status().bytes > 0
