"""What countries are called: ISO 3166 names in many languages, and what people say instead."""

import gettext
import re
from functools import lru_cache

import pycountry

from leadloom.values.text import fold

_LANGUAGES = (
    *("de", "fr", "es", "it", "pt", "pt_BR", "nl", "sv", "pl", "tr"),
    *("ru", "ar", "zh_CN", "ja", "ko"),
)
_PUNCTUATION = re.compile(r"[^\w&]+")

# Names in everyday use that ISO 3166 does not have, folded, by country.
_ALIASES = {
    "AE": "uae,emirates,vae,eau,vereinigte arabische emirate,emirats arabes unis,emiratos arabes"
    ",الإمارات,الامارات,оаэ",
    "AR": "republica argentina",
    "AT": "a,autriche,osterreich,oesterreich,republik osterreich",
    "AU": "aus,commonwealth of australia",
    "BA": "bosnia,bosnien,bosnia herzegovina,bosnia & herzegovina,bih,bosnie",
    "BE": "belgie,belgique,belgien,flanders,flandern,vlaanderen,wallonia",
    "BG": "balgariya,българия",
    "BO": "bolivien",
    "BR": "brasil,bresil,brasilien,republica federativa do brasil",
    "BY": "belarus,weissrussland,bielorussia,bielorrusia,bielorrussia,bielorussie,белapусь",
    "CA": "kanada",
    "CD": "dr congo,drc,congo kinshasa,democratic republic of congo,congo dr,rdc",
    "CG": "congo brazzaville,republic of congo,republic of the congo",
    "CH": "schweiz,suisse,svizzera,suiza,suica,confoederatio helvetica,helvetia",
    "CI": "ivory coast,elfenbeinkuste,costa de marfil,costa d avorio,costa do marfim",
    "CN": "pr china,prc,p r china,mainland china,volksrepublik china,vr china"
    ",china mainland,中国,中國",
    "CV": "cape verde,kap verde,cap vert",
    "CY": "zypern,republic of cyprus",
    "CZ": "czech republic,czechia,tschechien,tschechische republik,cesko,ceska republika"
    ",republique tcheque,republica checa,repubblica ceca,chequia,tchequie,cechia",
    "DE": "d,brd,ger,deutschland,bundesrepublik deutschland,allemagne,alemania,alemanha,germania"
    ",federal republic of germany,duitsland,niemcy",
    "DK": "danmark",
    "DO": "dominican rep,republica dominicana,rep dominicana,dom rep",
    "EE": "eesti",
    "EG": "مصر",
    "ES": "espana,spanien,espagne,spagna,espanha,kingdom of spain,catalonia,cataluna,catalunya",
    "FI": "suomi",
    "FR": "republique francaise,frankreich,francia,franca,metropolitan france",
    "GB": "uk,u k,great britain,britain,england,scotland,wales,northern ireland,grossbritannien"
    ",великобритания,англия,イギリス,vereinigtes konigreich,royaume uni,grande bretagne,angleterre"
    ",ecosse,regno unito"
    ",gran bretagna,inghilterra,scozia,reino unido,gran bretana,inglaterra,escocia,gra bretanha"
    ",schottland,united kingdom uk,united kingdom of great britain,verenigd koninkrijk",
    "GE": "georgien,sakartvelo",
    "GR": "el,hellas,ellada,griechenland,ελλαδα,ελλας,hellenic republic",
    "HK": "hong kong sar,hongkong,hong kong sar china,hong kong s a r,hk sar,香港",
    "HR": "hrvatska",
    "HU": "magyarorszag",
    "IE": "eire,republic of ireland,ireland republic of,irland",
    "IL": "ישראל",
    "IN": "bharat,republic of india",
    "IR": "persia",
    "IS": "island",
    "IT": "italia,italien,italie,repubblica italiana",
    "JP": "nippon,nihon,日本",
    "KP": "north korea,nordkorea,dprk,corea del norte,coree du nord,corea del nord",
    "KR": "korea,south korea,sudkorea,republic of korea,rok,korea south,corea,coree,coree du sud"
    ",corea del sur,corea del sud,coreia do sul,韩国,韓国,한국,대한민국",
    "LA": "laos",
    "LI": "liechtenstein",
    "LT": "lietuva",
    "LU": "luxemburg,letzebuerg,grand duche de luxembourg,luxemburgo,lussemburgo",
    "LV": "latvija",
    "MD": "moldavia,moldawien,republic of moldova",
    "MK": "macedonia,fyrom,north macedonia,mazedonien,nordmazedonien,macedonia north",
    "MM": "burma,birma,birmanie",
    "MO": "macau,macao sar,macau sar",
    "MX": "mejico,estados unidos mexicanos",
    "MY": "malaysien",
    "NL": "the netherlands,netherlands the,holland,nederland,niederlande,hollande,olanda,holanda"
    ",pays bas,paesi bassi,paises bajos,paises baixos",
    "NO": "norge,noreg",
    "NZ": "aotearoa",
    "PL": "polska",
    "PS": "palestine,palestinian territory,palastina,palestina",
    "RO": "rumania,rumanien,roumanie",
    "RS": "srbija",
    "RU": "russia,russland,russie,rusia,rossija,россия,российская федерация",
    "SA": "ksa,saudi,kingdom of saudi arabia,السعودية,السعوديه",
    "SE": "sverige",
    "SI": "slovenija",
    "SK": "slovakia,slovensko,slovak republic,slowakei",
    "SY": "syria,syrien",
    "SZ": "swaziland",
    "TR": "turkey,turkiye,turkei,turquie,turquia,turchia",
    "TW": "taiwan,taiwan roc,republic of china,臺灣,台灣,台湾",
    "TZ": "tanzania",
    "UA": "ukraina,україна",
    "US": "usa,u s a,u s,united states of america,america,us of a,the united states"
    ",сша,アメリカ,vereinigte staaten,vereinigte staaten von amerika,etats unis"
    ",etats unis d amerique"
    ",estados unidos,estados unidos de america,estados unidos da america,stati uniti"
    ",stati uniti d america,ee uu,eeuu,eua,verenigde staten,amerika",
    "VA": "vatican,vatican city,vatikan,vatikanstadt",
    "VE": "venezuela",
    "VN": "vietnam",
    "XK": "xk,xkx,kosovo,kosova",
    "ZA": "rsa,south africa,sudafrika",
}


