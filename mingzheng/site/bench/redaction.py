"""Redaction: the patterns against one compiled alternation, the whole scan with names against a
segmenter that tags, and what is found.
"""

from __future__ import annotations

import importlib.util
import re
from collections import Counter
from typing import Any

from mingzheng.core import clock, redaction
from mingzheng.core.redaction import numbers
from mingzheng.core.redaction.sight import Sight
from mingzheng.core.regimes import shipped
from mingzheng.site.bench.clockwork import rounds
from mingzheng.site.bench.decisions import Decision, decisions

COUNT, TAGGED = 300, 6
# What a plain scanner would look for: no gaps, no other spellings, no check characters.
_ALTERNATION = re.compile(
    r"(?<![0-9])[1-9][0-9]{5}(?:18|19|20)[0-9]{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12][0-9]|3[01])[0-9]{3}[0-9Xx]"
    r"|(?<![0-9])[1-9][0-9]{7}(?:0[1-9]|1[0-2])(?:0[1-9]|[12][0-9]|3[01])[0-9]{3}(?![0-9])|(?<![0-9A-Z])92[0-9]{6}[0-9A-Z]{10}"
    r"|(?<![0-9])1[3-9][0-9]{9}(?![0-9])|(?<![0-9])0[0-9]{2,3}-?[0-9]{7,8}(?![0-9])|(?<![0-9])[0-9]{13,19}(?![0-9])"
    r"|[京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼][A-Z][0-9A-Z]{4,6}[挂学警港澳]?|[0-9A-Za-z_.+-]+@[0-9A-Za-z-]+(?:\.[0-9A-Za-z-]+)+"
)


def run() -> dict[str, Any]:
    """MB/s of UTF-8, ratios to both baselines, recall by kind and the share of other text that
    stays.
    """
    return {
        "speed": _speed(),
        "recall": _recall(decisions(COUNT)),
        "recall_parties_unknown": _recall(decisions(COUNT, known=False)),
    }


def _policy() -> redaction.Policy:
    return redaction.policies(shipped().regime("national"), clock.today())["strict"]


def _speed() -> dict[str, Any]:
    texts, policy = decisions(COUNT, spelling="plain"), _policy()
    few = texts[:TAGGED]

    work = {
        "alternation": lambda: [
            hit.span() for each in texts for hit in _ALTERNATION.finditer(each.text)
        ],
        "patterns": lambda: [
            span for each in texts for span in numbers.scan(Sight.of(each.text).text)
        ],
        "whole": lambda: [redaction.find(each.text, policy, each.known) for each in texts],
    }
    if importlib.util.find_spec("jieba"):
        from jieba import posseg

        list(posseg.cut("先读词典"))
        work["posseg"] = lambda: [word for each in few for word in posseg.cut(each.text)]
    taken = rounds(work)
    size, short = (sum(len(each.text.encode()) for each in some) / 1e6 for some in (texts, few))
    answer = {
        "alternation_mb_s": round(size / taken["alternation"], 1),
        "patterns_mb_s": round(size / taken["patterns"], 1),
        "patterns_ratio": round(taken["alternation"] / taken["patterns"], 2),
        "goal_patterns": ">= 0.7",
        "whole_mb_s": round(size / taken["whole"], 2),
        "goal_whole": ">= 30",
    }
    if "posseg" in taken:
        answer |= {
            "posseg_mb_s": round(short / taken["posseg"], 3),
            "whole_ratio": round(taken["posseg"] / short / (taken["whole"] / size), 1),
        }
    return answer


def _recall(texts: list[Decision]) -> dict[str, Any]:
    policy, planted, found = _policy(), Counter[str](), Counter[str]()
    other = lost = 0
    for each in texts:
        covered = {
            at
            for span in redaction.find(each.text, policy, each.known)
            for at in range(span.start, span.end)
        }
        secret: set[int] = set()
        for passage in each.planted:
            place = set(range(passage.start, passage.end))
            planted[passage.kind] += 1
            found[passage.kind] += place <= covered
            secret |= place
        other, lost = other + len(each.text) - len(secret), lost + len(covered - secret)
    return {
        "texts": len(texts),
        "kept": round(1 - lost / other, 4),
        **{
            kind: {"planted": count, "found": found[kind], "share": round(found[kind] / count, 4)}
            for kind, count in sorted(planted.items())
        },
    }
