"""A page -> its articles.

In: a `Page`. Out: `Article`s without boilerplate, with title, author, outlet, date, address and
language, or a `Rejection` that says why there is none.
"""