def code_of(name: str) -> str | None:
    """The ISO 3166 alpha-2 code of a country's name or code, any case and accents; else None."""
    key = _key(name)
    code = _codes().get(key)
    return code if code or not key.startswith("the ") else _codes().get(key[4:])


@lru_cache(maxsize=1)
def _codes() -> dict[str, str]:
    codes: dict[str, str] = {}
    translate = [
        gettext.translation("iso3166-1", pycountry.LOCALES_DIR, languages=[language]).gettext
        for language in _LANGUAGES
    ]
    for country in pycountry.countries:
        codes[country.alpha_2.lower()] = codes[country.alpha_3.lower()] = country.alpha_2
        for name in _names(country):
            codes.setdefault(_key(name), country.alpha_2)
            for to_language in translate:
                codes.setdefault(_key(to_language(name)), country.alpha_2)
    for code, aliases in _ALIASES.items():
        codes.update((_key(alias), code) for alias in aliases.split(","))
    return codes


def _names(country: object) -> list[str]:
    names = [getattr(country, kind, None) for kind in ("name", "common_name", "official_name")]
    found = [name for name in names if name]
    # "Iran, Islamic Republic of" is also just "Iran".
    return found + [
        name.partition(",")[0] for name in found if name.partition(",")[0] not in _TWINS
    ]


# Two countries share these beginnings.
_TWINS = ("Korea", "Congo", "Virgin Islands", "Saint Helena", "Bonaire", "Micronesia")


def _key(name: str) -> str:
    return _PUNCTUATION.sub(" ", fold(name).replace(" and ", " & ")).strip()
