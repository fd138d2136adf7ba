"""The forms of a penalty case, one module a stage."""
