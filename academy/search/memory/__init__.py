"""What search remembers: what was asked (of nobody in particular), and the questions that people left to be told about.

A *search event* is one asked page of results, without a person. A *saved search* is a question kept for an e-mail address; a *wish* is
one that found nothing worth having, kept in the asker's own words because it is demand. A *finding* is a document that a saved search
has had: before it was saved, or in a letter.
"""
