"""Lines of the log that nobody can forge: what comes from outside stays within its line."""

from __future__ import annotations

import logging
import re

_UNPRINTABLE = re.compile("[\x00-\x08\x0a-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]")


def escaped(text: str) -> str:
    """The text with line ends, escapes and their like spelt out."""
    return _UNPRINTABLE.sub(lambda found: f"\\u{ord(found.group()):04x}", text)


class Plain(logging.Formatter):
    """A line for each event; the lines of a traceback are indented, so that none begins like an
    event.
    """

    def format(self, record: logging.LogRecord) -> str:
        """The event as it is written."""
        first = f"{record.levelname} {record.name}: {escaped(record.getMessage())}"
        if not record.exc_info:
            return first
        lines = self.formatException(record.exc_info).splitlines()
        return "\n".join([first, *(f"    {escaped(each)}" for each in lines)])
