"""What a library holds, in one SQLite file that everything else can be made from again.

In: articles, passages and vectors, a batch at a time. Out: rows; which of them a `Filter` allows;
which articles repeat an earlier one; what is damaged.
"""
