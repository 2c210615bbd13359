"""A page of several articles -> its parts.

In: the lines of a page. Out: where each story, letter, live entry or exported article begins and ends, with
what stands at its head.
"""
