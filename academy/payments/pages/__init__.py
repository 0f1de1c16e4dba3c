"""Finished values for the pages of payments: facts in the reader's words and links."""
