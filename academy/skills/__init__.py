"""Skills: the words in which outcomes and demand are compared.

A *scheme* is a classification of others, such as ESCO; we load its files by version and change nothing in them. A *skill* is something one
can do or knows, known by its URI; a *group* holds skills together. Each has one *preferred* label per language and any number of
*alternative* ones. An *occupation* asks for skills, essential or optional. A skill that a newer version no longer has is *dropped*: it is
suggested no more, but what was tagged with it keeps its words.
"""
