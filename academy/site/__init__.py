"""The shell: the way in, pages of information, and whether the house is well.

Holds no facts of its own.
"""
