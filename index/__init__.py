"""From raw pages to articles, passages and vectors on disk.

In: files, folders and urls. Out: a `Library` (index/library.py) that finds passages by vector and
by term. A page is read (read/), its articles are found (extract/), cut into passages and embedded
(embed/), stored (store/) and indexed (search/); languages/ holds what all of them know of languages.
"""
