"""Finished values for the pages of search: cards, counts and links in the reader's words.

Thirty cards and a hundred counts per page: their HTML is remembered (docs/decisions/0008), addresses are made once per page.
"""
