"""Feeds of course providers: JSON in the shape of the provider's own system, turned into the catalogue's drafts; pure.

A *shape* is how one system writes one kind of list; a *family* is the shapes of one provider, read together because they name each
other's records. A shape is recognised by its content, never by the name of its file. Instructors are not read: they are persons.
"""
