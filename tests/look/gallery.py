"""The view of the gallery and its invented data: the same Friday as the mockups."""

from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from types import SimpleNamespace

from django import forms
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.template import engines
from django.template.loader import render_to_string

from cardfleet.kernel.errors import Reason, Refusal
from cardfleet.kernel.ui import FAMILIES, Chart, Column

HERE = Path(__file__).parent
PENDING = [f"11-{day:02}" for day in range(1, 21)]
CALLS = [120, 132, 0, 0, 125, 141, 150, 138, 129, 148, 0, 0, 144, 139, 152, 149, 160, 0, 171, 162]


@dataclass(frozen=True, kw_only=True)
class Row:
    """One card of the invented fleet."""

    msisdn: str
    iccid: str
    plan: str
    state: str
    why: str
    holder: str
    team: str
    balance: Decimal
    runway: str
    calls: int
    risk: int | None
    driver: str
    custody: str


ROWS = [
    Row(
        msisdn="+8613800002417",
        iccid="89860000000000009026",
        plan="语音畅打 59",
        state="forced_stop",
        why="投诉 · 09:12 起",
        holder="李晓雯",
        team="华东一组",
        balance=Decimal("28.90"),
        runway="—",
        calls=12,
        risk=None,
        driver="有效投诉 2 起",
        custody="issued",
    ),
    Row(
        msisdn="+8618600000932",
        iccid="89860000000000004418",
        plan="商务语音 59",
        state="full_stop",
        why="欠费 · 10:26 起",
        holder="王俊杰",
        team="华东二组",
        balance=Decimal("-46.20"),
        runway="已欠费",
        calls=41,
        risk=None,
        driver="欠费未缴",
        custody="issued",
    ),
    Row(
        msisdn="+8613900004406",
        iccid="89860000000000007714",
        plan="语音畅打 89",
        state="active",
        why="",
        holder="赵雨桐",
        team="华东二组",
        balance=Decimal("61.20"),
        runway="19 天",
        calls=162,
        risk=91,
        driver="短通话占比 62%",
        custody="issued",
    ),
    Row(
        msisdn="+8618600003409",
        iccid="89860000000000007760",
        plan="商务语音 59",
        state="voluntary_stop",
        why="至 2027-01-31",
        holder="无持有人",
        team="已收回",
        balance=Decimal("12.00"),
        runway="保号 ¥5/月",
        calls=0,
        risk=8,
        driver="无突出因素",
        custody="in_stock",
    ),
]
COLUMNS = [
    Column(label="号码 / ICCID", sort="msisdn"),
    Column(label="运营商 · 套餐", css="off-phone"),
    Column(label="状态（原因）", sort="state"),
    Column(label="持有人 · 班组"),
    Column(label="余额 / 可用", sort="balance", css="num"),
    Column(label="今日呼出 / 上限"),
    Column(label="风险", sort="risk"),
    Column(label="保管", css="off-phone"),
]
REFUSED = Refusal(
    message="有 2 条未满足，其余 4 条已满足。",
    reasons=[
        Reason(
            code="training",
            message="合规培训已于 11-16 到期",
            clears="完成「电话营销合规」后自动放行，约 25 分钟",
            clear_url="/",
        ),
        Reason(code="actual_user", message="使用人登记为 吴佳琪", clears="到运营商变更使用人后上传回执", clear_url="/"),
        Reason(code="cell", message="不是一个日期", line=17, column="激活日期", value="2026-02-31"),
    ],
)
CHART = Chart(
    id="calls",
    title="呼出量与上限",
    option={
        "xAxis": {"type": "category", "data": PENDING},
        "yAxis": {"type": "value", "max": 240},
        "tooltip": {"trigger": "axis"},
        "series": [
            {
                "type": "bar",
                "name": "呼出",
                "barWidth": 11,
                "data": [
                    {"value": n, "itemStyle": {"color": "tone:orange" if n >= 160 else "tone:azure"}} for n in CALLS
                ],
                "markLine": {
                    "symbol": "none",
                    "silent": True,
                    "data": [
                        {
                            "yAxis": 200,
                            "lineStyle": {"color": "tone:red", "type": "solid"},
                            "label": {"formatter": "上限 200", "position": "insideEndTop", "color": "ink:red"},
                        },
                        {
                            "yAxis": 160,
                            "lineStyle": {"color": "tone:orange"},
                            "label": {"formatter": "预警 160", "position": "insideEndTop", "color": "ink:orange"},
                        },
                    ],
                },
            }
        ],
    },
    heads=["日期", "呼出"],
    rows=list(zip(PENDING, CALLS, strict=True)),
)


class ReadingForm(forms.Form):
    """One field of each sort."""

    name = forms.CharField(label="名称", help_text="工号、姓名或拼音首字母")
    carrier = forms.ChoiceField(label="运营商", choices=[("cm", "中国移动"), ("cu", "中国联通")])
    read_on = forms.DateField(label="读数日期", widget=forms.DateInput(attrs={"type": "date"}))
    file = forms.FileField(label="文件")
    note = forms.CharField(label="备注", widget=forms.Textarea(attrs={"rows": 2}), required=False)
    sure = forms.BooleanField(label="我已核对")


def page(request: HttpRequest) -> HttpResponse:
    """The gallery."""
    template = engines["django"].from_string((HERE / "gallery.html").read_text("utf-8"))
    context = {
        "families": {name: list(values) for name, values in FAMILIES.items()},
        "columns": COLUMNS,
        "rows": ROWS,
        "refusal": REFUSED,
        "met": ["服务状态正常", "实名有效", "余额充足", "无拦截规则"],
        "chart": CHART,
        "form": ReadingForm({"name": "", "carrier": "cm"}),
        "clean_form": ReadingForm(),
        "page_obj": Paginator(range(312), 12).page(2),
        "job": SimpleNamespace(state="partial", total=40, processed=40, succeeded=36, refused=4, error=""),
        "since": datetime(2026, 11, 20, 2, 52, tzinfo=UTC),
        "numbers": {"all": Decimal("24816.40"), "over": Decimal("-128.4"), "calls": 333785},
    }
    return HttpResponse(template.render(context, request))


def refuse(request: HttpRequest) -> HttpResponse:
    """A button's refusal, as the middleware answers it."""
    return HttpResponse(render_to_string("errors/refusal.html", {"refusal": REFUSED}, request), status=409)


def job(request: HttpRequest) -> HttpResponse:
    """A job that has ended by the time it is asked for."""
    done = SimpleNamespace(state="done", total=40, processed=40, succeeded=40, refused=0, error="")
    context = {"job": done, "ended": True, "url": request.path, "title": "批量归还 40 张"}
    return HttpResponse(render_to_string("components/job.html", context, request))
