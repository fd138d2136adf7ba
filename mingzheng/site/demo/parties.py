"""Invented counterparts with valid check digits."""

from __future__ import annotations

from typing import Any

from mingzheng.agencies.identifiers import citizen_check, uscc_check

_COMPANIES = {
    "wg": (
        "山东汶泉建材有限公司",
        "汶上县鲁沣铸造有限公司",
        "汶上县中都机械制造有限公司",
        "山东佛都纸业有限公司",
        "汶上县康驿水泥制品有限公司",
        "山东南旺陶瓷有限公司",
        "汶上县苑庄化工有限公司",
        "山东莲花湖食品有限公司",
        "汶上县义桥煤化有限公司",
        "汶上县刘楼纺织有限公司",
        "山东次邱热力有限公司",
        "汶上县白石石材有限公司",
        "汶上县军屯锻压有限公司",
        "山东杨店玻璃有限公司",
        "汶上县郭仓电子有限公司",
        "汶上县郭楼包装有限公司",
        "山东寅寺橡塑有限公司",
        "汶上县次丘建材有限公司",
        "山东汶水新能源有限公司",
        "汶上县大汶河矿业有限公司",
    ),
    "lm": (
        "陵川县太行文化促进会",
        "陵川县棋源山徒步协会",
        "陵川县崇文书画研究会",
        "陵川县安康养老服务中心",
        "陵川县夕阳红老年公寓",
        "陵川县同心社会工作服务中心",
        "陵川县黄围山民俗研究会",
        "陵川县礼义信鸽协会",
        "陵川县平城养老院",
        "陵川县古郊农民运动会促进会",
    ),
    "lg": (
        "陵川县山河锻压有限公司",
        "陵川县玉泉新材料有限公司",
        "陵川县太行云母制品有限公司",
        "陵川县沐川精密铸造有限公司",
        "陵川县清峪河水泥有限公司",
        "陵川县秦家庄陶瓷有限公司",
    ),
    "fc": ("陵川县附城镇丁字路口烧烤店", "陵川县附城镇夏壁小吃店"),
}
_PREFIX = {"wg": "91370830MA", "lm": "51140524MJ", "lg": "91140524MA", "fc": "92140524MA"}
_NAMES = (
    "牛晋川",
    "靳远山",
    "申林生",
    "赵有福",
    "马国强",
    "冯建设",
    "郭来喜",
    "常满仓",
    "路秋生",
    "侯玉堂",
)


def company(body: str, index: int) -> dict[str, Any]:
    """The index-th organisation of a place, as the source form wants it."""
    head = f"{_PREFIX[body]}{index:03d}X{index * 37 % 1000:03d}"
    names = _COMPANIES[body]
    town = {
        "wg": "汶上县经济开发区",
        "lm": "陵川县崇文镇",
        "lg": "陵川县礼义镇工业园",
        "fc": "陵川县附城镇",
    }[body]
    return {
        "kind": "individual-business" if body == "fc" else "organisation",
        "name": names[index % len(names)],
        "identifier": head + uscc_check(head),
        "representative": _NAMES[index % len(_NAMES)],
        "address": f"{town}{index + 1}号",
        "phone": f"1380000{index:04d}",
    }


def citizen(index: int) -> dict[str, Any]:
    """An invented villager."""
    head = f"140524{1960 + index}0{1 + index % 9}1{index % 9}{100 + index * 2 + 1}"
    return {
        "kind": "natural",
        "name": _NAMES[(index + 3) % len(_NAMES)],
        "identifier": head + citizen_check(head),
        "address": f"陵川县附城镇夏壁村{index + 1}组",
        "phone": f"1390000{index:04d}",
    }
