"""Finished values for the pages of funding: facts in the reader's words, links and figures."""
