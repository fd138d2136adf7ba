"""The scenes that tests set: who acts, on what matter, through which door."""
