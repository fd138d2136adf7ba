"""The sentences of made-up penalty decisions: half of them personal, half of them what must stay
readable.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from mingzheng.core.redaction import Known

if TYPE_CHECKING:
    from mingzheng.site.bench.decisions import Page

_FIRMS = (
    "汶上县{}食品有限公司",
    "汶上{}农业专业合作社",
    "济宁{}商贸有限责任公司",
    "汶上县{}餐饮管理有限公司",
)
_BRANDS = "好又来 圣源 泉兴 佳和 鲁西 宝相 丰华 中都 汇通".split()
_LAWS = (
    "《中华人民共和国食品安全法》第三十五条第一款",
    "《中华人民共和国行政处罚法》第二十八条第一款",
    "《食品生产经营监督检查管理办法》第四十条",
    "《中华人民共和国产品质量法》第四十九条",
    "《山东省行政处罚听证程序规定》第六条",
    "《城市市容和环境卫生管理条例》第三十七条",
)
_GOODS = (
    "散装酱牛肉 预包装糕点 黄豆 白酒 复合肥 一次性餐具 香油 电热水壶 儿童座椅 石材 鲜牛奶 高筋面粉"
    " 金银花茶".split()
)
_STAND = (
    (
        "现场检查发现，当事人未能提供上述产品的进货查验记录和供货者的许可证明文件，"
        "执法人员依法制作了现场笔录，并对涉案物品采取了扣押的行政强制措施。"
    ),
    (
        "上述事实，主要有以下证据证明：一是现场笔录一份，证明现场检查的情况；二是询问笔录两份，"
        "证明当事人承认违法事实；三是产品照片六张。"
    ),
    "当事人在法定期限内未提出陈述、申辩意见，也未要求举行听证，视为放弃上述权利。",
    (
        "鉴于当事人积极配合调查，主动消除危害后果，符合从轻处罚的情形，经本局负责人集体讨论，"
        "决定从轻处罚。"
    ),
    (
        "经查明，当事人于上述期间共购进该批产品，货值金额与违法所得均已核实，余下部分尚未售出，"
        "已由本局依法先行登记保存。"
    ),
    (
        "本案于当日立案调查，因案情复杂，经批准延长办案期限，办案程序符合规定，证据确凿充分，"
        "适用法律正确。"
    ),
    "高温季节食品容易变质，经营者应当严格落实主体责任，按照规定的方法和温度贮存，方可对外销售。",
    (
        "执法人员向当事人出示了执法证件，告知其享有陈述、申辩和申请回避的权利，当事人未申请回避，"
        "并在现场笔录和送达回证上签字确认。"
    ),
    (
        "为查明案件事实，本局委托具有资质的检验机构对抽取的样品进行检验，检验结论为不合格，"
        "检验报告依法送达后，当事人在规定的期限内未提出复检申请。"
    ),
    (
        "当事人辩称其不知道该产品不符合标准，本局认为，经营者对所售商品的质量负有查验义务，"
        "未尽到该义务应当承担相应的法律责任，其辩解理由不能成立。"
    ),
    (
        "案件审理过程中，法制审核机构对主体资格、事实证据、法律适用、裁量基准和办案程序进行了审核，"
        "认为事实清楚、证据确凿、定性准确、程序合法、处罚适当。"
    ),
    (
        "综合考虑违法行为的事实、性质、情节和社会危害程度，参照裁量基准，该行为属于较轻情节，"
        "责令改正后未再发现同类问题，产品来源可以追溯。"
    ),
)


def opening(page: Page) -> None:
    """Who it is about."""
    rnd, writer = page.rnd, page.writer
    page.say(
        f"汶市监处罚〔{rnd.randint(2020, 2026)}〕{rnd.randint(1, 900)}号\n行政处罚决定书\n当事人："
    )
    if rnd.random() < 0.35:
        _firm(page)
        return
    name, phone, number = writer.name(), writer.phone(), writer.id_number()
    county, place = writer.address()
    page.known.append(Known("natural", name, number, county + place, phone))
    page.plant("name", name).say(f"，{rnd.choice('男女')}，汉族，身份证号码：").plant(
        "id-number", number
    )
    page.say(f"，住址：{county}").plant("address", place).say("，联系电话：").plant(
        "phone", phone
    ).say("。\n")
    if rnd.random() < 0.3:
        page.say("经营者字号统一社会信用代码：").plant("personal-uscc", writer.uscc("92")).say(
            "。\n"
        )


def _firm(page: Page) -> None:
    rnd, writer = page.rnd, page.writer
    firm, head, code = (
        rnd.choice(_FIRMS).format(rnd.choice(_BRANDS)),
        writer.name(),
        writer.uscc("91"),
    )
    page.known.append(Known("organisation", firm, code, "", "", head))
    page.say(
        f"{firm}，统一社会信用代码：{code}，食品经营许可证编号：JY1370830{writer.digits(7)}，法定代表人："
    ).plant("name", head)
    page.say("，联系电话：").plant(
        "phone", writer.landline() if rnd.random() < 0.5 else writer.phone()
    ).say("。\n")


def facts(page: Page) -> None:
    """What was found, mixed with what happened to others."""
    rnd, writer = page.rnd, page.writer
    day = f"{rnd.randint(2020, 2026)}年{rnd.randint(1, 12)}月{rnd.randint(1, 28)}日"
    party = page.known[0].name if page.known[0].kind == "natural" else page.known[0].representative
    page.say(
        f"{day}，"
        f"本局执法人员{writer.name()}（执法证号：1508{writer.digits(7)}）、{writer.name()}（执法证号：1508{writer.digits(7)}）出示执法证件后，对"
    )
    page.plant("name", party).say(
        f"经营的场所进行检查，发现{rnd.choice(_GOODS)}{rnd.randint(2, 90)}件，"
        f"标价{rnd.randint(10, 900)}.50元，批号{writer.digits(8)}。"
    )
    for _ in range(rnd.randint(2, 4)):
        page.say("".join(rnd.sample(_STAND, 3)))
        rnd.choice(_SENTENCES)(page)
    page.say(
        f"\n上述产品货值金额{rnd.randint(1, 90)}{rnd.randint(100, 999)}元，"
        f"违法所得{rnd.randint(100, 9999)}元。"
    )


def _witness(page: Page) -> None:
    page.say("证人").plant("name", page.writer.name()).say(
        "称，其于当日将货物送至店内，货车车牌号为"
    ).plant("plate", page.writer.plate()).say("。")


def _contract(page: Page) -> None:
    county, place = page.writer.address()
    page.say("当事人与").plant("name", page.writer.name()).say(
        f"签订租赁合同，房屋位于{county}"
    ).plant("address", place).say("，租期三年。")


def _paid(page: Page) -> None:
    page.say("货款通过银行卡支付，收款人").plant("name", page.writer.name()).say("，账号为").plant(
        "bank-card", page.writer.card()
    )
    page.say("，转账金额12800元，流水摘要为货款。")


def _complaint(page: Page) -> None:
    page.say("该线索来自举报，举报人").plant("name", page.writer.name()).say("的电话是").plant(
        "phone", page.writer.phone()
    ).say("，其购买后发现产品已过保质期。")


def _mailed(page: Page) -> None:
    rnd, writer = page.rnd, page.writer
    mail = f"{rnd.choice(('zhao', 'lucky', 'wx_', 'sun.'))}{writer.digits(4)}@{rnd.choice(('qq.com', '163.com', 'mail.example.cn'))}"
    page.say("检验报告发送至电子邮箱").plant("email", mail).say("，当日收悉。")


def _worker(page: Page) -> None:
    page.say("店员").plant("name", page.writer.name()).say("（身份证号").plant(
        "id-number", page.writer.old_id()
    ).say("）在场，能够说明进货情况。")


def _ill(page: Page) -> None:
    page.say("当事人提交病历一份，其").plant("health", "患有高血压").say(
        "，生活困难，请求减轻处罚。"
    )


_SENTENCES = (_witness, _contract, _paid, _complaint, _mailed, _worker, _ill)


def closing(page: Page) -> None:
    """The law and the penalty."""
    rnd, writer = page.rnd, page.writer
    page.say(
        f"\n当事人的行为违反了{rnd.choice(_LAWS)}的规定，依据{rnd.choice(_LAWS)}，"
        f"决定处罚如下：没收违法所得，并处罚款人民币{rnd.randint(1, 9)}0000元（大写：伍万元整）。"
    )
    page.say(
        "当事人应当按照本决定书载明的期限将罚款缴至指定银行。如不服本决定，"
        "可以依法向汶上县人民政府申请行政复议，也可以依法向汶上县人民法院提起行政诉讼。\n"
    )
    if rnd.random() < 0.5:
        page.say("当事人签名：").plant("name", writer.name()).say("\n")
    page.say(
        f"汶上县市场监督管理局\n{rnd.randint(2020, 2026)}年{rnd.randint(1, 12)}月{rnd.randint(1, 28)}日\n"
    )
