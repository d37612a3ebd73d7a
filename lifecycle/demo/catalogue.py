"""The invented company: its tree, its plans, contracts and registrants."""

from dataclasses import dataclass
from decimal import Decimal

from cards.choices import Payment, Purpose
from lifecycle.demo.numbers import credit_code

COMPANY = "云帆集团公司"
SITES = {"华东": ("华东一组", "华东二组"), "华南": ("华南一组", "华南二组"), "西南": ("西南一组",)}
REGIONS = {"华东": ("上海", "杭州", "南京"), "华南": ("广州", "深圳"), "西南": ("成都", "重庆")}
CABINETS = {"华东": "上海 卡柜", "华南": "广州 卡柜", "西南": "成都 卡柜"}
TEAMS = [team for teams in SITES.values() for team in teams]
PURPOSES = {"华东二组": Purpose.SERVICE, "西南一组": Purpose.CALL_BACK}
"""What the teams' cards are for, where it is not sales."""
CENTRES = {
    "华东一组": "CC-3101",
    "华东二组": "CC-3102",
    "华南一组": "CC-4401",
    "华南二组": "CC-4402",
    "西南一组": "CC-5101",
}
"""The teams' cost centres in the books."""
SITE_OF = {team: site for site, teams in SITES.items() for team in teams}


@dataclass(frozen=True, kw_only=True)
class Plan:
    """What a carrier sells: CNY a month, minutes included, CNY a minute beyond. `share` is its part of the fleet."""

    carrier: str
    name: str
    fee: Decimal
    minutes: int
    beyond: Decimal
    share: int
    payment: Payment = Payment.PREPAID
    tariff_no: str = ""


PLANS = (
    Plan(
        carrier="cmcc",
        name="语音畅打 59",
        fee=Decimal(59),
        minutes=330,
        beyond=Decimal("0.15"),
        share=25,
        tariff_no="示例 24CM10059",
    ),
    Plan(
        carrier="cmcc",
        name="语音畅打 89",
        fee=Decimal(89),
        minutes=500,
        beyond=Decimal("0.12"),
        share=20,
        tariff_no="示例 24CM10089",
    ),
    Plan(
        carrier="cucc",
        name="商务语音 59",
        fee=Decimal(59),
        minutes=330,
        beyond=Decimal("0.15"),
        share=20,
        payment=Payment.POSTPAID,
        tariff_no="示例 24CU20059",
    ),
    Plan(
        carrier="ctcc",
        name="天翼语音 79",
        fee=Decimal(79),
        minutes=400,
        beyond=Decimal("0.12"),
        share=22,
        tariff_no="示例 24CT30079",
    ),
    Plan(
        carrier="cbn",
        name="基础 29",
        fee=Decimal(29),
        minutes=150,
        beyond=Decimal("0.19"),
        share=5,
        tariff_no="示例 24CB40029",
    ),
    Plan(
        carrier="huaxiang",
        name="大语音卡 99",
        fee=Decimal(99),
        minutes=2000,
        beyond=Decimal("0.10"),
        share=8,
        tariff_no="示例 24HX50099",
    ),
    # Sold, but held by no card: what others could be changed to.
    Plan(carrier="cmcc", name="语音轻享 29", fee=Decimal(29), minutes=100, beyond=Decimal("0.15"), share=0),
    Plan(carrier="cucc", name="商务语音 39", fee=Decimal(39), minutes=150, beyond=Decimal("0.15"), share=0),
    Plan(carrier="ctcc", name="天翼语音 49", fee=Decimal(49), minutes=200, beyond=Decimal("0.12"), share=0),
    Plan(carrier="huaxiang", name="大语音卡 59", fee=Decimal(59), minutes=1000, beyond=Decimal("0.10"), share=0),
)
SHARED_CARRIER = "cucc"  # one account for all its cards (集团统付)
SHARED_CREDIT = Decimal(30_000)


@dataclass(frozen=True, kw_only=True)
class Holder:
    """A company in whose name cards are. `proof_in` is in how many days its proof ends."""

    name: str
    code: str
    proof_in: int


REGISTRANTS = {
    "华东": Holder(name="上海云帆信息服务有限公司（示例）", code=credit_code("CARDFLEE"), proof_in=420),
    "华南": Holder(name="广州云帆电子商务有限公司（示例）", code=credit_code("CARDFLET"), proof_in=300),
    "西南": Holder(name="成都云帆网络科技有限公司（示例）", code=credit_code("CARDFLEX"), proof_in=25),
}


@dataclass(frozen=True, kw_only=True)
class Terms:
    """A contract with a carrier; days from the reference day."""

    carrier: str
    number: str
    starts: int
    ends: int
    number_change_banned: bool = False


CONTRACTS = {
    terms.carrier: terms
    for terms in (
        Terms(carrier="cmcc", number="YF-CMCC-2025-01", starts=-340, ends=210, number_change_banned=True),
        Terms(carrier="cucc", number="YF-CUCC-2025-02", starts=-500, ends=230),
        Terms(carrier="ctcc", number="YF-CTCC-2025-01", starts=-280, ends=85),
        Terms(carrier="cbn", number="YF-CBN-2026-01", starts=-150, ends=25),
        Terms(carrier="huaxiang", number="YF-HX-2026-03", starts=-200, ends=165, number_change_banned=True),
    )
}
DAILY_CALL_LIMIT = 200
