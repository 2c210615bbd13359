"""What many articles say together.

In: a question or a topic. Out: a `Comparison` of what outlets (or countries, languages, periods,
authors) answer; a `Timeline` of what happened when.
"""
