"""What exists: transfers under way, what was seen in a file, recordings and their parts, evidence
items.
"""

from mingzheng.evidence.models.items import EVIDENCE_KINDS, Custody, Item, ItemFile
from mingzheng.evidence.models.media import Media, Rendition
from mingzheng.evidence.models.recordings import Gap, Marker, Recording, Segment
from mingzheng.evidence.models.transfers import Upload

__all__ = [
    "EVIDENCE_KINDS",
    "Custody",
    "Gap",
    "Item",
    "ItemFile",
    "Marker",
    "Media",
    "Recording",
    "Rendition",
    "Segment",
    "Upload",
]
