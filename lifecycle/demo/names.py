"""Invented names; nobody is meant."""

from random import Random

SURNAMES = (
    "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧"
    "程曹袁邓许傅沈曾彭吕苏卢蒋蔡贾丁魏薛叶阎余潘杜戴夏钟汪田任姜"
)
GIVEN_PAIRS = (
    "晓雯嘉怡俊哲思远雨桐凯文子昊欣然悦宁浩轩佳琪明磊诗涵宇航梓萱一鸣若溪天佑安然景行"
    "书瑶云舒知夏沐阳清扬语嫣子墨念慈修远乐天映雪望舒亦凡可心致远采薇文博雅琴海涛秋实"
    "晨曦月明立群静姝长风南星北辰小满谷雨立秋初晴向荣承志怀瑾如松朝阳听雨卓然思齐含章"
)
GIVEN = [GIVEN_PAIRS[at : at + 2] for at in range(0, len(GIVEN_PAIRS), 2)]
SUPERVISOR, FINANCE, COMPLIANCE, ADMINISTRATOR, AGENT = "周敏", "何静", "沈澄", "林岚", "许诺"
TAKEN = frozenset({SUPERVISOR, FINANCE, COMPLIANCE, ADMINISTRATOR, AGENT})


def names(count: int, rng: Random) -> list[str]:
    """Return that many names, all different; past the few thousand there are, they carry a number."""
    free = [surname + given for surname in SURNAMES for given in GIVEN if surname + given not in TAKEN]
    rng.shuffle(free)
    rounds, rest = divmod(count, len(free))
    numbered = [f"{name}{turn}" if turn else name for turn in range(rounds + 1) for name in free]
    return numbered[: rounds * len(free) + rest]
