"""Finished values for the pages of the catalogue: facts in the reader's words and links."""
