"""Paying over HTTP, measured."""
