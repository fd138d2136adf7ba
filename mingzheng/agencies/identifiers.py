"""Check digits: GB 32100 unified social credit codes and GB 11643 citizen numbers."""

from __future__ import annotations

from datetime import date

_USCC = "0123456789ABCDEFGHJKLMNPQRTUWXY"
_USCC_WEIGHTS = tuple(pow(3, i, 31) for i in range(17))
_ID_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_ID_CHECK = "10X98765432"


def uscc_check(head: str) -> str:
    """The 18th character for 17 given ones (GB 32100-2015)."""
    total = sum(
        _USCC.index(char) * weight for char, weight in zip(head, _USCC_WEIGHTS, strict=True)
    )
    return _USCC[(31 - total % 31) % 31]


def citizen_check(head: str) -> str:
    """The 18th character for 17 given digits (GB 11643)."""
    return _ID_CHECK[
        sum(int(char) * weight for char, weight in zip(head, _ID_WEIGHTS, strict=True)) % 11
    ]


def fault_in_uscc(code: str) -> str:
    """Empty when the code is sound, else what to do, in Chinese."""
    if len(code) != 18:
        return f"统一社会信用代码应为 18 位，现在是 {len(code)} 位。"
    if any(char not in _USCC for char in code):
        return "统一社会信用代码只能是数字和大写字母（没有 I、O、S、V、Z）。"
    if uscc_check(code[:17]) != code[17]:
        return "统一社会信用代码的校验位不对，请对照营业执照逐位核对。"
    return ""


def fault_in_citizen(code: str) -> str:
    """Empty when the citizen number is sound, else what to do, in Chinese."""
    if len(code) != 18:
        return (
            f"身份证号应为 18 位，现在只有 {len(code)} 位。"
            if len(code) < 18
            else "身份证号应为 18 位。"
        )
    if not code[:17].isdigit():
        return "身份证号前 17 位应为数字。"
    try:
        date(int(code[6:10]), int(code[10:12]), int(code[12:14]))
    except ValueError:
        return "身份证号中的出生日期不存在，请核对。"
    if citizen_check(code[:17]) != code[17].upper():
        return "身份证号的校验位不对，请对照证件逐位核对。"
    return ""
