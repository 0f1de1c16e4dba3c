"""Who pays what of a seat: the learner, an employer, a sector fund, public money, and by which rule.

A *source* is somebody's money for learning: a budget of an employer, a sector fund, a municipality, a discount of the provider, the regular funds
of education. A *rule* of a source says how much of which seats it pays, from when until when; a rule is never changed, the next one follows it. A
*budget* is how much a source has in a period: what is promised is *earmarked*, what was invoiced is *spent*, and the two never exceed it. A *share*
is what one payer pays of one seat; the shares of a seat are its price, to the cent. What no source pays is the learner's.

*VAT* is decided here, for each seat by a table: what kind of supply it is, and what the provider is on the day of delivery.
"""
