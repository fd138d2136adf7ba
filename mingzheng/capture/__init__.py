"""Capture in the field: the officer's phone. It has no acts of its own; what it sends becomes the
same steps as at the desk.
"""
