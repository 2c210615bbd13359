"""Files of many records -> pages: tables, feeds, and JSON and XML of press agencies.

In: a file of rows, entries or elements. Out: a `Page` for each, with the fields that its columns name.
"""
