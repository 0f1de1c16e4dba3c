"""Refusals of recognition; by what they are about."""

from academy.recognition.errors.files import (
    FileClosed,
    FileNotFound,
    FileThere,
    NotRecognisable,
    StepRefused,
)

__all__ = ["FileClosed", "FileNotFound", "FileThere", "NotRecognisable", "StepRefused"]
