"""What the user names -> pages.

In: files, folders, archives, standard input, urls. Out: `Page`s (text or markup, with what their
container states about them), or a `Rejection` that says why there is none.
"""
