"""Who it is for: names and phones, alone, asked for, and beside anything else."""

from __future__ import annotations

import pytest

from tests.understanding.support import meaning_of, table, understood

BASKET = ("cheeseburger", "coke")

ASKED = """
Ana => give_contact: {'name': 'Ana'}
it's for Ana Diaz => give_contact: {'name': 'Ana Diaz'}
Ana Diaz, 555-0134 => give_contact: {'name': 'Ana Diaz', 'phone': '555-0134'}
Ana Diaz, ana.d@example.co.uk, 555-0134 => give_contact: {'name': 'Ana Diaz', 'phone': '555-0134'}
555 0134 => give_contact: {'phone': '555 0134'}
five five five, oh one three four => give_contact: {'phone': '5550134'}
Anna, five five five, oh one three four => give_contact: {'name': 'Anna', 'phone': '5550134'}
Anna, 555, 0134, by card => give_contact: {'name': 'Anna', 'phone': '5550134'} + choose_method: card
Anna, five five five, oh one three four, two cokes => give_contact: {'name': 'Anna', 'phone': '5550134'} + add: 2 coke
010, 1234, 5678 => give_contact: {'phone': '01012345678'}
李雷，一三八，零零一三，八零零零 => give_contact: {'name': '李雷', 'phone': '13800138000'}
김민수, 공일공, 일이삼사, 오육칠팔 => give_contact: {'name': '김민수', 'phone': '01012345678'}
Ana 555 0134, 2 cokes => give_contact: {'name': 'Ana', 'phone': '555 0134'} + add: 2 coke
Ana 555 0134, 12 High Street => give_contact: {'name': 'Ana', 'phone': '555 0134'} + give_address: 12 High Street
Ana, 12, 2026 => give_contact: {'name': 'Ana'}
Tom, by card => give_contact: {'name': 'Tom'} + choose_method: card
李雷 => give_contact: {'name': '李雷'}
王小明，13800138000 => give_contact: {'name': '王小明', 'phone': '13800138000'}
叫我小李 => give_contact: {'name': '小李'}
김민수 => give_contact: {'name': '김민수'}
한지민이요 => give_contact: {'name': '한지민'}
이은지입니다 => give_contact: {'name': '이은지'}
박지은 010 9999 8888 => give_contact: {'name': '박지은', 'phone': '010 9999 8888'}
최가은 => give_contact: {'name': '최가은'}
박재이 => give_contact: {'name': '박재이'}
박재이요 => give_contact: {'name': '박재이'}
이은 => give_contact: {'name': '이은'}
남궁지은 => give_contact: {'name': '남궁지은'}
김하나 010 1234 5678 => give_contact: {'name': '김하나', 'phone': '010 1234 5678'}
박지은은 => give_contact: {'name': '박지은'}
박지은이에요 => give_contact: {'name': '박지은'}
박지은님이요 => give_contact: {'name': '박지은'}
김민수입니다 => give_contact: {'name': '김민수'}
김민수요 => give_contact: {'name': '김민수'}
저는 김하나예요 => give_contact: {'name': '김하나'}
현금이요 => choose_method: cash
이천원 => -
오늘 => -
콜라 하나 더 => add: 1 coke
张三 13800138000 => give_contact: {'name': '张三', 'phone': '13800138000'}
李四 => give_contact: {'name': '李四'}
May 555 0100 => give_contact: {'name': 'May', 'phone': '555 0100'}
May 5 => -
Will Young => give_contact: {'name': 'Will Young'}
Al Two 555 0100 => give_contact: {'name': 'Al Two', 'phone': '555 0100'}
Cash Jones => give_contact: {'name': 'Cash Jones'}
Will Young, cash => give_contact: {'name': 'Will Young'} + choose_method: cash
Cash => choose_method: cash
Pickup => choose_fulfilment: pickup
Two Cokes => add: 2 coke
Phone 555 0100 => give_contact: {'phone': '555 0100'}
as soon as possible => give_time: asap
越快越好 => give_time: asap
최대한 빨리요 => give_time: asap
pickup => choose_fulfilment: pickup
自取 => choose_fulfilment: pickup
포장이요 => choose_fulfilment: pickup
by card => choose_method: card
刷卡 => choose_method: card
위챗페이 => choose_method: wechat
pay 45 yuan => give_amount: 4500
付2.99美元 => give_amount: 299
two cokes => add: 2 coke
cancel => cancel
how far is it => order_status
这里远吗 => -
어디 있나요? => -
%s <b> => -
"""

ASKED += """
나영이요 => give_contact: {'name': '나영'}
아이유요 010 1234 5678 => give_contact: {'name': '아이유', 'phone': '010 1234 5678'}
예약하고 싶은데요 => -
"""

