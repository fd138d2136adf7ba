"""Finding any piece of two or more characters in public texts, newest first, at a speed that does
not depend on the words.
"""
