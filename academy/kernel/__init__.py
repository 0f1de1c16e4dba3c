"""The floor of the house: clock, working days, database, errors, ids, money, text, outbox, files, web.

Knows no room and no word of Dutch education; a new file here needs a reason.
"""
