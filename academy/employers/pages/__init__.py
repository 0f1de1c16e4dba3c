"""Finished values for the pages of employers."""
