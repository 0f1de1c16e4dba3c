"""Shapes of input of employers."""
