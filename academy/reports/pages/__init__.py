"""Finished values for the templates of reports."""
