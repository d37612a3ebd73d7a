"""Provinces in the words of carriers' details and of card files (R49)."""

import re

PROVINCES = (
    *("北京", "天津", "河北", "山西", "内蒙古", "辽宁", "吉林", "黑龙江", "上海", "江苏", "浙江", "安徽"),
    *("福建", "江西", "山东", "河南", "湖北", "湖南", "广东", "广西", "海南", "重庆", "四川", "贵州"),
    *("云南", "西藏", "陕西", "甘肃", "青海", "宁夏", "新疆", "香港", "澳门", "台湾"),
)
NAMED = re.compile("|".join(PROVINCES))


def province_of(place: str) -> str:
    """Return the province a place names, or nothing: a city without its province is no ground for a finding."""
    named = NAMED.search(place)
    return named[0] if named else ""