ASIDE = """
13912345678, cash => give_contact: {'phone': '13912345678'} + choose_method: cash
a latte, pickup, Ana 555 0134, WeChat => add: 1 latte + choose_fulfilment: pickup + give_contact: {'name': 'Ana', 'phone': '555 0134'} + choose_method: wechat
two brownies to go for Eve Lee 212 555 0177 by card => add: 2 brownie + choose_fulfilment: pickup + give_contact: {'name': 'Eve Lee', 'phone': '212 555 0177'} + choose_method: card
delivery to 12 High Street, Ana, 555 0134 => choose_fulfilment: delivery + give_address: 12 High Street + give_contact: {'name': 'Ana', 'phone': '555 0134'}
一杯拿铁，自取，李雷13800138000，微信 => add: 1 latte + choose_fulfilment: pickup + give_contact: {'name': '李雷', 'phone': '13800138000'} + choose_method: wechat
라떼 한 잔 포장이요, 김민수 010-1234-5678, 위챗페이 => add: 1 latte + choose_fulfilment: pickup + give_contact: {'name': '김민수', 'phone': '010-1234-5678'} + choose_method: wechat
一个芝士汉堡套餐，自取 小王 现金 => add: 1 cheeseburger_meal + choose_fulfilment: pickup + give_contact: {'name': '小王'} + choose_method: cash
老王，自取 => give_contact: {'name': '老王'} + choose_fulfilment: pickup
一杯小可乐 => add: 1 coke small
妈妈姓刘，电话13800138000 => give_contact: {'name': '刘', 'phone': '13800138000'}
번호는 공일공에 이이삼삼에 사사오오예요 => give_contact: {'phone': '01022334455'}
이름은 하정우 공일공에 일이삼사에 오육칠팔 => give_contact: {'name': '하정우', 'phone': '01012345678'}
포장 김하늘 010-2323-4545 여섯 시 반 => choose_fulfilment: pickup + give_contact: {'name': '김하늘', 'phone': '010-2323-4545'} + give_time: 18:30
번호 잘못 말했어요 010-1234-5670이에요 => give_contact: {'phone': '010-1234-5670'}
20 cheeseburgers for my office party, delivered to 5 Lake Road => add: 20 cheeseburger + choose_fulfilment: delivery + give_address: 5 Lake Road
a burger recipe for my office party => -
1000000 cokes => add: 1000000 coke
"""  # noqa: E501

ADDRESS_ASKED = """
Ana 555 0134 => give_contact: {'name': 'Ana', 'phone': '555 0134'}
김민수 010-1234-5678 => give_contact: {'name': '김민수', 'phone': '010-1234-5678'}
12 High Street, Ana, 555 0134 => give_address: 12 High Street + give_contact: {'name': 'Ana', 'phone': '555 0134'}
北京路5号，李雷 13800138000 => give_address: 北京路5号 + give_contact: {'name': '李雷', 'phone': '13800138000'}
"""


@pytest.mark.parametrize(("text", "acts"), table(ASKED))
def test_a_name_asked_for_is_never_what_means_something_else(text: str, acts: str) -> None:
    assert understood(text, basket=BASKET, expects="contact") == acts


@pytest.mark.parametrize(("text", "acts"), table(ASIDE))
def test_name_and_phone_beside_anything_else(text: str, acts: str) -> None:
    assert understood(text) == acts


@pytest.mark.parametrize(("text", "acts"), table(ADDRESS_ASKED))
def test_a_phone_is_no_address(text: str, acts: str) -> None:
    assert understood(text, basket=BASKET, expects="address") == acts


def test_an_email_address_is_one_word() -> None:
    assert meaning_of("Ana Diaz, ana.d@example.co.uk", expects="contact").leftover == ("ana.d@example.co.uk",)


@pytest.mark.parametrize(
    ("language", "text", "name"),
    [
        ("zh", "那英 13800138000", "那英"),
        ("zh", "人杰 13800138000", "人杰"),
        ("zh", "好的王芳 13800138000", "王芳"),
        ("zh", "嗯王吧 13800138000", "王"),
        ("ko", "은지원 010-1234-5678", "은지원"),
        ("ko", "저는 김민재 010-1234-5678", "김민재"),
    ],
)
def test_a_name_keeps_every_letter(language: str, text: str, name: str) -> None:
    phone = "010-1234-5678" if language == "ko" else "13800138000"
    said = understood(text, language=language, expects="contact")
    assert said == f"give_contact: {{'name': '{name}', 'phone': '{phone}'}}"


@pytest.mark.parametrize("text", ["박서준이요", "김민수입니다"])
def test_a_korean_name_before_it_is_asked_for_is_asked_about(text: str) -> None:
    meaning = meaning_of(text, "burger-bar", "ko", expects="basket", basket=("coke",), missing=("name",))
    assert [act.value for act in meaning.ask[0].candidates] == [{"name": text[:3]}]
