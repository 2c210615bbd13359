"""The embedding models: the bundled one, run by OpenVINO or NumPy, and any that sentence-transformers loads.

In: a folder or name of a model. Out: an `Embedder`.
"""
