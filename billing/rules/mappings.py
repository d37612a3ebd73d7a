"""Shapes of platforms a new installation knows (formats.md 4.4), as data to be edited.

Tencent's times are Unix times; Huawei's are UTC without saying so.
"""

from collections.abc import Mapping, Sequence
from typing import Any

KNOWN_PLATFORMS: Sequence[Mapping[str, Any]] = (
    {
        "name": "tencent-ccc",
        "label": "腾讯云联络中心",
        "rows": "TelCdrs",
        "columns": {
            "caller": "Caller", "callee": "Callee", "started_at": "Time", "direction": "Direction",
            "duration_s": "Duration", "uid": "SessionId", "failure_code": "EndStatus",
        },
        "words": {"direction": {"0": "in", "1": "out"}},
        "codes": {},
        "utc": False,
    },
    {
        "name": "huawei-voice",
        "label": "华为云语音通话",
        "rows": "feeLst",
        "columns": {
            "caller": "callerNum", "callee": "calleeNum", "started_at": "fwdStartTime", "direction": "direction",
            "answered_at": "fwdAnswerTime", "ended_at": "callEndTime", "uid": "sessionId",
            "failure_code": "ulFailReason", "failure_text": "fwdUnaswRsn",
        },
        "words": {"direction": {"0": "out", "1": "in"}},
        "codes": {},
        "utc": True,
    },
)  # fmt: skip
