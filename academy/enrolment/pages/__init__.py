"""Finished values for the pages of enrolment: facts in the reader's words and links."""
