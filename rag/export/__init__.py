"""A result as a document that leaves the program.

In: a `Result` (an answer, a comparison, a timeline), which makes a `Document` of itself. Out:
Markdown, Word, JSON, and references for BibTeX, RIS and CSL-JSON.
"""
