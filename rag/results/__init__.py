"""What the stages hand to each other: hits, citations, the sentences that can be cited.

In: rows of a library. Out: plain data, and the numbering of citations. Nothing here searches,
asks or draws.
"""
