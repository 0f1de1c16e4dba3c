"""Areas: where people can come to, as the first two digits of a postcode; and which areas lie beside each other.

An area of two digits is as coarse as a class can draw from, and too coarse to point at a firm.
"""

import re
from typing import Final

ONLINE: Final = ""  # the area of what is learned at a distance

_POSTCODE: Final = re.compile(r"([1-9]\d)\d{2} ?(?:[a-z]{2})?", re.IGNORECASE | re.ASCII)

# Areas of which the centres lie at most 30 km apart, each pair under the lower one. The centres are those by which the search engine orders courses, and a
# test compares; Almere (13) and Lelystad (82) are added: the centre of 82 lies beyond Lelystad, which is 25 km from Almere.
_BESIDE: Final = {
    "10": "11 12 13 14 15 19 20 21 24 36", "11": "12 13 14 15 19 20 21 36", "12": "13 14 34 35 36 37 38", "13": "14 15 36 37 38 82",
    "14": "15 16 18 19 20 21", "15": "18 19 20 21", "16": "17 18", "17": "18", "18": "19 20", "19": "20 21", "20": "21 22 23 24", "21": "22 23 24 27",
    "22": "23 24 25 26 27 28", "23": "24 25 26 27 28 29 30 31", "24": "25 26 27 28 29 30 34 36", "25": "26 27 29 30 31 32",
    "26": "27 28 29 30 31 32 33", "27": "28 29 30 31 33", "28": "29 30 31 33 34 35 36 42", "29": "30 31 32 33 42", "30": "31 32 33", "31": "32 33",
    "33": "42 48 49 51", "34": "35 36 37 41 42", "35": "36 37 38 39 41", "36": "37 41", "37": "38 39 40 41", "38": "39 67", "39": "40 41 53 66 67 68",
    "40": "41 52 53 54 66 67", "41": "42 52 53", "42": "49 51 52 53", "43": "44 45", "44": "45 46", "46": "47", "47": "48 49", "48": "49 50 51",
    "49": "50 51", "50": "51 52 55", "51": "52 53", "52": "53 54", "53": "54 66", "54": "56 57 58 65 66", "55": "56 57", "56": "57", "57": "58",
    "58": "59", "59": "60", "60": "61", "61": "62 63 64", "62": "63 64", "63": "64", "65": "66 67 68 69", "66": "67 68 69", "67": "68 69",
    "68": "69 70 72 73", "69": "70 72", "70": "71 72", "72": "73 74 81", "73": "74 81", "74": "80 81", "75": "76", "76": "77", "77": "79", "78": "95",
    "80": "81 82 83", "83": "84 85", "84": "85 86 89 90 92", "85": "86 87 90", "86": "87 88 89 90", "87": "88 90", "88": "89 90", "89": "90 91 92",
    "90": "91 92", "91": "92 98", "92": "93 98", "93": "94 96 97 98 99", "94": "95 96 97", "95": "96", "96": "97 99", "97": "98 99", "98": "99",
}
_PAIRS: Final = frozenset(frozenset((area, other)) for area, others in _BESIDE.items() for other in others.split())


class PostcodeWrong(ValueError):
    """What was written is no Dutch postcode."""


def area_of(postcode: str) -> str:
    """Return the area of a postcode as people write it ("1315 AB", "1315ab", "1315"); ONLINE for nothing. Raises PostcodeWrong."""
    written = " ".join(postcode.split())
    if not written:
        return ONLINE
    found = _POSTCODE.fullmatch(written)
    if found is None:
        raise PostcodeWrong(f'"{written}" is no postcode')
    return found[1]


def is_beside(area: str, other: str) -> bool:
    """Tell whether people of one area can come to the other: the two are different, and lie beside each other. Nothing lies beside ONLINE."""
    return frozenset((area, other)) in _PAIRS
