"""OOAPI v5 and v6 in: payloads of other houses become drafts of the catalogue. Pure: payloads and a day in, a supply out.

The model inside has the meanings of v6; v5 is read towards it. What the standard does not allow and what is still clear is *tolerated* with
a notice; what can not be right is *refused* with file or page, item, path, value and reason. JSON Schema does not catch either: v6
enumerates nothing that it enforces, so every word is checked against our own vocabulary.
"""

from academy.exchange.ooapi.mapping import supply_of

__all__ = ["supply_of"]
