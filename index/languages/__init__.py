"""What is known of languages; no other folder names one.

In: a text. Out: its language, script and sentences; its folded form, its terms, names, numbers and
dates in a form that can be compared with those of a text in another language.

What one language alone has stands in its pack, a folder such as en/; pack.py, number_parts.py and
word_parts.py say what a pack can offer. A new language is a new folder: its `PACK`, and
`words.toml` and `messages.toml` for what is said to its readers. What a pack lacks is not understood: its texts are
still found and shown, but without numbers in words, relative dates or denials, say.
"""
