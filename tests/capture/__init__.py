"""Capture in the field: the phone's pages in a real browser, and what the platform makes of what
they send.
"""
