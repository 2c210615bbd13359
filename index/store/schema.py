"""The tables of a library's database.

A change here that an older database lacks raises SCHEMA_VERSION and needs a migration.
"""

SCHEMA_VERSION = 1

SCHEMA = """
CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE sources (
    number INTEGER PRIMARY KEY, key TEXT NOT NULL UNIQUE, name TEXT NOT NULL,
    digest TEXT NOT NULL, reason TEXT NOT NULL, seen TEXT NOT NULL);
CREATE TABLE articles (
    number INTEGER PRIMARY KEY AUTOINCREMENT, id TEXT NOT NULL UNIQUE, title TEXT NOT NULL,
    author TEXT NOT NULL, outlet TEXT NOT NULL, published TEXT NOT NULL, url TEXT NOT NULL,
    canonical_url TEXT NOT NULL, language TEXT NOT NULL, file TEXT NOT NULL, tags TEXT NOT NULL,
    metadata TEXT NOT NULL, guessed TEXT NOT NULL, page_start INTEGER NOT NULL,
    page_end INTEGER NOT NULL, added TEXT NOT NULL, story TEXT NOT NULL);
CREATE INDEX articles_story ON articles (story);
CREATE TABLE texts (
    article INTEGER PRIMARY KEY REFERENCES articles ON DELETE CASCADE, text TEXT NOT NULL);
CREATE TABLE source_articles (
    source INTEGER NOT NULL REFERENCES sources ON DELETE CASCADE,
    article INTEGER NOT NULL REFERENCES articles ON DELETE CASCADE,
    round INTEGER NOT NULL, PRIMARY KEY (source, article)) WITHOUT ROWID;
CREATE INDEX source_articles_article ON source_articles (article);
CREATE TABLE embeddings (
    number INTEGER PRIMARY KEY, key BLOB NOT NULL UNIQUE, vector BLOB NOT NULL);
CREATE TABLE sentence_vectors (
    embedding INTEGER PRIMARY KEY REFERENCES embeddings ON DELETE CASCADE, vectors BLOB NOT NULL);
CREATE TABLE passages (
    row INTEGER PRIMARY KEY AUTOINCREMENT,
    article INTEGER NOT NULL REFERENCES articles ON DELETE CASCADE,
    start INTEGER NOT NULL, end INTEGER NOT NULL, language TEXT NOT NULL,
    sentences BLOB NOT NULL, embedding INTEGER NOT NULL REFERENCES embeddings);
CREATE INDEX passages_article ON passages (article);
CREATE INDEX passages_embedding ON passages (embedding);
CREATE TABLE removed (
    row INTEGER PRIMARY KEY, language TEXT NOT NULL, generation INTEGER NOT NULL);
CREATE INDEX removed_generation ON removed (generation);
CREATE TABLE signatures (band INTEGER NOT NULL,
    article INTEGER NOT NULL REFERENCES articles ON DELETE CASCADE,
    PRIMARY KEY (band, article)) WITHOUT ROWID;
CREATE INDEX signatures_article ON signatures (article);
"""

CHECKS = (
    "CREATE TABLE IF NOT EXISTS checks (article INTEGER PRIMARY KEY REFERENCES articles "
    "ON DELETE CASCADE, digest TEXT NOT NULL)"
)
"""A hash over each article as it is stored, corrections by hand and all."""

CORRECTIONS = (
    "CREATE TABLE IF NOT EXISTS corrections (article TEXT PRIMARY KEY, fields TEXT NOT NULL, "
    "at TEXT NOT NULL) WITHOUT ROWID"
)
"""What readers set right by hand; libraries made before there was this get it when written to."""
