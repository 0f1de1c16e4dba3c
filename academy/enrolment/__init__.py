"""A seat: taken, kept, given back; never sold twice.

An *enrolment* is a person's place in an offering. A *seat pool* counts the seats of an offering that a group of people may take; one
guarded UPDATE of it is the only way to take a seat. *Confirmed* means the seat is theirs.
"""
