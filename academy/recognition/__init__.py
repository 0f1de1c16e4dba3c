"""Recognition of what somebody can already do (EVC): decided fairly, per learning outcome, and remembered.

A *file* is one person's claim to outcomes of one module, with everything about it: what they say themselves, *evidence*, the talk with a *guide*,
what *assessors* saw with at least two *instruments*, the *report*, and the *decision*. Only the *exam board* of the provider that awards the module
decides. Two Dutch routes are kept apart: on the *labour-market* route a file ends in a certificate of experience, which advises; on the *education*
route it may end in an exemption, which counts. Credits follow from the outcomes that were granted and are typed by nobody. A *precedent* is a decision
that may be repeated: the same *pattern* of evidence for the same words of an outcome is proposed again, with its parents.
"""
