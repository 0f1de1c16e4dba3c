"""Enrolling over HTTP, measured."""
