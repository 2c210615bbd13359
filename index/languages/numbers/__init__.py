"""Numbers of a text, with what they count, made comparable across languages.

In: a text. Out: `Quantity`s with their places; which of a claim its sources do not say; other ways to
write a number.
"""
