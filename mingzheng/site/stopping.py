"""What people read who are turned away: one page for every reason, with what to do. The phone, the
uploads and the ledger get the same sentence in their own form.
"""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.template.loader import render_to_string
from django.urls import reverse

TEXT = "text/plain; charset=utf-8"


def stopped(
    request: HttpRequest, status: int, title: str, advice: str, wait: int = 0
) -> HttpResponse:
    """The answer with this status; `wait` seconds are said to programs too."""
    answer = _said(request.path_info, status, title, advice)
    if wait:
        answer["Retry-After"] = str(wait)
    answer["Cache-Control"] = "no-store"
    return answer


def _said(path: str, status: int, title: str, advice: str) -> HttpResponse:
    sentence = f"{title}。{advice}"
    if path.startswith(reverse("capture:capture") + "/"):
        return JsonResponse({"state": "refused", "say": sentence, "missing": []}, status=status)
    if path.startswith((reverse("evidence:uploads"), reverse("portal:witness_add"))):
        return HttpResponse(f"{sentence}\n", status=status, content_type=TEXT)
    page = render_to_string(
        "site/stopped.html", {"status": status, "title": title, "advice": advice}
    )
    return HttpResponse(page, status=status)


def unreadable(request: HttpRequest, fault: str) -> HttpResponse:
    """400: it cannot be what somebody meant."""
    return stopped(
        request,
        400,
        f"{fault}，没有受理",
        "请返回上一页，删去看不见的或者无法显示的字符后重新提交。",
    )


def absent(request: HttpRequest) -> HttpResponse:
    """404, word for word as everywhere."""
    from mingzheng.site.errors import not_found

    return not_found(request)


def unmeasured(request: HttpRequest) -> HttpResponse:
    """411: how much would come is not said."""
    return stopped(request, 411, "没有说明内容有多长，没有受理", "请用浏览器从本系统的页面提交。")


def too_large(request: HttpRequest, most: int) -> HttpResponse:
    """413: before anything of it was read."""
    size = f"{most >> 20} MB" if most >= 1 << 20 else f"{most >> 10} KB"
    return stopped(
        request,
        413,
        "发来的内容太大，没有收下",
        f"这里一次最多收 {size}。请减少文字或者附件后重新提交；照片、录像请用页面上的上传。",
    )


def too_often(request: HttpRequest, wait: int) -> HttpResponse:
    """429: and when to come again."""
    when = f"{wait} 秒" if wait < 90 else f"{-(-wait // 60)} 分钟"
    return stopped(
        request,
        429,
        "提交得太频繁，这一次没有受理",
        f"请 {when}后再试。急事请按公示的电话联系该单位。",
        wait,
    )
