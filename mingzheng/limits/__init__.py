"""How much a stranger may send, how often, and who he is: security settings of an installation, not
law.
"""
