"""Takes articles out of a library: those that the user names, and those whose source is gone.

In: selectors, or the folders that were looked through and what was found there. Out: what was removed. The
caller holds the writer's lock.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from pathlib import Path

from index.adding import remove_orphans
from index.report import Entry
from index.store.duplicates import Grouper
from index.store.store import Store


def remove(store: Store, selectors: Sequence[str]) -> tuple[tuple[str, ...], int, tuple[str, ...]]:
    """Removes what the selectors name, in one transaction. Returns the ids of the articles that no
    source holds any more, how many passages they had, and the selectors that matched nothing."""
    missing: list[str] = []
    dropped: list[int] = []
    with store.transaction():
        for selector in selectors:
            numbers = _unlink(store, selector)
            if numbers is None:
                missing.append(selector)
            else:
                dropped += numbers
        ids, passages = remove_orphans(store, Grouper(store), dropped)
    return tuple(ids), passages, tuple(missing)


def _unlink(store: Store, selector: str) -> list[int] | None:
    """Takes the articles that a selector names from their sources. Returns the articles' numbers,
    or None if the selector matches nothing."""
    known = store.find_article(selector)
    if known is not None:
        return store.unlink_article(known[0])
    sources = store.find_sources(selector)
    numbers = [n for source in sources for n in store.remove_source(source.number)]
    for number in store.articles_of_file(selector) if not sources else ():
        numbers += store.unlink_article(number)
    return numbers if sources or numbers else None


def remove_gone(
    store: Store, targets: Sequence[str | Path], found: Collection[str]
) -> tuple[Entry, ...]:
    """Removes the sources under these folders that are no longer there."""
    folders = [Path(target).expanduser().absolute() for target in targets]
    folders = [folder for folder in folders if folder.is_dir()]
    gone = [
        source
        for source in store.sources()
        if source.key not in found
        and any(Path(source.key).is_relative_to(folder) for folder in folders)
        # A file that is there, though it was refused, keeps the articles it gave before.
        and not Path(source.key).exists()
    ]
    if not gone:
        return ()
    with store.transaction():
        dropped = [n for source in gone for n in store.remove_source(source.number)]
        remove_orphans(store, Grouper(store), dropped)
    return tuple(Entry(source.name, 0, "No longer on disk.") for source in gone)
