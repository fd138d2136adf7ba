"""An agency's adopted rules in plain words, beside the higher norms: for the public and for the
desk alike.
"""
