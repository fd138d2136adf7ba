"""Numbers that carry their own check: credit codes (GB 32100) and identity numbers (GB 11643)."""

from __future__ import annotations

import re
from datetime import date

_USCC = "0123456789ABCDEFGHJKLMNPQRTUWXY"
_USCC_WEIGHTS = [pow(3, i, 31) for i in range(17)]
_ID_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_ID_CHECKS = "10X98765432"


def uscc_holds(code: str) -> bool:
    """Whether 18 characters are a unified social credit code with the right last one (GB 32100-2015)."""
    if len(code) != 18 or any(letter not in _USCC for letter in code):
        return False
    total = sum(_USCC.index(letter) * weight for letter, weight in zip(code, _USCC_WEIGHTS, strict=False))
    return _USCC[(31 - total % 31) % 31] == code[17]


def identity_holds(number: str) -> bool:
    """Whether 18 characters are an identity number: check character and a birthday that exists (GB 11643-1999)."""
    if not re.fullmatch(r"\d{17}[\dXx]", number):
        return False
    try:
        date(int(number[6:10]), int(number[10:12]), int(number[12:14]))
    except ValueError:
        return False
    total = sum(int(digit) * weight for digit, weight in zip(number, _ID_WEIGHTS, strict=False))
    return _ID_CHECKS[total % 11] == number[17].upper()
