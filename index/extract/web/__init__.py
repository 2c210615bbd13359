"""Web pages -> the lines of their main text, and what their markup says about them.

In: HTML. Out: `Line`s without what is hidden or furniture; title, author, outlet and date.
"""
