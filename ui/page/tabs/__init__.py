"""The tabs of the page and what stands beside them, one module each.

In: what a reader does. Out: what the page shows then.
"""
