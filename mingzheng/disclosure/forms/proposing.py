"""拟公示: every passage is shown with its reason; a person covers, adds, or releases with a
cause.
"""

from __future__ import annotations

from typing import Any

from django import forms

from mingzheng.core import clock
from mingzheng.disclosure import redaction
from mingzheng.disclosure.access import correcting
from mingzheng.disclosure.models import PublicFile
from mingzheng.procedures import publishing, registry
from mingzheng.procedures.forms import ActForm, choice, long_text, several, yes_no
from mingzheng.records import law

LAW48 = "《行政处罚法》第四十八条"
ARROW = "→"


class ProposeForm(ActForm):
    """One field a passage: empty covers it, a cause keeps it readable."""

    exempt = choice("有没有依法不予公开的情形", [])
    attached = several("随公示的附件", required=False)
    more = long_text(
        "还要遮盖的词语", rows=3, required=False, help_text="一行一个；全文里每一处都会遮盖"
    )
    amended = long_text(
        "更正处",
        rows=3,
        required=False,
        help_text=f"一行一处，写成：原来的文字 {ARROW} 改正后的文字",
    )
    confirmed = forms.BooleanField(
        label="我已逐处看过预览：该遮盖的都已遮盖，没有遮盖不该遮盖的内容"
    )
    timed = False
    shows = "covering"
    whys = {
        "exempt": (
            "以公开为常态；有列明情形的，不拟公示，改办“依法不予公开”。",
            "《政府信息公开条例》第十三条至第十七条",
        ),
        "more": ("系统没有认出的个人隐私、商业秘密，由人补上。", "《政府信息公开条例》第十五条"),
        "amended": ("只改公示稿里写错的地方；改了什么会一并公开。", "国办发〔2018〕118号 二（一）"),
        "confirmed": ("公示稿发布后不能改，只能更正或者撤下。", LAW48),
    }

    def prepare(self) -> None:
        """A field for each passage that may be released; the parts as the public would read
        them.
        """
        self.offer = publishing.offer(self.record)
        self.held: redaction.Sources | None = None
        self._offer_files()
        grounds = (
            law.regime(self.record)
            .rows("withholding-grounds", clock.today(), registry.facts_of(self.record))
            .rows
        )
        self.choices["exempt"] = [
            ("none", "没有"),
            *(
                (str(row["id"]), f"{row.get('name') or row.get('text')}|{row.get('source', '')}")
                for row in grounds
            ),
        ]
        if not correcting(self.record):
            del self.fields["amended"]
        if self.offer is None:
            return
        self.held = self._corrected(redaction.sources(self.record, self.offer))
        self.passages = self.held.passages(redaction.words(str(self.data.get("more", ""))))
        for each in self.passages:
            if each.releasable:
                self.fields[each.key] = forms.CharField(
                    label=f"“{each.said}”不遮盖的理由",
                    required=False,
                    max_length=200,
                    help_text="留空就遮盖",
                    # The list of passages stands beside the form, not in it.
                    widget=forms.TextInput(attrs={"form": "act"}),
                )
        self.order_fields(
            [
                *[each.key for each in self.passages if each.releasable],
                "exempt",
                "attached",
                "more",
                "amended",
                "confirmed",
            ]
        )

    def _offer_files(self) -> None:
        ready = PublicFile.objects.filter(record=self.record, state=PublicFile.READY).order_by(
            "number"
        )
        self.ready = {str(row.pk): row for row in ready}
        self.choices["attached"] = [
            (key, f"{row.name}|{'；'.join(row.notes)}") for key, row in self.ready.items()
        ]
        if not self.ready:
            del self.fields["attached"]

    def attachments(self) -> list[dict[str, Any]]:
        """The files that go public with the text, as its hash binds them; once the form is
        valid.
        """
        chosen = [self.ready[key] for key in self.cleaned_data.get("attached") or ()]
        return [{"number": row.number, "name": row.name, "sha256": row.public_id} for row in chosen]

    def _corrected(self, held: redaction.Sources) -> redaction.Sources:
        parts = dict(held.parts)
        for old, new in self._pairs():
            parts = {name: text.replace(old, new) for name, text in parts.items()}
        return redaction.Sources(parts, held.policy, held.kinds, held.known)

    def _pairs(self) -> list[tuple[str, str]]:
        if "amended" not in self.fields:
            return []
        lines = [line.partition(ARROW) for line in str(self.data.get("amended", "")).splitlines()]
        return [(old.strip(), new.strip()) for old, arrow, new in lines if arrow and old.strip()]

    def kept(self) -> dict[str, str]:
        """Key of a passage → the cause for which it stays readable."""
        return {
            each.key: cause
            for each in getattr(self, "passages", ())
            if each.releasable and (cause := str(self.data.get(each.key, "")).strip())
        }

    def preview(self) -> dict[str, str]:
        """The parts as the public would read them with the answers so far."""
        return (
            self.held.covered(redaction.words(str(self.data.get("more", ""))), self.kept())
            if self.held
            else {}
        )

    def clean(self) -> dict[str, Any]:
        """Words to cover and words to amend must stand in the text; nothing that a finder sees
        stays without a cause.
        """
        data = super().clean() or {}
        if self.held is None or self.offer is None:
            return data
        if data.get("exempt") not in (None, "none"):
            self.add_error("exempt", "有这种情形的不能拟公示，请改办“依法不予公开”，写明理由并报批")
        whole = "\n".join(self.held.parts.values())
        absent = [word for word in redaction.words(data.get("more", "")) if word not in whole]
        if absent:
            self.add_error("more", f"公示稿里没有“{'”“'.join(absent)}”，请核对后重填")
        self._check_amended(data)
        said = [each.said for each in self.passages if each.key in self.kept()]
        left = self.held.left_over(self.preview(), said)
        if left:
            self.add_error(
                None,
                "还有没遮盖的"
                + "、".join(sorted({each.name for each in left}))
                + "，请补充遮盖后再提交",
            )
        return data

    def _check_amended(self, data: dict[str, Any]) -> None:
        if "amended" not in self.fields or self.offer is None:
            return
        raw = redaction.sources(self.record, self.offer).parts
        lines = [line.strip() for line in data.get("amended", "").splitlines() if line.strip()]
        broken = [line for line in lines if ARROW not in line]
        absent = [old for old, _ in self._pairs() if not any(old in text for text in raw.values())]
        if broken:
            self.add_error(
                "amended", f"没有看懂“{broken[0]}”，请写成：原来的文字 {ARROW} 改正后的文字"
            )
        if absent:
            self.add_error("amended", f"公示稿里没有“{absent[0]}”，请照原文填写")


