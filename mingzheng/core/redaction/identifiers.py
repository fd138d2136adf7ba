"""The check characters of the numbers that name people and firms: GB 11643, GB 32100, Luhn."""

from __future__ import annotations

from datetime import date
from operator import mul

_PROVINCES = frozenset(
    "11 12 13 14 15 21 22 23 31 32 33 34 35 36 37 41 42 43 44 45 46 50 51 52 53 54 61 62 63 64 65"
    " 71 81 82 83".split()
)
_ID_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_USCC = {char: at for at, char in enumerate("0123456789ABCDEFGHJKLMNPQRTUWXY")}
_USCC_WEIGHTS = tuple(pow(3, at, 31) for at in range(17))
_DOUBLED = str.maketrans("0123456789", "0246813579")


def id_check(first17: str) -> str:
    """The eighteenth character of an identity number (GB 11643)."""
    return "10X98765432"[sum(map(mul, map(int, first17), _ID_WEIGHTS)) % 11]


def looks_like_id(number: str) -> bool:
    """18 characters (19xxxxxx inside) or 15 digits with a province and a day of birth that exists;
    the check character is not asked.
    """
    born = number[6:14] if len(number) == 18 else f"19{number[6:12]}"
    if (
        number[:2] not in _PROVINCES
        or not number[:-1].isdigit()
        or not (number[-1].isdigit() or len(number) == 18 and number[-1] == "X")
    ):
        return False
    if not "1850" < born[:4] < "2100":
        return False
    try:
        date(int(born[:4]), int(born[4:6]), int(born[6:]))
    except ValueError:
        return False
    return True


def is_id(number: str) -> bool:
    """An identity number of 18 characters whose check character holds."""
    return len(number) == 18 and looks_like_id(number) and id_check(number[:17]) == number[17]


def uscc_check(first17: str) -> str:
    """The eighteenth character of a unified social credit code (GB 32100). KeyError for a letter
    that no code holds.
    """
    left = (
        -sum(_USCC[char] * weight for char, weight in zip(first17, _USCC_WEIGHTS, strict=True)) % 31
    )
    return "0123456789ABCDEFGHJKLMNPQRTUWXY"[left]


def is_uscc(code: str) -> bool:
    """A unified social credit code whose check character holds."""
    return (
        len(code) == 18
        and all(char in _USCC for char in code)
        and code[2:8].isdigit()
        and uscc_check(code[:17]) == code[17]
    )


def is_luhn(number: str) -> bool:
    """Digits whose last is the Luhn check of the others."""
    return (
        sum(map(int, number[-1::-2])) + sum(map(int, number[-2::-2].translate(_DOUBLED)))
    ) % 10 == 0
