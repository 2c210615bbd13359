"""What is known of languages: no other folder has to name one.

In: a text. Out: its language, script and sentences; its folded form, its terms, names, numbers and
dates in a form that can be compared with those of a text in another language.
"""
