"""Fits again what the code holds: each fitted weight and tuned constant, from named data.

    python -m tuning                    lists the scripts and what each needs
    python -m tuning retrieval DATA     runs one; DATA holds the evaluation files

A script prints for each constant the value in the code, the figure with it, and what other values, or a
new fit, would give, with the error of the difference. Nothing is written: whoever changes a value does
it by hand, with the figures in the message of the commit. docs/tuning.md has what was found.
"""
