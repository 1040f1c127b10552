"""Chinese and Japanese names written without a blank: where the last name ends, if that is sure.

A name in Chinese characters does not say which language it is in: 林 is Lin or Hayashi, and 高橋一
may be both. So a name is divided only where its characters or a last name of two leave one reading;
the others stay whole. Korean names are divided by nameparser, whose list of Chinese last names is
used here. (namedivider would divide more Japanese ones, and guess; it brings pandas and lightgbm.)
"""

import re

from nameparser import locales

_HAN = re.compile("[\u3400-\u9fff\uf900-\ufaff々ヶ]{2,5}")
_WITH_KANA = re.compile("([\u3400-\u9fff々ヶ]{1,3})([\u3041-\u309f]{2,5}|[\u30a1-\u30ffー]{2,6})")

# In the list of Chinese last names, but mostly the beginning of another word or of a Japanese name.
_RARE = frozenset("子和明来來松平源花南風风力机归歸兵阿初留支成利")
_CHINESE = frozenset(locales.ZH.lexicon.surnames) - _RARE
# Of these the longer last name is meant, though some begin with another one.
_COMPOUND = frozenset(name for name in _CHINESE if len(name) == 2) | frozenset(
    """
    欧阳 歐陽 司马 司馬 上官 诸葛 諸葛 皇甫 尉迟 尉遲 公孙 公孫 慕容 令狐 长孙 長孫 宇文 司徒
    司空 夏侯 端木 呼延 南宫 南宮 东方 東方 东郭 東郭 西门 西門 独孤 獨孤 拓跋 澹台 濮阳 濮陽
    赫连 赫連 钟离 鍾離 申屠
    """.split()  # noqa: SIM905
)
# The Japanese last names of most people, of two characters and of three.
_JAPANESE = frozenset(
    """
    佐藤 鈴木 高橋 田中 伊藤 渡辺 渡邉 渡邊 山本 中村 小林 加藤 吉田 山田 山口 松本 井上 木村
    斎藤 斉藤 齋藤 齊藤 清水 山崎 池田 橋本 阿部 石川 山下 中島 石井 小川 前田 岡田 長谷 藤田
    後藤 近藤 村上 遠藤 青木 坂本 福田 太田 西村 藤井 金子 藤原 岡本 三浦 中野 中川 原田 松田
    竹内 小野 田村 中山 和田 石田 森田 上田 原口 柴田 酒井 工藤 横山 宮崎 宮本 内田 高木 安藤
    谷口 大野 丸山 今井 高田 藤本 武田 村田 上野 杉山 増田 平野 大塚 千葉 久保 松井 小島 岩崎
    桜井 櫻井 木下 野口 松尾 菊地 菊池 野村 新井 佐野 渡部 杉本 古川 大西 浜田 濱田 島田 市川
    水野 小松 吉川 山内 高野 西田 北村 東山 大久 川口 小山 永井 五島 飯田 樋口 服部 福島 本田
    本間 川崎 川上 秋山 石原 辻本 早川 星野 吉村 須藤 関口 西川 中西 黒田 三宅 荒木 熊谷 大島
    小池 矢野 浅野 荒井 松岡 岩田 伊東 大橋 中田 土屋 内藤 片山 広瀬 高山 田口 小沢 小澤 森本
    沢田 澤田 平田 河野 望月 松村 西山 飯塚 吉岡 白石 大谷 上原 松下 平井 富田 河合 成田 福井
    岡崎 大石 川村 松原 川島 堀内 大川 中沢 高島 野田 安田 永田 田辺 山中 宮田 天野 秋元 岩本
    石塚 根本 馬場 大森 桑原 村山 長尾 柳沢 奥村 菅原 菅野 安部 小田 西尾 津田 三好 児玉 篠原
    黒木 吉野 尾崎 神田 宮下 大西 片岡 栗原 栗田 堀江 平山 落合 滝沢 稲垣 稲葉 榎本 白井 相沢
    古田 古賀 有馬 池上 今村 植田 植木 江口 大竹 大山 織田 海野 梶原 川田 川端 神谷 岸本 北川
    北野 木内 木本 倉田 黒川 桑田 坂口 坂田 笹川 塩田 柴崎 下田 庄司 新田 杉浦 関根 高井 高杉
    高瀬 竹田 竹中 竹本 武井 武藤 立花 田島 谷川 玉井 塚本 鶴田 寺田 土井 徳永 豊田 中井 中原
    永野 長田 長野 二宮 沼田 野崎 萩原 橋口 羽田 浜口 林田 原島 東野 日野 平川 平松 福岡 福本
    藤川 藤沢 藤野 藤村 堀田 本多 牧野 町田 松浦 松永 松野 三上 三木 水谷 溝口 宮川 宮沢 宮原
    村井 村松 森下 森山 森川 矢島 安井 山岡 山根 山村 山脇 湯浅 横田 吉原 米田 若林 和泉 鷲尾
    佐々木 長谷川 五十嵐 久保田 小笠原 宇都宮 大久保 佐久間 長谷部 小野寺
    三ヶ島 日比野 海老原 波多野 阿久津
    曽我部
    東海林 二階堂
    勅使河原
    """.split()  # noqa: SIM905
)
_JAPANESE_SECONDS = frozenset(
    "田川山本村井野原崎島嶋沢澤木橋口塚谷藤瀬部内上下岡坂辺浦森松倉尾津屋宮"
)
# Chinese last names with which Japanese ones of two characters begin as well.
_JAPANESE_FIRSTS = frozenset(
    "高金石田江林古池谷白夏武秦龍宮東吉梅桑柏桂水大小中長永黒荒河安福丸岩関土米柳施石"
)


def divide(name: str) -> tuple[str, str] | None:
    """The last and the first name of a name without a blank; None when that is not sure."""
    if found := _WITH_KANA.fullmatch(name):
        kanji, kana = found.groups()
        known = _japanese_length(kanji)
        if known:
            return name[:known], name[known:]
        return (kanji, kana) if len(kanji) < 3 else None
    if not _HAN.fullmatch(name):
        return None
    end = _end_of_surname(name)
    return (name[:end], name[end:]) if 0 < end < len(name) else None


def _end_of_surname(name: str) -> int:
    length = len(name)
    japanese, is_compound = _japanese_length(name), name[:2] in _COMPOUND
    is_chinese = name[0] in _CHINESE
    if is_compound and not japanese:
        return 2
    if _is_simplified(name) or not _may_be_japanese(name, japanese):
        return 1 if is_chinese and length < 4 else 0
    if is_chinese and length == 3 and japanese == 2:
        return 0  # Mr Takahashi with a first name of one character, or Mr Gao with one of two
    if japanese:
        return japanese
    # Four characters are two and two, unless three make a last name, which is known then.
    return 2 if length == 4 and name[1] in _JAPANESE_SECONDS else 0


def _japanese_length(name: str) -> int:
    """How many characters the Japanese last name has with which a name begins; 0 for none."""
    return next((size for size in (4, 3, 2) if name[:size] in _JAPANESE and len(name) >= size), 0)


def _may_be_japanese(name: str, known: int) -> bool:
    """Whether a name, not simplified, could begin with a Japanese last name of two or more."""
    doubtful = name[0] in _JAPANESE_FIRSTS or name[0] not in _CHINESE
    return bool(known) or len(name) > 3 or (doubtful and name[1] in _JAPANESE_SECONDS)


def _is_simplified(name: str) -> bool:
    """Whether a character is none that Japanese is written with."""
    try:
        name.encode("cp932")
    except UnicodeEncodeError:
        return True
    return False
