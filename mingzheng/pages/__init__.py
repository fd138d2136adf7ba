"""Frozen public pages: kept as files, served without the framework, dropped in the transaction of
the act that changes them.
"""
