"""The command that writes the file."""

from __future__ import annotations

import sys

from tests.supply import PAGE, page
from tests.supply.product import ROOT


def main() -> int:
    """Write the file, or say whether it is what would be written."""
    text = page()
    if "--check" in sys.argv[1:]:
        if PAGE.exists() and PAGE.read_text(encoding="utf-8") == text:
            return 0
        print(f"{PAGE.relative_to(ROOT)} 过时了，请运行 python -m tests.supply。")
        return 1
    PAGE.write_text(text, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
