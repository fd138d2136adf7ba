"""What is taken, for whoever adds something: `python -m tests.places`.

The lines of the menu and the boxes of a matter's page by place, the kinds of matter by order and
number, and the pictures that there are.
"""

from __future__ import annotations


def taken() -> list[str]:
    """A table a line, each under its heading."""
    from mingzheng.core.nouns import word
    from mingzheng.procedures import chapters, matter_kinds
    from mingzheng.site.registrations import pictures

    return [
        "Menu: place, page, picture",
        *(
            f"{each.place:4} {each.page} {word(each.page)} ({each.icon})"
            for each in chapters.menu()
        ),
        "Boxes of a matter's page: place, template",
        *(f"{each.place:4} {each.template}" for each in chapters.panels()),
        "Kinds of matter: order, number",
        *(
            f"{each.order:4} {each.number:3} {each.code} {each.name}"
            for each in matter_kinds.enforcement()
        ),
        "Pictures",
        f"     {' '.join(sorted(pictures()))}",
    ]


if __name__ == "__main__":
    from tests import scratch

    assert scratch.DATA
    import django

    django.setup()
    print("\n".join(taken()))
