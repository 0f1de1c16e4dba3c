"""Routes calculated with OR-Tools. Only the process of the solver loads this (academy/pathways/solving.py)."""

from academy.pathways.ortools_gateway.searching import solve

__all__ = ["solve"]
