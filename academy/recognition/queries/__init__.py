"""Reads of recognition; frozen facts come out. Who may not see a file is told that there is none."""
