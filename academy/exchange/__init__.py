"""What comes in from files of others and of our own: read, checked, reported, loaded into the catalogue.

A *shape* is a set of columns we know, of our own or of someone else. A *record* is one row of a file with the line it starts on. A row is
*refused* with line, column and reason while the good rows load; a *file* is refused as a whole when its columns can not be trusted, and
then nothing of it is loaded. A *notice* is something the reader should know although the row was loaded.
"""