class FileForm(ActForm):
    """制作公示附件: the files, and whether somebody looked at the pictures in them."""

    looked = yes_no(
        "图片、扫描件里没有需要遮盖的内容，已由人逐页看过",
        help_text="系统认不出图片里的字。有需要遮盖的，请先在图片上遮盖再上传；选“否”时，图片和扫描件不会制作",
    )
    upload = "随公示的附件（PDF、Word、Excel、图片、文本）"
    upload_required = True
    timed = False
    confirm = "公示的是按看得见的内容重新制作的文件，原文件不公开。"
    whys = {
        "looked": (
            "公示的文件重新制作，底下的文字、修订、批注、属性、文件名都不带出去。",
            "《政府信息公开条例》第三十七条",
        )
    }


class ProposePageForm(ActForm):
    """拟公示 a compiled list, guide or chart: it is frozen already, a person has read it."""

    confirmed = forms.BooleanField(label="我已看过全文，内容完整、准确，可以公开")
    timed = False
    shows = "page"
    whys = {"confirmed": ("公示信息发布前要经过审核。", "国办发〔2018〕118号 二（一）")}


class ApproveForm(ActForm):
    """公示报批: the approver is the second person who reads every covered passage."""

    note = long_text("报批说明", rows=2, required=False)
    shows = "publication"
    timed = False
