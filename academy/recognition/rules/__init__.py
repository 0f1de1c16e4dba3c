"""Decisions of recognition: plain values in, plain answers out. What is used stands in the file that is named for it."""
