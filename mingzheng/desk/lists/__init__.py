"""Lists of the desk: one noun, `Listing`, for every table that is filtered, ordered, paged and
exported.
"""

from mingzheng.desk.lists.keyset import Part, Sort
from mingzheng.desk.lists.listing import CAP, Cell, Column, Filter, Listing, Page

__all__ = ["CAP", "Cell", "Column", "Filter", "Listing", "Page", "Part", "Sort"]
