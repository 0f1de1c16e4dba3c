"""Reports: what the programme office reads of demand, supply, money and experience, and what it sets going.

A *signal* is one want of one subject for one skill: a demand, a pledge, a place on a waiting list, a wish, an outcome that an exam board refused, or a blocked route; searches in
vain have no subject and are only counted. Every night the *roll-up* adds signals up to *cells*: skill x area x sector x quarter or year x source. A cell keeps only what may be
told: people by fives, fewer than ten are hidden, also against subtraction. A *gap* is a skill of which more is wanted than planned; its *score* puts gaps in order. A *snapshot* is a
report that is frozen: the same bytes for ever. A *commission* asks providers to fill a gap. A *participation* says how far a provider is with the programme. The *monitor* asks
learners, institutions and firms short questions; nobody's answer can be told from another's.
"""
