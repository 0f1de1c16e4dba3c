"""Decisions of reports: plain values in, plain answers out."""
