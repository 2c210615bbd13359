"""Does a source say what a sentence of an answer says?

In: sentences and the sources they may rest on. Out: each sentence bound to the sources that carry
it, with a score and the reasons against.
"""
