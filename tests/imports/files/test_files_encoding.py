import pytest

GERMAN = "Name,Stadt,Firma\nJörg Müller,Köln,Straßenbau\nÄnne Groß,Lübeck,Bäckerei\n"
SAMPLES = {
    "cp1252": "Nom,Ville,Société\nÉmile Lefèvre,Besançon,Crêperie\nZoé Noël,Orléans,L’Épi d’or\n",
    "cp1250": "Jméno,Město,Firma\nJiří Dvořák,Plzeň,Škoda\nTomáš Kučera,Děčín,Pekařství\n",
    "cp1251": "Имя,Город,Фирма\nИван Петров,Москва,Ромашка\nОльга Смирнова,Казань,Север\n",
    "cp1253": "Όνομα,Πόλη\nΓιώργος Παπαδόπουλος,Αθήνα\nΜαρία Νικολάου,Πάτρα\n",
    "cp1254": "Ad,Şehir,Şirket\nAyşe Yılmaz,İzmir,Güneş\nÇağrı Öztürk,Muğla,Işık\n",
    "cp932": "氏名,会社,役職\n山田太郎,株式会社テスト,部長\n佐藤花子,東京商事,課長\n",
    "gb18030": "姓名,公司,城市\n王小明,北京科技有限公司,北京\n李华,上海贸易公司,上海\n",
    "cp949": "이름,회사,도시\n김철수,한국전자,서울\n이영희,대한무역,부산\n",
    "mac_roman": GERMAN,
    "utf-8": GERMAN,
    "utf-8-sig": GERMAN,
    "utf-16": GERMAN,
    "utf-16-le": GERMAN,
    "utf-16-be": GERMAN,
    "utf-32": GERMAN,
    "utf-32-be": GERMAN,
}


@pytest.mark.parametrize("encoding", SAMPLES)
def test_encoding_is_told_from_a_few_rows(read, encoding):
    text = SAMPLES[encoding]
    table, rows = read(text.encode(encoding))
    lines = [line.split(",") for line in text.splitlines()]
    assert list(table.headers) == lines[0]
    assert [list(row.cells.values()) for row in rows] == lines[1:]


def test_guessed_encoding_is_noted_and_can_be_overridden(read):
    content = SAMPLES["cp1251"].encode("cp1251")
    guessed, _ = read(content)
    assert any("cp1251" in note for note in guessed.notes)
    named, rows = read(content, encoding="koi8-r")
    assert named.encoding == "koi8-r"
    assert rows[0].cells != {"Имя": "Иван Петров", "Город": "Москва", "Фирма": "Ромашка"}


def test_stray_byte_late_in_a_utf8_file_costs_nothing_else(read):
    content = "name,city\n" + "Zoë,Köln\n" * 60_000
    table, rows = read(content.encode() + "René,Orléans\n".encode("cp1252") + "Zoë,Köln\n".encode())
    assert table.encoding == "utf-8"
    assert rows[-2].cells == {"name": "René", "city": "Orléans"}
    assert rows[-1].cells == {"name": "Zoë", "city": "Köln"}
    assert any("not UTF-8" in note for note in table.notes)


def test_code_page_that_shows_only_late_is_still_told(read):
    content = "name,city\n" + "Ana,Ulm\n" * 60_000 + "Jiří Dvořák,Plzeň\nTomáš Kučera,Děčín\n"
    _, rows = read(content.encode("cp1250"))
    assert rows[-1].cells == {"name": "Tomáš Kučera", "city": "Děčín"}


def test_utf16_named_without_a_mark_is_read(read):
    _, rows = read(GERMAN.encode("utf-16-le"), encoding="utf-16")
    assert rows[0].cells["Name"] == "Jörg Müller"
