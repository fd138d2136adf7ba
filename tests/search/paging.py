"""All answers of a question, page after page."""

from mingzheng.portal import searching


def every_code(question: dict[str, str]) -> list[str]:
    """The codes in the order in which a reader who always turns the page meets them."""
    asked, seen, after = searching.ask(question), [], ""
    while True:
        found = searching.search(asked, after)
        seen += [line.code for line in found.lines]
        if not (after := found.next):
            return seen
