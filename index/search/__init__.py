"""The indexes over the store: the nearest vectors, and BM25 over terms.

In: what the store holds (`Changes`). Out: a `PassageIndex`, as files beside the store (FAISS and
Tantivy) or on a Milvus server. Each is a cache: what is missing or behind comes from the store.
"""
