"""What exists: transfers under way, what was seen in a file, recordings and their parts."""

from mingzheng.evidence.models.media import Media, Rendition
from mingzheng.evidence.models.transfers import Upload

__all__ = ["Media", "Rendition", "Upload"]
