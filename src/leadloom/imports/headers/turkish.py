"""Header names in Turkish. A '?' behind a field: the values decide (see `judge`)."""

HEADERS = {
    "name?": "isim",
    "full_name": """ad soyad, adı soyadı, isim soyisim, ad ve soyad, yetkili, yetkili kişi, ilgili
        kişi, tam ad, ad-soyad, katılımcı""",
    "first_name": "ad, adı, ilk ad",
    "middle_name": "ikinci ad",
    "last_name": "soyad, soyadı, soyisim",
    "name_prefix": "hitap",
    "title": "unvan, ünvan, görev, pozisyon, meslek, görevi, iş unvanı",
    "department": "departman, bölüm",
    "email": "e-posta, eposta, e-posta adresi, eposta adresi, mail adresi",
    "phone": """telefon, telefon numarası, cep telefonu, cep, cep tel, gsm, gsm no, iş telefonu,
        telefon no, sabit telefon""",
    "company": "şirket, firma, şirket adı, firma adı, kurum, kuruluş, işyeri, kurum adı",
    "website": "web sitesi, internet sitesi, web adresi",
    "street": "adres, sokak",
    "city": "şehir, il, ilçe",
    "state": "bölge, eyalet",
    "postal_code": "posta kodu",
    "country": "ülke",
    "industry": "sektör",
    "tags": "etiketler, etiket, grup",
    "notes": "notlar, not, açıklama, yorum",
    "status?": "durum, aşama",
    "company.employee_count?": "çalışan sayısı",
    "company.revenue": "ciro",
    "opt_out": "abonelikten çıktı",
    "opt_in": "onay, izin, izinli",
}

QUALIFIERS = "iş, ev, kişisel"
PERSON = "kişi, müşteri"
COMPANY = "şirket, firma"
SMALL_WORDS = "ve"
