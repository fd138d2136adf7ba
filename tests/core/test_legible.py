"""What can be seen of a text, and whether it says anything."""

import pytest

from mingzheng.core.legible import blank, says_something, shown


@pytest.mark.parametrize(
    "text",
    [
        "",
        " ",
        "\u3000",
        "\u200b\u200b",
        "\u2060",
        "\ufeff",
        "\u00ad",
        "\u3164",
        "\u2800",
        "\u0301",
        "\x00",
    ],
)
def test_what_cannot_be_seen_is_blank(text: str) -> None:
    assert blank(text) and not says_something(text)


@pytest.mark.parametrize("text", [".", "——", "/", "（）", "、、、"])
def test_marks_are_seen_but_say_nothing(text: str) -> None:
    assert not blank(text) and not says_something(text)


@pytest.mark.parametrize("text", ["无", "同意。", "3", "\u200b不想公开", "ｏｋ", "བོད"])
def test_words_and_numbers_say_something(text: str) -> None:
    assert not blank(text) and says_something(text)


def test_what_hides_in_a_name_is_left_out() -> None:
    assert shown("汶上\u200b水泥\u2060有限公司\ufeff") == "汶上水泥有限公司"
    assert shown("李\u202e四") == "李四" and shown("无 空格") == "无 空格"
