"""`{% url %}` as Django has it, but an address without arguments is worked out once a process: each
page of the public site has some forty of them, and none ever changes.
"""

from __future__ import annotations

from django import template
from django.template.base import Node, Parser, Token, Variable
from django.template.context import Context
from django.template.defaulttags import URLNode
from django.template.defaulttags import url as plain

register = template.Library()


class Fixed(Node):
    """An address that is the same on every page."""

    def __init__(self, node: URLNode) -> None:
        self.node, self.text = node, ""

    def render(self, context: Context) -> str:
        """Ask once, then remember."""
        self.text = self.text or str(self.node.render(context))
        return self.text


@register.tag
def url(parser: Parser, token: Token) -> Node:
    """Django's node, remembered where nothing in it can vary."""
    node = plain(parser, token)
    literal = not isinstance(node.view_name.var, Variable)
    return Fixed(node) if literal and not (node.args or node.kwargs or node.asvar) else node
