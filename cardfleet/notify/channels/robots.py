"""Group robots of WeCom, DingTalk and Feishu, by their hook addresses.

They answer 200 also when they refuse, with the reason as a number in the body, and count a text in bytes. apprise
looks at neither, so a message that it calls sent may have reached nobody: these three are spoken to directly.
"""

import base64
import hashlib
import hmac
import json
import time
from typing import Any

import requests

from cardfleet.notify.channels.letter import Letter
from cardfleet.notify.errors import Undelivered

CONNECT_S, ANSWER_S = 5, 10
LONGEST_BYTES = 2000
ANSWER_BYTES = 16_384
# Numbers by which a robot says that this address will never work: no such hook, wrong signature, word or network.
FINAL = frozenset({93000, 300001, 300005, 310000, 19001, 19021, 19022, 19024})
FINAL_STATUS = frozenset({400, 401, 403, 404, 405, 410})


def send_wecom(letter: Letter) -> str:
    """Send to a WeCom robot and return its answer. Undelivered."""
    return post(letter.address, {"msgtype": "text", "text": {"content": shortened(letter.text)}})


def send_dingtalk(letter: Letter) -> str:
    """Send to a DingTalk robot, signed when it has a secret, and return its answer. Undelivered."""
    query = {}
    if letter.secret:
        stamp = str(round(time.time() * 1000))
        digest = hmac.digest(letter.secret.encode(), f"{stamp}\n{letter.secret}".encode(), "sha256")
        query = {"timestamp": stamp, "sign": base64.b64encode(digest).decode()}
    return post(letter.address, {"msgtype": "text", "text": {"content": shortened(letter.text)}}, query)


def send_feishu(letter: Letter) -> str:
    """Send to a Feishu robot, signed when it has a secret, and return its answer. Undelivered."""
    body: dict[str, Any] = {"msg_type": "text", "content": {"text": shortened(letter.text)}}
    if letter.secret:
        stamp = str(int(time.time()))
        digest = hmac.digest(f"{stamp}\n{letter.secret}".encode(), b"", hashlib.sha256)
        body |= {"timestamp": stamp, "sign": base64.b64encode(digest).decode()}
    return post(letter.address, body)


def shortened(text: str) -> str:
    """Return a text that fits a robot's 2048 bytes (a Chinese character is three)."""
    encoded = text.encode()
    if len(encoded) <= LONGEST_BYTES:
        return text
    return encoded[:LONGEST_BYTES].decode(errors="ignore") + "…"


def post(address: str, body: dict[str, Any], query: dict[str, str] | None = None) -> str:
    """Post JSON and return the answer; Undelivered unless it is 200 with the number 0."""
    try:
        with requests.post(
            address,
            params=query,
            data=json.dumps(body, ensure_ascii=False).encode(),
            headers={"Content-Type": "application/json; charset=utf-8"},
            timeout=(CONNECT_S, ANSWER_S),
            allow_redirects=False,
            stream=True,
        ) as response:
            said = str(response.raw.read(ANSWER_BYTES, decode_content=True), "utf-8", "replace")
    except requests.RequestException as error:
        # Its text holds the address, which is a secret.
        raise Undelivered(type(error).__name__) from error
    if response.status_code != requests.codes.ok:
        detail = f"HTTP {response.status_code} {said[:200]}"
        raise Undelivered(detail, permanent=response.status_code in FINAL_STATUS)
    refuse_number(said)
    return said[:200]


def refuse_number(said: str) -> None:
    """Undelivered when the answer carries a number other than 0."""
    try:
        answer = json.loads(said)
    except ValueError as error:
        raise Undelivered(f"no robot's answer: {said[:200]}") from error
    number = answer.get("errcode", answer.get("code", 0)) if isinstance(answer, dict) else 0
    if number:
        raise Undelivered(said[:200], permanent=number in FINAL)
