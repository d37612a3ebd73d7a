"""What no card is used for, whoever approves it (R3): words in code, so that nobody switches the ban off."""

BY_LAW = {
    "赌博": "刑法 303",
    "非法集资": "刑法 176, 192",
    "传销": "禁止传销条例; 刑法 224-1",
    "刷单返利": "反电信网络诈骗法 2; 刑法 266",
    "套现": "刑法 225",
    "买卖个人信息": "刑法 253-1",
    "收购出售电话卡": "反电信网络诈骗法 31",
    "虚假投资理财": "广告法 28; 刑法 266",
}
