"""The shape of input of reports."""
