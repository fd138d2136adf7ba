"""What may not be read in public: found with its reason, covered, and looked for again. Pure
Python, no database.
"""

from mingzheng.core.redaction.masking import Faces, cover
from mingzheng.core.redaction.policies import Kind, Policy, kinds, policies, policy
from mingzheng.core.redaction.scanning import find
from mingzheng.core.redaction.spans import Known, Span, flatten

__all__ = [
    "Faces",
    "Kind",
    "Known",
    "Policy",
    "Span",
    "cover",
    "find",
    "flatten",
    "kinds",
    "policies",
    "policy",
]
