"""Finding what can be learned, fast and forgiving.

The *index* holds one *document* per published module and programme; a *card* is what a result shows, ready-made in the document
so that a page of results asks nothing of the database. A *facet* is a property one can choose values of; its counts are
*disjunctive*: choosing a value never changes the counts inside its own facet. A *looser* result matches some of the words,
because nothing matched all of them.
"""
